import { canChooseAhead, type Decision, knownForSteps, type PlanStep } from '@goalkeeper/domain/workflow';
import { selectAction } from '../activities';
import type { GoalRun } from './goal-run';

/** Steps that one question may choose for beyond its own: what history keeps of its answer stays a few kilobytes. */
const MOST_AHEAD = 7;
/** A choice that was made longer ago is made again: what is known of the tools has aged. */
const FRESH_MS = 30_000;

/**
 * Choices for steps that are not due yet, made on the way with one that was due. They are kept for the current plan alone, and
 * count when the step is due only where nothing was banned meanwhile.
 */
export class ChoicesAhead {
  private readonly kept = new Map<string, Decision>();
  private readonly asked = new Set<string>();

  /** A new plan: none of its steps has been asked about. */
  forget(): void {
    this.kept.clear();
    this.asked.clear();
  }

  /** The steps to ask about on the way, in the order of the plan; each is asked about once. */
  askFor(run: GoalRun, due: PlanStep): readonly PlanStep[] {
    this.asked.add(due.id);
    const { plan, stepStates } = run.progress;
    const now = new Set(run.ready().map(({ id }) => id));
    const steps = (plan?.steps ?? [])
      .filter(({ id }) => stepStates[id] === 'pending' && !now.has(id) && !this.asked.has(id))
      .filter((step) => canChooseAhead(run, step) && run.bansOf(step).banned.length === 0)
      .slice(0, MOST_AHEAD);
    for (const { id } of steps) this.asked.add(id);
    return steps;
  }

  keep(decisions: readonly Decision[]): void {
    for (const decision of decisions) this.kept.set(decision.stepId, decision);
  }

  /** The choice that was made for a step, once; null where there is none that still counts. */
  take(run: GoalRun, step: PlanStep): Decision | null {
    const decision = this.kept.get(step.id);
    this.kept.delete(step.id);
    if (!decision?.at || run.bansOf(step).banned.length > 0) return null;
    return Date.now() - Date.parse(decision.at) <= FRESH_MS ? decision : null;
  }
}

/** Chooses an action for a step that is due, and for steps ahead of it where that is the same now as later. */
export async function chooseAction(run: GoalRun, step: PlanStep): Promise<Decision> {
  const made = run.choices.take(run, step);
  if (made) return made;
  const others = run.choices.askFor(run, step);
  const count = others.length > 0 ? ` and ${others.length} more` : '';
  const { ahead = [], ...decision } = await selectAction(run.decisions, `choose a tool for ${step.label}${count}`, {
    goalId: run.goal.id,
    step,
    ...knownForSteps(run, [step, ...others]),
    ...run.bansOf(step),
    facts: run.progress.facts,
    ...(others.length > 0 ? { ahead: others } : {}),
  });
  run.choices.keep(ahead);
  return decision;
}
