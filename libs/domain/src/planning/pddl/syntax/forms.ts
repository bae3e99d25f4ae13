import type { Position } from '../model';
import { nearestName } from './nearest-name';
import { PddlSyntaxError } from './pddl-syntax-error';
import { describeNode, type List, type Node, type Word } from './s-expression';

/** The error for a node that should be something else. */
export function wrong(node: Node, expected: string, more: { found?: string; hint?: string } = {}): PddlSyntaxError {
  return new PddlSyntaxError({ file: node.file, at: node.at, expected, found: describeNode(node), ...more });
}

/** The error for a list that ends where something should still follow. */
export function endsTooSoon(list: List, expected: string): PddlSyntaxError {
  return new PddlSyntaxError({ file: list.file, at: list.end, expected, found: '")"' });
}

/** The error for a name that nobody declared, with the nearest one that somebody did. */
export function unknownName(word: Word, kind: string, known: Iterable<string>, otherwise = ''): PddlSyntaxError {
  const near = nearestName(word.text, known);
  const hint = near === null ? otherwise : `Did you mean "${near}"?`;
  return wrong(word, `a declared ${kind}`, { found: `the unknown ${kind} ${describeNode(word)}`, hint });
}

/** The error for a name that is taken. */
export function takenName(word: Word, kind: string, first?: Position): PddlSyntaxError {
  const where = first ? ` (line ${first.line}, column ${first.column})` : '';
  const found = `${describeNode(word)}, which is declared already${where}`;
  return wrong(word, `a new name for a ${kind}`, { found, hint: 'Rename or remove one of the two.' });
}

/** The error for what the languages have and this program does not. */
export function unsupported(node: Node, feature: string): PddlSyntaxError {
  const hint = 'Supported: HDDL and PDDL with typing, full conditions, conditional effects, axioms and action costs.';
  return wrong(node, 'something this planner supports', { found: `${describeNode(node)}: ${feature}`, hint });
}

export function asList(node: Node, expected: string): List {
  if (node.kind !== 'list') throw wrong(node, expected);
  return node;
}

/** The node at an index of a list. @throws {PddlSyntaxError} at its closing parenthesis when there is none */
export function itemAt(list: List, index: number, expected: string): Node {
  const node = list.items[index];
  if (!node) throw endsTooSoon(list, expected);
  return node;
}

/** Checks that nothing follows behind the first `count` items. */
export function endsAfter(list: List, count: number, what: string): void {
  const extra = list.items[count];
  if (extra) throw wrong(extra, `")" after ${what}`);
}

/** What `isName` refuses: keywords, variables and the signs of the language. */
const SIGNS = new Set(['-', '=', '<', '>', '<=', '>=', '+', '*', '/']);

export function isName(word: Word): boolean {
  return !word.text.startsWith('?') && !word.text.startsWith(':') && !SIGNS.has(word.text);
}

export function isVariable(word: Word): boolean {
  return word.text.length > 1 && word.text.startsWith('?');
}

/** A name that is declared or referred to. */
export function asName(node: Node, expected: string): Word {
  if (node.kind !== 'word' || !isName(node)) throw wrong(node, expected);
  return node;
}

/** The word that opens a list, undefined when the list is empty or opens with a list. */
export function headOf(list: List): Word | undefined {
  const [head] = list.items;
  return head?.kind === 'word' ? head : undefined;
}

/** The spelling to remember where it differs from the name in use. */
export function spelling(word: Word): { written?: string } {
  return word.raw === word.text ? {} : { written: word.raw };
}

export interface Field {
  readonly key: Word;
  readonly value: Node;
}

/**
 * `:key value` pairs of a list from an index on.
 *
 * @throws {PddlSyntaxError} a key that is not allowed or stands twice, a value that is missing
 */
export function readFields(list: List, from: number, allowed: readonly string[]): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  const expected = `one of ${allowed.join(', ')}`;
  for (let index = from; index < list.items.length; index += 2) {
    const key = list.items[index];
    if (key?.kind !== 'word' || !allowed.includes(key.text)) throw unknownKey(key ?? list, expected, allowed);
    if (fields.has(key.text)) throw takenName(key, 'part', fields.get(key.text)?.key.at);
    const value = itemAt(list, index + 1, `what belongs to ${key.text}`);
    if (value.kind === 'word' && value.text.startsWith(':')) throw wrong(value, `what belongs to ${key.text}`);
    fields.set(key.text, { key, value });
  }
  return fields;
}

function unknownKey(node: Node, expected: string, allowed: readonly string[]): PddlSyntaxError {
  const near = node.kind === 'word' ? nearestName(node.text, allowed) : null;
  return wrong(node, expected, near === null ? {} : { hint: `Did you mean "${near}"?` });
}

/** The largest cost that is read: the costs of a million steps still add up to a number that counts single ones. */
export const MAX_COST = 1e9;

/** A finite number, null for any other word. */
export function numberOf(node: Node): number | null {
  if (node.kind !== 'word' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(node.text)) return null;
  const value = Number(node.text);
  return Number.isFinite(value) ? value : null;
}
