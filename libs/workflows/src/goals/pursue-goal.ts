import { applyVerification, type GoalFailure, MAX_REVISIONS, type Plan } from '@goalkeeper/domain/workflow';
import { condition, setCurrentDetails, sleep } from '@temporalio/workflow';
import { checkGate, planGoal, recallMemory, recordTransition, verifyGoal } from '../activities';
import type { GateInput, PlanGoalInput, PlanGoalResult, Verification } from '../ports';
import { askPerson } from './ask-person';
import type { GoalRun } from './goal-run';
import { judgeDue } from './judging';
import { pursueStep } from './pursue-step';

/** How often a waiting goal looks whether the goals it depends on are done; a finished goal's signal is not needed for that. */
const GATE_POLL_MS = { first: 500, most: 30_000 };

/** How the pursuit ended; `handover` asks for continue-as-new. */
export type PursuitEnd =
  | { readonly kind: 'verified'; readonly verification: Verification }
  | { readonly kind: 'failed'; readonly failure: GoalFailure }
  | { readonly kind: 'handover' };

/**
 * Pursues a goal until it is verified or given up: gate, recall, plan, (select, call, analyse)*, verify.
 *
 * @param shouldHandOver asked between steps; true when the history has grown long enough
 */
export async function pursueGoal(run: GoalRun, shouldHandOver: () => boolean): Promise<PursuitEnd> {
  if (!run.isGateOpen) {
    const shut = await passGate(run, shouldHandOver);
    if (shut) return shut;
    run.recall = await recallMemory({ goal: run.goal });
    run.isGateOpen = true;
  }
  for (;;) {
    if (run.isResting()) await condition(() => !run.isResting());
    const failure = await makePlan(run);
    if (failure) return { kind: 'failed', failure };
    if (await workPlan(run, shouldHandOver)) return { kind: 'handover' };
    if (run.failure) return { kind: 'failed', failure: run.failure };
    if (run.isPlanDone()) return verify(run);
    run.revision += 1;
  }
}

/** Waits for the goals it depends on; answers with an end when one of them did not make it or the wait fills the history. */
async function passGate(run: GoalRun, shouldHandOver: () => boolean): Promise<PursuitEnd | null> {
  const ref = { tenantId: run.goal.tenantId, goalId: run.goal.id };
  if (run.goal.dependsOn.length === 0) return null;
  let ask: GateInput = ref;
  for (let pauseMs = GATE_POLL_MS.first; ; pauseMs = Math.min(pauseMs * 2, GATE_POLL_MS.most)) {
    const gate = await checkGate(ask);
    if (gate.kind === 'ask') {
      const { choice } = await askPerson(run, gate.question);
      if (choice !== 'go_on') return { kind: 'failed', failure: gate.otherwise };
      ask = { ...ref, policy: 'skip' };
      continue;
    }
    if (gate.kind === 'failed') return { kind: 'failed', failure: gate.failure };
    if (gate.kind === 'open') return null;
    if (shouldHandOver()) return { kind: 'handover' };
    if (run.state !== 'waiting_dependency') {
      run.state = 'waiting_dependency';
      await recordTransition({
        ref,
        state: run.state,
        reason: `waits for ${gate.unmet.length} goals`,
        commandId: null,
      });
    }
    await sleep(pauseMs);
  }
}

async function makePlan(run: GoalRun): Promise<GoalFailure | null> {
  if (run.revision > MAX_REVISIONS) return tooManyPlans(run);
  run.state = 'planning';
  const { faults } = run.progress;
  const repair = faults.length > 0 ? { faults } : null;
  const summary = repair ? `plan ${run.revision}, around ${faults[0]?.code ?? 'a fault'}` : `plan ${run.revision}`;
  const { goal, recall, revision } = run;
  const input = { goal, recall, repair, revision, analyses: run.takeAnalyses() };
  let planned = await quickOrFull(summary, input);
  while (planned.kind === 'ask') {
    const { question } = planned;
    planned = await quickOrFull(summary, { ...input, asked: { question, answer: await askPerson(run, question) } });
  }
  if (planned.kind === 'failed') return planned.failure;
  run.adopt(planned);
  setCurrentDetails(describePlan(planned.plan));
  return null;
}

