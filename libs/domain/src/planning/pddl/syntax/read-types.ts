import { wrong } from './forms';
import type { List, Word } from './s-expression';
import { OBJECT } from './type-tree';
import { readTypedWords } from './typed-lists';

/**
 * All `(:types …)` of a domain: each type and those directly above it, `object` above those that name none. A type may stand on
 * several lines, with another type above it on each; a type that stands only behind a dash is known too.
 *
 * @throws {PddlSyntaxError} also for a type that is above itself
 */
export function readTypes(sections: readonly List[]): ReadonlyMap<string, readonly string[]> {
  const above = new Map<string, Set<string>>([[OBJECT, new Set()]]);
  const words = new Map<string, Word>();
  for (const { word, types } of sections.flatMap((section) => readTypedWords(section, 1, 'name'))) {
    words.set(word.text, words.get(word.text) ?? word);
    const upper = word.text === OBJECT ? types?.find((type) => type.text !== OBJECT) : undefined;
    if (upper) throw wrong(upper, 'nothing above "object"', { hint: 'Every type is below "object" as it is.' });
    const parents = above.get(word.text) ?? new Set();
    above.set(word.text, parents);
    for (const type of word.text === OBJECT ? [] : (types ?? [])) {
      parents.add(type.text);
      words.set(type.text, words.get(type.text) ?? type);
      if (!above.has(type.text)) above.set(type.text, new Set());
    }
  }
  refuseCycle(above, words);
  return new Map([...above].map(([type, parents]) => [type, parentsOf(type, parents)]));
}

function parentsOf(type: string, parents: ReadonlySet<string>): readonly string[] {
  return parents.size === 0 && type !== OBJECT ? [OBJECT] : [...parents];
}

/** Takes away types with nothing above them until none is left; what stays is in or below a cycle. */
function refuseCycle(above: ReadonlyMap<string, ReadonlySet<string>>, words: ReadonlyMap<string, Word>): void {
  const below = new Map<string, string[]>();
  const waitsFor = new Map<string, number>();
  for (const [type, parents] of above) {
    waitsFor.set(type, parents.size);
    for (const parent of parents)
      below
        .set(parent, below.get(parent) ?? [])
        .get(parent)
        ?.push(type);
  }
  const free = [...above.keys()].filter((type) => waitsFor.get(type) === 0);
  for (const type of free) {
    for (const child of below.get(type) ?? []) {
      const left = (waitsFor.get(child) ?? 0) - 1;
      waitsFor.set(child, left);
      if (left === 0) free.push(child);
    }
  }
  if (free.length < above.size) throw cycle(above, new Set(free), words);
}

function cycle(
  above: ReadonlyMap<string, ReadonlySet<string>>,
  free: ReadonlySet<string>,
  words: ReadonlyMap<string, Word>,
): Error {
  const path: string[] = [];
  let type = [...above.keys()].find((name) => !free.has(name)) ?? OBJECT;
  const seen = new Map<string, number>();
  while (!seen.has(type)) {
    seen.set(type, path.length);
    path.push(type);
    type = [...(above.get(type) ?? [])].find((parent) => !free.has(parent)) ?? type;
  }
  const round = [...path.slice(seen.get(type)), type];
  const shown = round.length > 8 ? [...round.slice(0, 7), '…', type] : round;
  const word = words.get(type);
  if (!word) throw new Error(`the type ${type} was read and has no place`);
  return wrong(word, 'types without a cycle', {
    found: shown.join(' - '),
    hint: 'Take one of these types out of its line.',
  });
}
