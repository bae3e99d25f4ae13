import type { PddlDomain, PddlProblem, Typed } from './model';
import { readCondition, TRUE } from './syntax/conditions';
import { asName, endsAfter, endsTooSoon, headOf, itemAt, takenName, wrong } from './syntax/forms';
import { readGoalNetwork } from './syntax/goal-network';
import { readInit } from './syntax/init';
import { readMetric } from './syntax/metric';
import { readList, type List, type Word } from './syntax/s-expression';
import { readHeader, readRequirements, sectionsOf } from './syntax/sections';
import { allByName, type Symbols } from './syntax/symbols';
import { TypeTree } from './syntax/type-tree';
import { readObjects } from './syntax/typed-lists';

const SECTIONS = [':domain', ':requirements', ':objects', ':htn', ':init', ':goal', ':metric'];

/**
 * A planning problem from HDDL or PDDL, checked against its domain. Facts that `:init` negates are left out, as are repeated ones:
 * what is not said to be true is false. A constant that `:objects` repeats with the same types stays a constant.
 *
 * @param domain from `parseDomain`
 * @param fileName for messages
 * @throws {PddlSyntaxError} for the first mistake, with its place
 */
export function parseProblem(text: string, domain: PddlDomain, fileName = 'problem'): PddlProblem {
  const list = readList(text, fileName);
  const name = readHeader(list, 'problem');
  const sections = sectionsOf(list, SECTIONS);
  const only = (key: string): List | undefined => single(sections.get(key) ?? []);
  const domainName = readDomainName(list, only(':domain'), domain);
  (sections.get(':requirements') ?? []).forEach(readRequirements);
  const types = new TypeTree(domain.types);
  const seen = new Map<string, Word>();
  const listed = (sections.get(':objects') ?? []).flatMap((section) => readObjects(section, types, seen));
  const objects = withoutConstants(listed, seen, domain.constants);
  const symbols = symbolsOf(domain, types, objects);
  const [goal, htn] = [only(':goal'), only(':htn')];
  if (!goal && !htn) throw endsTooSoon(list, '"(:goal …)" or "(:htn …)"');
  if (goal) endsAfter(goal, 2, 'the goal');
  return {
    name,
    domain: domainName,
    objects,
    ...readInit(sections.get(':init') ?? [], symbols),
    goal: goal ? readCondition(itemAt(goal, 1, 'a condition'), symbols, new Map()) : TRUE,
    network: htn ? readGoalNetwork(htn, symbols) : null,
    minimizesCost: readMetric(only(':metric')),
  };
}

function single(sections: readonly List[]): List | undefined {
  const [first, second] = sections;
  const word = second && headOf(second);
  if (first && word) throw takenName(word, 'section', first.at);
  return first;
}

/** The name is not compared: competition problems go by other names than their domains, and every name in them is checked anyway. */
function readDomainName(list: List, section: List | undefined, domain: PddlDomain): string {
  if (!section) throw endsTooSoon(list, `"(:domain ${domain.name})"`);
  const name = asName(itemAt(section, 1, 'the name of the domain'), 'the name of the domain');
  endsAfter(section, 2, 'the name of the domain');
  return name.text;
}

function withoutConstants(
  listed: readonly Typed[],
  seen: ReadonlyMap<string, Word>,
  constants: readonly Typed[],
): readonly Typed[] {
  const known = new Map(constants.map((constant) => [constant.name, constant]));
  return listed.filter(({ name, types }) => {
    const constant = known.get(name);
    if (!constant) return true;
    const same = constant.types.length === types.length && types.every((type) => constant.types.includes(type));
    const word = seen.get(name);
    if (!same && word)
      throw wrong(word, `the types of the domain's constant: ${constant.types.join(' or ')}`, {
        found: `${types.join(' or ')} for "${word.raw}"`,
      });
    return false;
  });
}

function symbolsOf(domain: PddlDomain, types: TypeTree, objects: readonly Typed[]): Symbols {
  return {
    types,
    objects: new Map([...domain.constants, ...objects].map((object) => [object.name, object])),
    predicates: allByName(domain.predicates),
    functions: new Map(domain.functions.map((one) => [one.name, one])),
    tasks: new Map([...domain.tasks, ...domain.actions].map((one) => [one.name, one])),
    derived: new Set(domain.axioms.map((axiom) => axiom.name)),
  };
}
