import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const folder = join(root, 'temporal');

/**
 * Reads Temporal's dynamic configuration files of the simple form we keep to: `key:` followed by one `- value: JSON`
 * without constraints (the one-machine server takes flags, which have none).
 * @returns {Map<string, unknown>}
 * @throws when a line has another form, naming file and line
 */
export function parseDynamicConfig(text, name = 'dynamic configuration') {
  const values = new Map();
  let key = null;
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/\s+$/, '');
    const where = `${name}, line ${index + 1}`;
    if (line === '' || /^\s*#/.test(line)) return;
    const keyMatch = /^([A-Za-z][\w.]*):$/.exec(line);
    const valueMatch = /^ {2}- value: (.+)$/.exec(line);
    if (keyMatch && key === null) key = keyMatch[1];
    else if (valueMatch && key !== null) {
      if (values.has(key)) throw new Error(`${where}: ${key} is set twice`);
      values.set(key, parseValue(valueMatch[1], where));
      key = null;
    } else throw new Error(`${where}: expected "key:" and then "  - value: JSON", found "${line}"`);
  });
  if (key !== null) throw new Error(`${name}: ${key} has no value`);
  return values;
}

function parseValue(text, where) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${where}: the value ${text} is not JSON (write strings in double quotes)`);
  }
}

/** Lines `Name=Type` as pairs. */
export function parseSearchAttributes(text, name = 'search attributes') {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/#.*/, '').trim();
    if (line === '') return [];
    const match = /^([A-Za-z]\w*)=(Keyword|Text|Int|Double|Bool|Datetime|KeywordList)$/.exec(line);
    if (!match) throw new Error(`${name}, line ${index + 1}: expected Name=Type, found "${line}"`);
    return [{ name: match[1], type: match[2] }];
  });
}

const read = (file) => readFileSync(join(folder, file), 'utf8');

/** The base file with the few-shards overlay on top, as one map. */
export function fewShardsConfig() {
  const files = ['dynamicconfig/base.yaml', 'dynamicconfig/few-shards.yaml'];
  return new Map(files.flatMap((file) => [...parseDynamicConfig(read(file), `temporal/${file}`)]));
}

export function searchAttributes() {
  return parseSearchAttributes(read('search-attributes.txt'), 'temporal/search-attributes.txt');
}

/** Version of the Temporal CLI that temporal/go.mod pins, without the v. */
export function pinnedEngineVersion() {
  const match = /^\s*github\.com\/temporalio\/cli v(\S+)/m.exec(read('go.mod'));
  if (!match) throw new Error('temporal/go.mod does not require github.com/temporalio/cli');
  return match[1];
}