async function quickOrFull(
  summary: string,
  input: Omit<PlanGoalInput, 'effort'>,
): Promise<Exclude<PlanGoalResult, { kind: 'needs_time' }>> {
  let planned = await planGoal(summary, { ...input, effort: 'quick' });
  if (planned.kind === 'needs_time') planned = await planGoal(summary, { ...input, effort: 'full' });
  if (planned.kind === 'needs_time') throw new Error('planGoal: a full search ends with a plan or a failure');
  return planned;
}

/**
 * Works the plan's steps, independent ones at once, until all are done or none may be dispatched.
 *
 * @returns true when the history is long enough to hand over to a fresh one
 */
async function workPlan(run: GoalRun, shouldHandOver: () => boolean): Promise<boolean> {
  const running = new Set<Promise<void>>();
  const broken: unknown[] = [];
  for (;;) {
    const isAnyDue = run.due.length > 0;
    if (run.isResting() && !isAnyDue) await condition(() => !run.isResting());
    const handOver = shouldHandOver();
    const steps = handOver || (isAnyDue && run.isResting()) ? [] : run.ready();
    for (const step of steps) {
      run.take(step);
      const pursuit: Promise<void> = pursueStep(run, step)
        .catch((error: unknown) => void broken.push(error))
        .finally(() => running.delete(pursuit));
      running.add(pursuit);
    }
    if (steps.length === 0 && isAnyDue) await judgeDue(run).catch((error: unknown) => void broken.push(error));
    else if (running.size === 0) return handOver && !run.isPlanDone() && !run.isBlocked();
    else await Promise.race(running);
    if (broken.length > 0) {
      await Promise.all(running); // nothing runs past the goal's end
      throw broken[0];
    }
  }
}

async function verify(run: GoalRun): Promise<PursuitEnd> {
  const { plan } = run.progress;
  if (!plan) throw new Error('verify: the goal has no plan');
  const { revision, success } = plan;
  const ref = { tenantId: run.goal.tenantId, goalId: run.goal.id };
  const verification = await verifyGoal(run.verification, success.map(({ summary }) => summary).join('; '), {
    ref,
    plan: { revision, success },
    analyses: run.takeAnalyses(),
  });
  run.progress = applyVerification(run.progress, verification);
  if (verification.holds) return { kind: 'verified', verification };
  const broken = verification.evidence.filter(({ holds }) => !holds);
  return {
    kind: 'failed',
    failure: {
      code: 'verification.failed',
      message: `${verification.broken} of ${verification.checks} checks do not hold: ${broken
        .slice(0, 3)
        .map(({ check, seen }) => `${check} (${seen})`)
        .join('; ')}`,
      hint: 'The steps were done, but what they left behind is not what was asked for; see the evidence of the goal.',
      details: {},
    },
  };
}

function tooManyPlans(run: GoalRun): GoalFailure {
  const last = run.progress.faults.at(-1);
  return {
    code: 'plan.too_many_revisions',
    message: `Gave up after ${MAX_REVISIONS} plans; the last failed at ${last?.stepId ?? 'an unknown step'}: ${last?.message ?? ''}`,
    hint: 'Look at the failed steps; the same obstacle comes back in every plan.',
    details: {},
  };
}

/** The plan as Markdown, for the Web UI. */
function describePlan({ task, revision, reason, steps }: Plan): string {
  const lines = steps.slice(0, 50).map(({ label, summary }, index) => `${index + 1}. **${label}**: ${summary}`);
  return [`**${task.name}**, plan ${revision} (${reason})`, '', ...lines].join('\n');
}
