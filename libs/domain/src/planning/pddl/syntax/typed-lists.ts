import type { Typed } from '../model';
import {
  asList,
  asName,
  endsTooSoon,
  headOf,
  isName,
  isVariable,
  spelling,
  takenName,
  unknownName,
  wrong,
} from './forms';
import type { List, Node, Word } from './s-expression';
import { OBJECT, type TypeTree } from './type-tree';

/** Words with the types written behind them; `types` is null where none was written. */
export interface TypedWord {
  readonly word: Word;
  readonly types: readonly Word[] | null;
}

/**
 * `a b - t c - (either t u) d`, as variables or as names.
 *
 * @param from where in the list it begins
 * @throws {PddlSyntaxError} for anything else
 */
export function readTypedWords(list: List, from: number, what: 'variable' | 'name'): readonly TypedWord[] {
  const done: TypedWord[] = [];
  let waiting: Word[] = [];
  for (let index = from; index < list.items.length; index += 1) {
    const node = list.items[index];
    if (node?.kind === 'word' && node.text === '-') {
      if (waiting.length === 0) throw wrong(node, `a ${what} before "-"`);
      const type = list.items[index + 1];
      if (!type) throw endsTooSoon(list, 'a type');
      const types = readType(type);
      for (const word of waiting) done.push({ word, types });
      waiting = [];
      index += 1;
    } else waiting.push(asEntry(node ?? list, what));
  }
  return [...done, ...waiting.map((word) => ({ word, types: null }))];
}

function asEntry(node: Node, what: 'variable' | 'name'): Word {
  if (node.kind === 'word' && (what === 'variable' ? isVariable(node) : isName(node))) return node;
  throw wrong(node, what === 'variable' ? 'a variable such as "?x"' : 'a name');
}

function readType(node: Node): readonly Word[] {
  if (node.kind === 'word') return [asName(node, 'a type')];
  const [, ...options] = node.items;
  if (headOf(node)?.text !== 'either') throw wrong(node, 'a type or "(either …)"');
  if (options.length === 0) throw endsTooSoon(node, 'a type');
  return options.map((option) => asName(option, 'a type'));
}

/**
 * A list of variables with the types checked.
 *
 * @throws {PddlSyntaxError} also for an unknown type, or a variable that stands twice
 */
export function readVariables(node: Node, types: TypeTree): readonly Typed[] {
  const list = asList(node, 'a list of variables such as "(?x - type)"');
  const seen = new Map<string, Word>();
  for (const { word } of readTypedWords(list, 0, 'variable')) {
    if (seen.has(word.text)) throw takenName(word, 'variable', seen.get(word.text)?.at);
    seen.set(word.text, word);
  }
  return readPlaces(list, 0, types);
}

/** The same from an index on, where only the places count: a predicate may be declared as `(linked ?x ?x - town)`. */
export function readPlaces(list: List, from: number, types: TypeTree): readonly Typed[] {
  return readTypedWords(list, from, 'variable').map((entry) => ({
    name: entry.word.text,
    types: namesOfTypes(entry, types),
  }));
}

/**
 * Adds constants or objects to those known.
 *
 * @throws {PddlSyntaxError} also for an unknown type, or a name that stands twice
 */
export function readObjects(list: List, types: TypeTree, seen: Map<string, Word>): readonly Typed[] {
  return readTypedWords(list, 1, 'name').map((entry) => {
    const { word } = entry;
    if (seen.has(word.text)) throw takenName(word, 'constant or object', seen.get(word.text)?.at);
    seen.set(word.text, word);
    return { name: word.text, ...spelling(word), types: namesOfTypes(entry, types) };
  });
}

function namesOfTypes(entry: TypedWord, types: TypeTree): readonly string[] {
  if (!entry.types) return [OBJECT];
  for (const type of entry.types)
    if (!types.admits(type.text)) throw unknownName(type, 'type', types.names(), 'Declare it in :types.');
  return [...new Set(entry.types.map(({ text }) => text))];
}
