import type { MethodStat } from '../../memory/memory';
import type { DomainPack, MethodDef as PackMethod, PddlSource } from '../pack';
import type { MethodDef, PddlDomain } from '../pddl/model';
import { domainOf } from './problem-of-goal';

/** Steps that one more expected attempt weighs as much as: what a plan may be longer by to go the way that works. */
const STEPS_PER_ATTEMPT = 20;

/** The methods of a planning domain as a pack has them, as far as their order goes: each costs the same. */
export function packMethods(pack: DomainPack, source: PddlSource): PackMethod[] {
  return domainOf(source).methods.map(({ name, task }) => ({
    name,
    task: `${pack.name}.${task.name}`,
    summary: '',
    when: [],
    subtasks: [],
    cost: 1,
  }));
}

/**
 * How many steps each method counts more than the best one for its task, by what goals before taught: 20 · (1/p − 1/p of the best),
 * with p the mean of Beta(1 + successes, 1 + failures), so that 1/p is the number of attempts until it works. Nothing learned: all 0.
 *
 * @returns by {@link methodKey}; methods that count nothing are left out
 */
export function penalties(
  domain: PddlDomain,
  pack: Pick<DomainPack, 'name'>,
  stats: readonly MethodStat[],
): ReadonlyMap<string, number> {
  const attempts = new Map<MethodDef, number>();
  const best = new Map<string, number>();
  for (const method of domain.methods) {
    const task = `${pack.name}.${method.task.name}`;
    const stat = stats.find((one) => one.task === task && one.method === method.name);
    const { successes = 0, failures = 0 } = stat ?? {};
    const expected = (2 + successes + failures) / (1 + successes);
    attempts.set(method, expected);
    best.set(method.task.name, Math.min(expected, best.get(method.task.name) ?? Infinity));
  }
  const weighed = [...attempts].map(([method, expected]) => {
    const more = expected - (best.get(method.task.name) ?? expected);
    return [methodKey(method), Math.round(STEPS_PER_ATTEMPT * more)] as const;
  });
  return new Map(weighed.filter(([, penalty]) => penalty > 0));
}

/** A method by its task and name. */
export const methodKey = ({ task, name }: Pick<MethodDef, 'task' | 'name'>): string => `${task.name} ${name}`;
