import type { Evidence } from '../../observation/observation';
import { World } from '../pddl-plan/world';
import { conditionText, conjuncts } from '../pddl-plan/conditions';
import { holds } from '../pddl-plan/evaluate';
import type { DomainPack, Fact } from '../pack';
import type { Plan } from '../plan';
import { factKey, stateOf } from '../state';
import { atomOf, factOf, problemOfGoal } from './problem-of-goal';

/** Facts that were seen and facts that were seen to be gone, net of what observations said one after the other. */
export interface Observed {
  readonly facts: readonly Fact[];
  readonly denied: readonly Fact[];
}

/**
 * What is known to hold of the facts that the steps of a plan are about: those of the start, changed by what was observed. Facts
 * that no step asks for or changes are left out; there may be many.
 *
 * @returns nothing but the observed facts for a plan of a pack without a planning domain
 */
export function startFacts(plan: Plan, pack: DomainPack | undefined, observed: Observed): readonly Fact[] {
  if (!pack?.pddl) return observed.facts;
  const { problem, spelling } = problemOfGoal(pack, pack.pddl, plan.task);
  const asked = plan.steps.flatMap(({ when, adds, deletes }) => [...when, ...adds, ...deletes].map(factKey));
  const start = stateOf(problem.init.map((atom) => factOf(atom, spelling)));
  const wanted = new Set(asked);
  const known = new Map([...start].filter(([key]) => wanted.has(key)));
  for (const fact of observed.denied) known.delete(factKey(fact));
  for (const fact of observed.facts) known.set(factKey(fact), fact);
  return [...known.values()];
}

/**
 * The goal of a plan over a planning domain, judged by what was observed: each part of its condition with whether it holds.
 * At least one piece of evidence: a goal without facts holds when every step of the plan was seen to be done.
 */
export function goalFacts(plan: Plan, pack: DomainPack, observed: Observed, succeeded: readonly string[]): Evidence[] {
  if (!pack.pddl) return [];
  const { domain, problem } = problemOfGoal(pack, pack.pddl, plan.task);
  const world = new World(domain, problem);
  const atoms = (facts: readonly Fact[]) => facts.flatMap((fact) => atomOf(fact) ?? []);
  world.change(atoms(observed.facts), atoms(observed.denied));
  const parts = conjuncts(problem.goal);
  const missing = plan.steps.filter(({ id }) => !succeeded.includes(id));
  const done: Evidence = {
    check: 'every step of the plan was seen to be done',
    holds: missing.length === 0,
    seen:
      missing.length === 0
        ? `${plan.steps.length} of ${plan.steps.length}`
        : missing.map(({ label }) => label).join(', '),
  };
  return [
    done,
    ...parts.map((part): Evidence => {
      const value = holds(world, part, new Map());
      return { check: conditionText(part, new Map()), holds: value, seen: value ? 'holds' : 'does not hold' };
    }),
  ];
}
