import type { PddlDomain, PddlProblem, PlanningBudget } from '../pddl/model';
import { buildGround } from '../search-pddl/build-ground';
import type { GroundProblem } from '../search-pddl/ground-problem';
import { groundActions } from '../search-pddl/instances';
import type { Lifted } from '../search-pddl/lifted';
import { buildLifted } from '../search-pddl/lifted';
import { Meter } from '../search-pddl/meter';
import { prune } from '../search-pddl/prune';
import { reachFacts } from '../search-pddl/reach-facts';
import { buildWorld } from '../search-pddl/world';

/** A classical problem grounded, with what its numbers mean. */
export interface GroundTaskOf {
  readonly lifted: Lifted;
  readonly ground: GroundProblem;
}

const MAX_FACTS = 200_000;
const MAX_INSTANCES = 60_000;

/**
 * Grounds a classical problem for learning.
 *
 * @returns null when its goal is out of reach
 * @throws {TooLarge} when it needs more facts or actions than a training problem may have; {BudgetOver} when the time is over
 */
export function groundForLearning(
  domain: PddlDomain,
  problem: PddlProblem,
  budget: PlanningBudget,
): GroundTaskOf | null {
  const lifted = buildLifted(buildWorld(domain, problem));
  const meter = new Meter(budget);
  const facts = reachFacts(lifted, meter, MAX_FACTS);
  const ground = prune(buildGround(lifted, facts, groundActions(lifted, facts, meter, MAX_INSTANCES), meter), meter);
  return ground && { lifted, ground };
}
