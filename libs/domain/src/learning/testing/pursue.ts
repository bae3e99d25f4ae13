import { MAX_REVISIONS } from '../../goals/goal-progress';
import type { Recall } from '../../memory/memory';
import { analyseObservation, type StepAttempts } from '../../observation/analyse';
import { observe } from '../../observation/observe';
import type { Analysis, Observation } from '../../observation/observation';
import { planTask } from '../../planning/plan-goal';
import type { Fact, Plan, PlanFault, PlanStep } from '../../planning/plan';
import { repairPlan } from '../../planning/repair-plan';
import { nextState, stateOf } from '../../planning/state';
import { selectAction } from '../../selection/select-action';
import { methodStatsFor, penaltyFor, recoveryFor, toolStatsFor } from '../apply-lessons';
import { contextBucket, featureBucket } from '../buckets';
import { errorSignature, errorTemplate } from '../error-template';
import { type FinishedGoal, gatherEvidence } from '../gather-evidence';
import type { GoalEvidence } from '../evidence';
import { callWorld, WORKS_TOOLS, type WorldGoal, worksPack } from './world';

const MAX_CALLS = 50;

interface Run {
  readonly goal: WorldGoal;
  readonly recall: Recall;
  readonly seed: string;
  readonly nowMs: number;
  readonly calls: { observation: Observation; analysis: Analysis }[];
  facts: readonly Fact[];
}

/** Pursues a goal in the simulated world with the real planner, selection, observation and analysis; no clock but the given. */
export function pursue(
  goal: WorldGoal,
  recall: Recall,
  at: { readonly seed: string; readonly nowMs: number },
): GoalEvidence {
  const run: Run = { goal, recall, ...at, calls: [], facts: [] };
  const methodStats = methodStatsFor(recall.methodStats, recall.learned, featureBucket(goal.args));
  const packs = [worksPack];
  const request = { name: goal.task, args: goal.args };
  let plan = planTask({ packs, request, methodStats });
  const succeeded = new Set<string>();
  let verified = false;
  for (;;) {
    const fault = work(run, plan, succeeded);
    if (fault === null) {
      verified = plan.steps.every(({ id }) => succeeded.has(id));
      break;
    }
    const next = repaired(plan, { packs, succeeded: [...succeeded], faults: [fault], methodStats });
    if (next === null || next.revision > MAX_REVISIONS) break;
    plan = next;
  }
  const finished: FinishedGoal = {
    ...{
      goalId: goal.id,
      atMs: at.nowMs,
      arm: recall.learned?.arm ?? 'on',
      verified,
      objective: '',
      namedTask: true,
      plan,
    },
    ...{ calls: run.calls, callsMade: run.calls.length, taint: [], versions: {} },
  };
  return gatherEvidence(finished);
}

function repaired(plan: Plan, input: Omit<Parameters<typeof repairPlan>[0], 'plan'>): Plan | null {
  try {
    return repairPlan({ ...input, plan });
  } catch {
    return null; // no way is left: the goal has failed
  }
}

/** Works the steps in order; answers with the fault that needs another plan, or null at the end. */
function work(run: Run, plan: Plan, succeeded: Set<string>): PlanFault | null {
  for (const step of plan.steps) {
    if (succeeded.has(step.id)) continue;
    const fault = workStep(run, plan, { step, done: succeeded.size });
    if (fault !== null) return fault.code === 'gave_up' ? null : fault;
    succeeded.add(step.id);
  }
  return null;
}

function workStep(run: Run, plan: Plan, { step, done }: { step: PlanStep; done: number }): PlanFault | null {
  const attempts: StepAttempts[] = [];
  const banned: string[] = [];
  const stop = (code: string, message: string): PlanFault => ({ stepId: step.id, code, message });
  for (;;) {
    const tool = choose(run, step, banned);
    if (tool === null) return stop('selection.no_candidate', 'no tool is left');
    const observation = call(run, step, {
      tool,
      tryNo: (attempts.find((one) => one.tool === tool)?.failures ?? 0) + 1,
    });
    if (observation.outcome !== 'success') count(attempts, tool);
    const judged = analyseObservation({
      ...{ stepCount: plan.steps.length, step, observation, attempts, maxSteps: MAX_CALLS },
      ...{ done: done + (observation.outcome === 'success' ? 1 : 0), callsSoFar: run.calls.length + 1 },
    });
    const analysis = recovered(run, step, { observation, analysis: judged, banned });
    run.calls.push({ observation, analysis });
    if (analysis.next === 'continue' || analysis.next === 'finish') return null;
    if (analysis.next === 'give_up') return stop('gave_up', analysis.reason);
    if (analysis.next === 'alternative') banned.push(tool);
    else if (analysis.next !== 'retry') return stop(observation.error?.code ?? 'failed', observation.summary);
  }
}

function count(attempts: StepAttempts[], tool: string): void {
  const at = attempts.findIndex((one) => one.tool === tool);
  if (at < 0) attempts.push({ tool, failures: 1 });
  else attempts[at] = { tool, failures: (attempts[at]?.failures ?? 0) + 1 };
}

/** The tool that selection ranks first, after what lessons hold against each. */
function choose(run: Run, step: PlanStep, banned: readonly string[]): string | null {
  const { learned, toolStats, episodes } = run.recall;
  const context = contextBucket(step.args);
  const stats = toolStatsFor(toolStats, learned, context);
  const decision = selectAction({
    goalId: run.goal.id,
    step,
    tools: WORKS_TOOLS,
    stats,
    episodes,
    banned,
    facts: run.facts,
  });
  const ranked = decision.candidates.filter(({ score }) => score !== null);
  const worth = ({ tool, score }: { tool: string; score: number | null }): number =>
    (score ?? 0) - penaltyFor(learned, { tool, context }, run.nowMs);
  return (
    ranked.reduce((best, one) => (best === null || worth(one) > worth(best) ? one : best), ranked[0] ?? null)?.tool ??
    null
  );
}

function call(run: Run, step: PlanStep, { tool, tryNo }: { tool: string; tryNo: number }): Observation {
  const report = callWorld(run.seed, run.goal, { step, tool, tryNo });
  const observation = observe({
    step,
    tool: { name: tool, costUsd: 0 },
    report,
    summary: tool,
    facts: [],
    replayed: false,
  });
  run.facts = [...nextState(stateOf(run.facts), observation.factsAdded, observation.factsRemoved).values()];
  return observation;
}

/** A lesson about this error takes the place of a retry that would be made without it. */
function recovered(
  run: Run,
  step: PlanStep,
  { observation, analysis, banned }: { observation: Observation; analysis: Analysis; banned: readonly string[] },
): Analysis {
  const { error, tool } = observation;
  if (!error || (analysis.next !== 'retry' && analysis.next !== 'alternative')) return analysis;
  const known = recoveryFor(run.recall.learned, tool, errorSignature(error.code, errorTemplate(error.message)));
  const isOther = step.tools.some((binding) => binding.tool !== tool && !banned.includes(binding.tool));
  if (known?.body.recovery !== 'alternative' || !isOther) return analysis;
  return { ...analysis, next: 'alternative', reason: `learned: ${known.body.template}`, retryAfterMs: 0 };
}
