import { setTimeout as sleep } from 'node:timers/promises';
import {
  CallRepository,
  type ClaimedEffect,
  EffectRepository,
  GoalStoppedError,
  type NewEvent,
} from '@goalkeeper/persistence';
import type { JsonObject } from '@goalkeeper/domain';
import type { ToolRun } from '@goalkeeper/tools';
import type { CallToolResult } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import type { Pulse } from '../heartbeat';
import { poisonOf } from './poison';
import { resultOf } from './store-result';
import {
  answered,
  beginningOf,
  failedRun,
  judge,
  type PreparedCall,
  prepare,
  refused,
  run,
  startedEvents,
  type ToolCall,
} from './tool-call';

/** What the ledger says of an effect. */
type Known = Pick<ClaimedEffect, 'state' | 'result'>;

interface Begun {
  readonly call: PreparedCall;
  readonly claimed: ClaimedEffect | null;
  readonly attempts: number;
  /** True when the ledger does not let this call go out. */
  readonly isWithheld: boolean;
}

/**
 * A call whose effect lies outside the database, or that takes long: one transaction before it (step, decision, ledger), one
 * after it (result). Between the two only the tool's own effect can happen, under a key that never changes.
 */
export async function callWithLedger(deps: ActivityDeps, call: ToolCall, pulse: Pulse): Promise<CallToolResult> {
  const calls = new CallRepository(deps.database, call.ref);
  try {
    const prepared = await prepare(calls, call);
    const events = { first: startedEvents(prepared)[0], again: attemptFailed(prepared) };
    const { stored, attempts, claimed = null } = await calls.begin(beginningOf(prepared, events));
    if (stored) return answered(stored);
    deps.wakeups.publish(call.ref.goalId, 'moved');
    const isWithheld = claimed !== null && !claimed.granted;
    const toolRun = await runOnce(deps, { call: prepared, claimed, attempts, isWithheld }, pulse);
    const observation = judge(prepared, toolRun, isWithheld);
    const finished = await calls.finish(resultOf(prepared, { run: toolRun, observation, settles: !isWithheld }));
    return finished.end === 'known' ? answered(finished.observation) : { observation, refused: false };
  } catch (error) {
    if (error instanceof GoalStoppedError) return refused(call);
    throw error;
  }
}

/** The store adds which attempt it is. */
function attemptFailed({ step, tool, callNo }: PreparedCall): NewEvent {
  const data: JsonObject = {
    stepId: step.id,
    label: step.label,
    tool: tool.name,
    callNo,
    reason: 'an earlier attempt ended without a result',
  };
  return { type: 'activity.attempt_failed', stepId: step.id, data };
}

async function runOnce(deps: ActivityDeps, begun: Begun, pulse: Pulse): Promise<ToolRun> {
  const { call, claimed, attempts } = begun;
  if (begun.isWithheld) return fromLedger(call, await settledByFirst(deps, call, claimed, pulse));
  const poison = poisonOf(call, attempts);
  if (poison) return poison;
  try {
    return await run(deps, call, pulse);
  } catch (error) {
    if (pulse.signal.aborted) await settleAborted(deps, call);
    throw error;
  }
}

/** A worker whose loop was blocked for this long has come back, or is not coming back. */
const STALL_MS = 15_000;

/**
 * An attempt that Temporal gave up may still be running on a stalled worker: its answer is waited for, so that a missed
 * heartbeat is not at once taken for an unknown end.
 */
async function settledByFirst(
  deps: ActivityDeps,
  call: PreparedCall,
  claimed: ClaimedEffect | null,
  pulse: Pulse,
): Promise<Known | null> {
  let known: Known | null = claimed;
  for (
    const end = Date.now() + Math.min(call.tool.timeoutMs, STALL_MS);
    known?.state === 'dispatched' && Date.now() < end;
  ) {
    await sleep(1_000, undefined, { signal: pulse.signal });
    known = await deps.database.tenant(call.ref.tenantId, async (tx) => {
      const effects = await new EffectRepository(tx).list(call.ref.goalId);
      return effects.find(({ key }) => key === call.key) ?? null;
    });
  }
  return known;
}

/** The ledger knows the answer, or knows that nobody knows. */
function fromLedger(call: PreparedCall, known: Known | null): ToolRun {
  if (known?.result) return known.result as unknown as ToolRun;
  return failedRun(
    'effect.uncertain',
    `${call.tool.name} was begun before and its end was never recorded; it is not repeated`,
    true,
  );
}

/** A call cut off by a stop may have had its effect: for `once` the ledger says that nobody knows. */
async function settleAborted(deps: ActivityDeps, call: PreparedCall): Promise<void> {
  if (call.tool.effect !== 'once') return;
  await deps.database.tenant(call.ref.tenantId, (tx) => new EffectRepository(tx).settle(call.key, 'uncertain', null));
}
