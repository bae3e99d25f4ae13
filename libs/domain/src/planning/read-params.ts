import { PARAM_TYPES, type ParamDef } from './pack';
import { choicesOf } from './read-choices';
import { flag, json, list, object, oneOf, optional, type Reader, text, upTo } from './shape';

const NAME = /^[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*$/;
/** Names stand in addresses, labels and keys of the store: longer ones could be stored and never named again. */
const MAX_NAME = 100;
const MAX_VERSION = 40;

/** A name that no object has by itself: `constructor` would be found where nobody put it. */
export function ownName(read: Reader<string>): Reader<string> {
  const short = upTo(MAX_NAME, read);
  return (value, at, problems) => {
    const taken = typeof value === 'string' && value in Object.prototype;
    if (taken)
      problems.push({ at, problem: `should be another name: "${value}" has a meaning in the language of tools` });
    return taken ? value : short(value, at, problems);
  };
}

/** Name of a pack, a task, a method, a predicate. */
export const dottedName = ownName(
  text(NAME, 'a name such as data.report (lower-case letters and digits, joined by . _ or -)'),
);

/** Version of a pack. */
export const version = upTo(MAX_VERSION, text(/^\d+\.\d+\.\d+(?:-[A-Za-z0-9.]+)?$/, 'a version such as 1.0.0'));

/**
 * A parameter of a task.
 *
 * @param identifier how the language of the pack names parameters
 */
export function paramOf(identifier: Reader<string>): Reader<ParamDef> {
  return object<ParamDef>({
    name: identifier,
    type: oneOf(PARAM_TYPES),
    required: optional(flag),
    default: optional(json),
    summary: optional(text()),
    endings: optional(list(text(/^[a-z0-9]+$/, 'an ending such as csv'))),
    choices: optional(choicesOf),
    frames: optional(list(text(/^(?:\S+ )*\*(?: \S+)*$/, 'words with a * for the value'))),
  });
}
