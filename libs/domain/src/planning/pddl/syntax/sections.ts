import type { Declared } from '../model';
import {
  asList,
  asName,
  endsAfter,
  endsTooSoon,
  headOf,
  itemAt,
  spelling,
  takenName,
  unsupported,
  wrong,
} from './forms';
import { nearestName } from './nearest-name';
import type { List, Word } from './s-expression';
import type { TypeTree } from './type-tree';
import { readPlaces } from './typed-lists';

/** Requirements whose meaning a plan would miss. Others are taken as they come: what a file uses is checked where it is used. */
const UNSUPPORTED = new Map([
  [':durative-actions', 'actions that take time are not supported'],
  [':duration-inequalities', 'actions that take time are not supported'],
  [':continuous-effects', 'continuous change is not supported'],
  [':time', 'continuous change is not supported'],
  [':timed-initial-literals', 'facts that change at given times are not supported'],
  [':timed-initial-fluents', 'facts that change at given times are not supported'],
  [':object-fluents', 'functions whose value is an object are not supported'],
  [':preferences', 'preferences are not supported'],
  [':goal-utilities', 'preferences are not supported'],
]);

/** Sections of the languages that no file of ours can have, and why. */
const UNSUPPORTED_SECTIONS = new Map([
  [':durative-action', 'actions that take time are not supported'],
  [':process', 'continuous change is not supported'],
  [':event', 'continuous change is not supported'],
  [':constraints', 'constraints over whole plans are not supported'],
  [':htnti', 'insertion of tasks is not supported'],
  [':tihtn', 'insertion of tasks is not supported'],
]);

/** Checks `(define (domain name) …` and gives the name. */
export function readHeader(list: List, kind: 'domain' | 'problem'): string {
  const define = itemAt(list, 0, '"define"');
  if (define.kind !== 'word' || define.text !== 'define') throw wrong(define, '"define"');
  const header = asList(itemAt(list, 1, `"(${kind} name)"`), `"(${kind} name)"`);
  const word = itemAt(header, 0, `"${kind}"`);
  if (word.kind !== 'word' || word.text !== kind) {
    const other = kind === 'domain' ? 'problem' : 'domain';
    const swapped = word.kind === 'word' && word.text === other;
    throw wrong(
      word,
      `"${kind}"`,
      swapped ? { hint: `This is a ${other} file; it stands where the ${kind} belongs.` } : {},
    );
  }
  const name = asName(itemAt(header, 1, `the name of the ${kind}`), `the name of the ${kind}`);
  endsAfter(header, 2, `the name of the ${kind}`);
  return name.text;
}

/** The sections behind the header by their first word, in the order of the file. */
export function sectionsOf(list: List, allowed: readonly string[]): ReadonlyMap<string, readonly List[]> {
  const sections = new Map<string, List[]>();
  for (const node of list.items.slice(2)) {
    const section = asList(node, `a section that begins with "(" and one of ${allowed.join(', ')}`);
    const head = headOf(section);
    const feature = head && UNSUPPORTED_SECTIONS.get(head.text);
    if (feature) throw unsupported(section, feature);
    if (!head || !allowed.includes(head.text)) throw unknownSection(section, head, allowed);
    const alike = sections.get(head.text);
    if (alike) alike.push(section);
    else sections.set(head.text, [section]);
  }
  return sections;
}

function unknownSection(section: List, head: Word | undefined, allowed: readonly string[]): Error {
  const near = head ? nearestName(head.text, allowed) : null;
  const node = head ?? section.items[0];
  const expected = `one of ${allowed.join(', ')}`;
  return node ? wrong(node, expected, near ? { hint: `Did you mean "${near}"?` } : {}) : endsTooSoon(section, expected);
}

export function readRequirements(section: List): readonly string[] {
  return section.items.slice(1).map((node) => {
    if (node.kind !== 'word' || !node.text.startsWith(':')) throw wrong(node, 'a requirement such as ":typing"');
    const feature = UNSUPPORTED.get(node.text);
    if (feature) throw unsupported(node, feature);
    return node.text;
  });
}

/** A name may stand for several predicates as long as their arguments differ in number or type. */
export function readPredicates(sections: readonly List[], types: TypeTree): readonly Declared[] {
  const seen = new Map<string, Word>();
  const nodes = sections.flatMap((section) => section.items.slice(1));
  return nodes.flatMap((node) => {
    const { word, declared } = readDeclared(asList(node, 'a predicate such as "(at ?x - thing)"'), 'predicate', types);
    if (word.text === '=') return [];
    const key = JSON.stringify([declared.name, declared.params.map((param) => param.types)]);
    if (seen.has(key)) throw takenName(word, 'predicate', seen.get(key)?.at);
    seen.set(key, word);
    return [declared];
  });
}

/** Functions, each with a number as its value. */
export function readFunctions(sections: readonly List[], types: TypeTree): readonly Declared[] {
  const seen = new Map<string, Word>();
  return sections.flatMap((section) => {
    const found: Declared[] = [];
    for (let index = 1; index < section.items.length; index += 1) {
      const node = itemAt(section, index, 'a function');
      if (node.kind === 'word' && node.text === '-') {
        index += 1;
        const type = itemAt(section, index, '"number"');
        if (type.kind !== 'word' || type.text !== 'number')
          throw unsupported(type, 'functions whose value is not a number are not supported');
        continue;
      }
      const { word, declared } = readDeclared(asList(node, 'a function such as "(total-cost)"'), 'function', types);
      if (seen.has(word.text)) throw takenName(word, 'function', seen.get(word.text)?.at);
      seen.set(word.text, word);
      found.push(declared);
    }
    return found;
  });
}

function readDeclared(list: List, kind: string, types: TypeTree): { word: Word; declared: Declared } {
  const word = itemAt(list, 0, `the name of a ${kind}`);
  if (word.kind !== 'word' || word.text !== '=') asName(word, `the name of a ${kind}`);
  if (word.kind !== 'word') throw wrong(word, `the name of a ${kind}`);
  const params = readPlaces(list, 1, types);
  return { word, declared: { name: word.text, ...spelling(word), params, at: list.at } };
}
