import type { TaskRequest } from '../goals/goal';
import { canonicalJson } from '../json';
import { trainGuidance } from '../planning/guidance/train-guidance';
import type { GuidanceModel } from '../planning/guidance/model';
import type { DomainPack } from '../planning/pack';
import { domainOf, problemOfGoal } from '../planning/pddl-pack/problem-of-goal';

/** A model and what it was learned from. */
export interface TrainedModel {
  /** Name of the pack whose goals it is for. */
  readonly pack: string;
  readonly model: GuidanceModel;
  readonly tasks: readonly string[];
  /** Goals that it was learned from. */
  readonly goals: readonly string[];
}

/** Goals with different problems that a model needs: two thirds to learn from, one to be tried on. */
export const LEAST_PROBLEMS = 6;
/** The newest are learned from. */
export const MOST_PROBLEMS = 30;

/** A verified goal over a planning domain. */
export interface SolvedGoal {
  readonly goalId: string;
  readonly task: TaskRequest;
}

/** True for packs whose searches can be guided: of a classical planning domain. */
export function canBeGuided(pack: DomainPack): boolean {
  return pack.pddl !== undefined && domainOf(pack.pddl).tasks.length === 0;
}

/**
 * Learns the order of search for a pack from the problems of its verified goals ({@link trainGuidance}); a problem that came again
 * counts once, with all its goals. Nothing of a problem is in the result.
 *
 * @param solved newest first
 * @param isOver true ends the training early; the caller owns the clock
 * @returns null where there are fewer than {@link LEAST_PROBLEMS} problems, or the pack cannot be guided
 */
export function trainOnGoals(
  pack: DomainPack,
  solved: readonly SolvedGoal[],
  isOver: () => boolean,
): TrainedModel | null {
  const source = pack.pddl;
  if (!source || !canBeGuided(pack)) return null;
  const distinct = new Map<string, SolvedGoal[]>();
  for (const goal of solved) {
    const key = canonicalJson({ name: goal.task.name, args: goal.task.args });
    const same = distinct.get(key);
    if (same) same.push(goal);
    else if (distinct.size < MOST_PROBLEMS) distinct.set(key, [goal]);
  }
  if (distinct.size < LEAST_PROBLEMS) return null;
  const groups = [...distinct.values()].reverse();
  const problems = groups.flatMap(([first]) => (first ? [problemOfGoal(pack, source, first.task).problem] : []));
  const model = trainGuidance({ domain: domainOf(source), problems, placeboSeed: null, isOver });
  const goals = groups.flat();
  return {
    pack: pack.name,
    model,
    tasks: [...new Set(goals.map(({ task }) => task.name))].sort(),
    goals: goals.map(({ goalId }) => goalId).sort(),
  };
}
