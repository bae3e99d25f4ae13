import { type Analysis, foregoneMove, isFastLane, type PlanStep } from '@goalkeeper/domain/workflow';
import { isCancellation } from '@temporalio/workflow';
import { analyseObservation } from '../activities';
import type { AnalyseInput } from '../ports';
import type { GoalRun } from './goal-run';

/** Calls that one question judges at most: what history keeps of its answer stays a few kilobytes. */
const MOST_AT_ONCE = 8;

/** A call that worked and is still to be judged. */
export interface DueJudgement {
  readonly input: AnalyseInput;
  readonly callNo: number;
}

/** True for a tool whose calls end within the workflow task that is open: nothing is waited for. */
export function isOnFastLane(run: GoalRun, toolName: string | undefined): boolean {
  const tool = run.tools.find(({ name }) => name === toolName);
  return tool !== undefined && isFastLane(tool);
}

/**
 * Goes on after a plain success on the fast lane without its judgement, where that can decide nothing: it is due with those of
 * the successes that follow, before anything that waits.
 *
 * @returns false where the judgement must come first
 */
export function goesOn(run: GoalRun, step: PlanStep, input: AnalyseInput): boolean {
  const { observation } = input;
  if (!run.judgesTogether || run.due.length + 1 >= MOST_AT_ONCE) return false;
  if (run.isResting() || run.isBlocked() || run.stopReason !== null) return false;
  const next = isOnFastLane(run, observation.tool) ? foregoneMove(input) : null;
  if (next === null) return false;
  run.due.push({ input, callNo: run.callsOf(step) });
  run.carryOut(step, observation, { stepId: step.id, next, reason: '', progress: 0, retryAfterMs: 0 });
  return true;
}

/** Judges what a step returned, and what is due before it. */
export function judge(run: GoalRun, input: AnalyseInput): Promise<Analysis> {
  return ask(run, run.due.splice(0), input);
}

/** Judges what is due, if anything; what a cancel leaves unjudged stays due. */
export async function judgeDue(run: GoalRun): Promise<void> {
  const earlier = run.due.splice(0);
  const last = earlier.pop();
  if (!last) return;
  try {
    run.keep(await ask(run, earlier, last.input), last.callNo);
  } catch (error) {
    if (isCancellation(error)) run.due.push(last);
    throw error;
  }
}

/** One question for calls in the order in which they came back. */
async function ask(run: GoalRun, due: readonly DueJudgement[], input: AnalyseInput): Promise<Analysis> {
  const { step, observation } = input;
  const count = due.length > 0 ? ` and ${due.length} before` : '';
  const more = due.length > 0 ? { earlier: due.map((one) => one.input) } : {};
  try {
    const summary = `judge ${step.label}${count}: ${observation.outcome}`;
    const { earlier = [], ...analysis } = await analyseObservation(run.decisions, summary, { ...input, ...more });
    for (const [index, { callNo }] of due.entries()) {
      const judged = earlier[index];
      if (!judged) throw new Error(`analyseObservation: due are ${due.length}, judged were ${earlier.length}`);
      run.keep(judged, callNo);
    }
    return analysis;
  } catch (error) {
    if (isCancellation(error)) run.due.unshift(...due);
    throw error;
  }
}
