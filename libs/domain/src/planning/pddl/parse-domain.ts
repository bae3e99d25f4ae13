import type { ActionDef, Axiom, Declared, MethodDef, PddlDomain } from './model';
import { readAction, readAxiom, readMethod, readTaskHeader } from './syntax/definitions';
import { readFunctions, readHeader, readPredicates, readRequirements, sectionsOf } from './syntax/sections';
import { asName, itemAt, takenName } from './syntax/forms';
import { refuseNegatedCircle } from './syntax/layers';
import { readTypes } from './syntax/read-types';
import { readList, type List, type Word } from './syntax/s-expression';
import { allByName, type Symbols } from './syntax/symbols';
import { TypeTree } from './syntax/type-tree';
import { readObjects } from './syntax/typed-lists';

const SECTIONS = [
  ':requirements',
  ':types',
  ':constants',
  ':predicates',
  ':functions',
  ':task',
  ':method',
  ':action',
  ':derived',
];

/**
 * A planning domain from HDDL or PDDL, checked: names that are not declared, arguments that do not fit, names that stand
 * twice and orders that cannot be met are refused. Sections may come in any order.
 *
 * @param fileName for messages
 * @throws {PddlSyntaxError} for the first mistake, with its place
 */
export function parseDomain(text: string, fileName = 'domain'): PddlDomain {
  const list = readList(text, fileName);
  const name = readHeader(list, 'domain');
  const sections = sectionsOf(list, SECTIONS);
  const all = (key: string): readonly List[] => sections.get(key) ?? [];
  const requirements = all(':requirements').flatMap(readRequirements);
  const types = new TypeTree(readTypes(all(':types')), all(':types').length === 0);
  const seen = new Map<string, Word>();
  const constants = all(':constants').flatMap((section) => readObjects(section, types, seen));
  const predicates = readPredicates(all(':predicates'), types);
  const functions = readFunctions(all(':functions'), types);
  refuseDoubles([...all(':task'), ...all(':action')], 'task or action');
  refuseDoubles(all(':method'), 'method');
  const tasks = all(':task').map((section) => readTaskHeader(section, types));
  const headers = all(':action').map((section) => readTaskHeader(section, types));
  const symbols: Symbols = {
    types,
    objects: new Map(constants.map((constant) => [constant.name, constant])),
    predicates: allByName(predicates),
    functions: byName(functions),
    tasks: byName([...tasks, ...headers]),
    derived: new Set(all(':derived').map(derivedName)),
  };
  const axioms: Axiom[] = all(':derived').map((section) => readAxiom(section, symbols));
  refuseNegatedCircle(axioms, all(':derived'));
  const actions: ActionDef[] = all(':action').map((section) => readAction(section, symbols));
  const compound = byName(tasks);
  const methods: MethodDef[] = all(':method').map((section) => readMethod(section, symbols, compound));
  return {
    name,
    requirements,
    types: types.above,
    constants,
    predicates,
    functions,
    tasks,
    methods,
    actions,
    axioms,
  };
}

function byName(declared: readonly Declared[]): ReadonlyMap<string, Declared> {
  return new Map(declared.map((one) => [one.name, one]));
}

function derivedName(section: List): string {
  const head = itemAt(section, 1, 'a predicate with its variables');
  return head.kind === 'list' ? asName(itemAt(head, 0, 'a predicate'), 'a predicate').text : '';
}

function refuseDoubles(sections: readonly List[], kind: string): void {
  const seen = new Map<string, Word>();
  for (const section of sections) {
    const name = asName(itemAt(section, 1, `the name of a ${kind}`), `the name of a ${kind}`);
    if (seen.has(name.text)) throw takenName(name, kind, seen.get(name.text)?.at);
    seen.set(name.text, name);
  }
}
