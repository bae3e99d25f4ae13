import type { Condition, Member, TaskNetwork } from '../model';
import { asList, asName, endsAfter, headOf, itemAt, takenName, unknownName, wrong, type Field } from './forms';
import { describeNode, type List, type Node, type Word } from './s-expression';
import { readTask, type Scope, type Symbols } from './symbols';

const UNORDERED = [':subtasks', ':tasks'];
const ORDERED = [':ordered-subtasks', ':ordered-tasks'];
/** The parts of a method or an initial network that make up its task network. */
export const NETWORK_KEYS = [...UNORDERED, ...ORDERED, ':ordering', ':order', ':constraints'];

type Fields = ReadonlyMap<string, Field>;

interface NamedMember extends Member {
  /** Null where the file gives no id. */
  readonly word: Word | null;
}

/**
 * The members and their order.
 *
 * @param constraints read before, over the same variables
 * @throws {PddlSyntaxError} also for unknown tasks, ids that stand twice or nowhere, and an order that runs in a circle
 */
export function readNetwork(fields: Fields, constraints: Condition, symbols: Symbols, scope: Scope): TaskNetwork {
  const field = oneOf(fields, [...UNORDERED, ...ORDERED]);
  const named = field ? readMembers(field.value, symbols, scope) : [];
  const chain = field && ORDERED.includes(field.key.text) ? chainOf(named) : [];
  const ordering = oneOf(fields, [':ordering', ':order']);
  const pairs = ordering ? readOrdering(ordering.value, named) : [];
  const all = [...chain, ...pairs];
  if (ordering) refuseCircle(named, all, ordering.value);
  const members = named.map(({ word: _word, ...member }) => member);
  return { members, ordering: all, constraints };
}

/** The part under one of several names. @throws {PddlSyntaxError} when it stands under two of them */
export function oneOf(fields: Fields, keys: readonly string[]): Field | undefined {
  const [first, second] = keys.flatMap((key) => fields.get(key) ?? []);
  if (first && second) {
    const later = [first.key, second.key].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)[1];
    throw wrong(second.key, `only one of ${keys.join(', ')}`, later ? { found: describeNode(later) + ' as well' } : {});
  }
  return first;
}

function readMembers(node: Node, symbols: Symbols, scope: Scope): readonly NamedMember[] {
  const list = asList(node, 'a list of subtasks such as "(and (t1 (task ?x)))"');
  const nodes = isConjunction(list, symbols) ? list.items.slice(1) : list.items.length > 0 ? [list] : [];
  const ids = new Map<string, Word>();
  const members = nodes.map((item) => readMember(item, symbols, scope));
  for (const { word } of members) {
    if (!word) continue;
    if (ids.has(word.text)) throw takenName(word, 'subtask', ids.get(word.text)?.at);
    ids.set(word.text, word);
  }
  return members.map((member, index) => (member.word ? member : { ...member, id: freeId(index, ids) }));
}

function isConjunction(list: List, symbols: Symbols): boolean {
  return headOf(list)?.text === 'and' && !symbols.tasks.has('and');
}

function freeId(index: number, taken: ReadonlyMap<string, Word>): string {
  let id = `#${index}`;
  while (taken.has(id)) id = `#${id}`;
  return id;
}

function readMember(node: Node, symbols: Symbols, scope: Scope): NamedMember {
  const list = asList(node, 'a subtask such as "(t1 (task ?x))" or "(task ?x)"');
  const [first, second] = list.items;
  const hasId = first?.kind === 'word' && second?.kind === 'list';
  const word = hasId ? asName(first, 'an id or a task') : null;
  if (hasId) endsAfter(list, 2, 'the task');
  const { name, args } = readTask(hasId ? second : list, symbols, scope);
  return { id: word?.text ?? '', task: name.text, args, at: list.at, word };
}

function chainOf(members: readonly Member[]): readonly (readonly [string, string])[] {
  return members.slice(1).map(({ id }, index) => [members[index]?.id ?? '', id] as const);
}

function readOrdering(node: Node, members: readonly NamedMember[]): readonly (readonly [string, string])[] {
  const expected = 'an order such as "(< t1 t2)" or "(and (< t1 t2) (< t2 t3))"';
  const list = asList(node, expected);
  if (list.items.length === 0) return [];
  const pairs = headOf(list)?.text === 'and' ? list.items.slice(1) : [list];
  const ids = new Set(members.flatMap(({ word }) => word?.text ?? []));
  return pairs.map((pair) => readPair(asList(pair, expected), ids));
}

/** `(< a b)`, or `(a < b)`. */
function readPair(list: List, ids: ReadonlySet<string>): readonly [string, string] {
  const sign = list.items.findIndex((item) => item.kind === 'word' && item.text === '<');
  if (sign !== 0 && sign !== 1) throw wrong(list, 'an order such as "(< t1 t2)"');
  const ends = [sign === 0 ? 1 : 0, 2].map((index) => asName(itemAt(list, index, 'the id of a subtask'), 'an id'));
  endsAfter(list, 3, 'the two ids');
  for (const end of ends)
    if (!ids.has(end.text)) throw unknownName(end, 'subtask id', ids, 'Give the subtask this id: "(id (task …))".');
  return [ends[0]?.text ?? '', ends[1]?.text ?? ''];
}

function refuseCircle(
  members: readonly NamedMember[],
  ordering: readonly (readonly [string, string])[],
  node: Node,
): void {
  const after = new Map<string, string[]>(members.map(({ id }) => [id, []]));
  const waitsFor = new Map(members.map(({ id }) => [id, 0]));
  for (const [first, second] of ordering) {
    after.get(first)?.push(second);
    waitsFor.set(second, (waitsFor.get(second) ?? 0) + 1);
  }
  const free = [...waitsFor].flatMap(([id, count]) => (count === 0 ? [id] : []));
  for (const id of free) {
    for (const next of after.get(id) ?? []) {
      const left = (waitsFor.get(next) ?? 0) - 1;
      waitsFor.set(next, left);
      if (left === 0) free.push(next);
    }
  }
  if (free.length === members.length) return;
  const done = new Set(free);
  const stuck = members.map(({ id }) => id).filter((id) => !done.has(id));
  const found = `subtasks that wait for each other: ${stuck.slice(0, 6).join(', ')}${stuck.length > 6 ? ', …' : ''}`;
  throw wrong(node, 'an order without a circle', { found, hint: 'Take one of the pairs out.' });
}
