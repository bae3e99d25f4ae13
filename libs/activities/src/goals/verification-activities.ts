import { AgentError, type Evidence, FACTS_HOLD, goalFacts, type SuccessPredicate } from '@goalkeeper/domain';
import { type NewEvent, PlanStore, VerificationStore } from '@goalkeeper/persistence';
import { ToolFailure, type VerifierContext } from '@goalkeeper/tools';
import type { GoalActivities, Verification, VerifyGoalInput } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { type Pulse, withHeartbeat } from '../heartbeat';
import { createPackShelf } from '../planning/pack-shelf';
import { createCallFiles } from '../tools/goal-files';
import { createGoalSources } from '../tools/goal-sources';
import { shownEvidence } from './shown-evidence';

/** Verification reads the world and stores what it saw; a repeat looks again and replaces it. */
export function createVerificationActivities(deps: ActivityDeps): Pick<GoalActivities, 'verifyGoal'> {
  return {
    verifyGoal: (input) => withHeartbeat((pulse) => verifyGoal(deps, input, pulse)),
  };
}

async function verifyGoal(deps: ActivityDeps, input: VerifyGoalInput, pulse: Pulse): Promise<Verification> {
  const { ref, plan } = input;
  const findings = new VerificationStore(deps.database, ref);
  const done = await findings.workDone();
  const files = createCallFiles(deps.blobs, deps.files.scratchDir);
  const context: VerifierContext = {
    ...ref,
    signal: pulse.signal,
    heartbeat: pulse.beat,
    artifacts: files.artifacts,
    sources: createGoalSources(deps, ref.tenantId),
    ...done,
  };
  try {
    const evidence: Evidence[] = [];
    for (const predicate of plan.success)
      evidence.push(
        ...(predicate.name === FACTS_HOLD ? await checkFacts(deps, input) : await check(deps, predicate, context)),
      );
    const broken = evidence.filter(({ holds }) => !holds).length;
    const checks = evidence.length;
    const verification: Verification = { holds: checks > 0 && broken === 0, checks, broken, evidence };
    await findings.save({ ...verification, ...toldOf(input, verification) });
    deps.wakeups.publish(ref.goalId, 'moved');
    return { ...verification, evidence: shownEvidence(evidence) };
  } finally {
    await files.cleanUp();
  }
}

/** The goal of a planning domain, by what was observed of the world. */
async function checkFacts(deps: ActivityDeps, { ref }: VerifyGoalInput): Promise<readonly Evidence[]> {
  const state = await new PlanStore(deps.database, ref).state([]);
  const { latest, succeeded, facts, denied = [] } = state;
  const shelf = deps.shelf ?? createPackShelf(deps);
  const pack = latest && (await shelf.pinned(ref.tenantId, latest));
  if (!latest || !pack) return [{ check: 'the plan and its pack are there', holds: false, seen: 'nothing' }];
  return goalFacts(latest, pack, { facts, denied }, succeeded);
}

/** A predicate nobody can check does not hold; a verifier that breaks for good is a finding, not a crash. */
async function check(
  deps: ActivityDeps,
  predicate: SuccessPredicate,
  context: VerifierContext,
): Promise<readonly Evidence[]> {
  const verifier = deps.tools.verifier(predicate.name);
  if (!verifier)
    return [{ check: predicate.summary, holds: false, seen: `no verifier named ${predicate.name} is installed` }];
  try {
    const evidence = await verifier.verify(predicate, context);
    return evidence.length > 0
      ? evidence
      : [{ check: predicate.summary, holds: false, seen: 'the verifier looked at nothing' }];
  } catch (error) {
    context.signal.throwIfAborted();
    if (isPassing(error)) throw error; // a world that is away says nothing about the predicate: Temporal asks again
    deps.log.error({ err: error, predicate: predicate.name, goalId: context.goalId }, 'verifier.failed');
    return [{ check: predicate.summary, holds: false, seen: error instanceof Error ? error.message : String(error) }];
  }
}

function isPassing(error: unknown): boolean {
  return (
    (error instanceof AgentError && error.retryable) ||
    (error instanceof ToolFailure && error.options.transient === true)
  );
}

function toldOf(
  { plan, analyses }: VerifyGoalInput,
  { holds, checks, broken, evidence }: Verification,
): { revision: number; analyses: VerifyGoalInput['analyses']; events: NewEvent[] } {
  const shown = shownEvidence(evidence).map(({ check: what, holds: isTrue, seen }) => ({
    check: what,
    holds: isTrue,
    seen,
  }));
  const told: NewEvent = { type: 'goal.verified', data: { holds, checks, broken, evidence: shown } };
  return { revision: plan.revision, analyses, events: [told] };
}
