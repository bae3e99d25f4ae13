import { type EffectState, type GoalState, type JsonObject, type Observation, toPublicId } from '@goalkeeper/domain';
import {
  ArtifactRepository,
  EventRepository,
  type EntityManager,
  newId,
  type NewEvent,
  StepRepository,
} from '@goalkeeper/persistence';
import type { ArtifactRef, ToolRun } from '@goalkeeper/tools';
import { finishedEvents, type PreparedCall } from './tool-call';

/** How the ledger row of the call ends; null leaves it begun, as for a repeatable call whose end is unknown. */
export interface Settlement {
  readonly state: Extract<EffectState, 'confirmed' | 'failed' | 'uncertain'>;
  readonly result: JsonObject | null;
}

/**
 * Stores a call's result with all that follows from it: step, observation, action, ledger, files, judgements that waited, events.
 *
 * @param options.before events that belong in front of those of the result
 * @param options.refuseWhen states of the goal in which nothing may be stored any more
 * @returns `stopped` when the goal is in one of those states, and the caller then rolls back; `known` when another attempt at
 * the same call was first: its result stands, and nothing is told twice
 */
export async function storeResult(
  tx: EntityManager,
  call: PreparedCall,
  result: { readonly run: ToolRun; readonly observation: Observation; readonly settlement: Settlement | null },
  options: { readonly before?: readonly NewEvent[]; readonly refuseWhen?: readonly GoalState[] } = {},
): Promise<'stored' | 'known' | 'stopped'> {
  const { run, observation, settlement } = result;
  const { goalId } = call.ref;
  const isDone = observation.outcome === 'success' || observation.outcome === 'partial';
  const files = isDone ? run.artifacts.map((file) => ({ id: newId(), file })) : [];
  const isFirst = await new StepRepository(tx).finish(goalId, {
    stepId: call.step.id,
    callNo: call.callNo,
    observation,
    state: isDone ? 'succeeded' : 'failed',
    output: isDone ? run.output : null,
    ...(settlement ? { effect: { key: call.key, ...settlement } } : {}),
    analyses: call.analyses,
  });
  if (!isFirst) return 'known';
  const listed = await new ArtifactRepository(tx).add(
    ...files.map(({ id, file }) => ({ id, goalId, stepId: call.step.id, direction: 'out' as const, ...file })),
  );
  const ledger: NewEvent[] = settlement
    ? [
        {
          type: 'effect.recorded',
          stepId: call.step.id,
          data: { key: call.key, tool: call.tool.name, class: call.tool.effect, state: settlement.state },
        },
      ]
    : [];
  const created = files.filter(({ id }) => listed.includes(id)).map(({ id, file }) => createdEvent(call, id, file));
  const events = [...(options.before ?? []), ...ledger, ...finishedEvents(call, observation, created)];
  // Last, so that the goal's row is locked briefly.
  const seq = await new EventRepository(tx).append(goalId, events, { callsMadeAdd: 1, refuseWhen: options.refuseWhen });
  return seq === null ? 'stopped' : 'stored';
}

function createdEvent(call: PreparedCall, id: string, file: ArtifactRef): NewEvent {
  const { name, mediaType, sizeBytes } = file;
  return {
    type: 'artifact.created',
    stepId: call.step.id,
    data: { id: toPublicId('art', id), name, mediaType, sizeBytes },
  };
}

/** What a finished run says about its effect. */
export function settlementOf(call: PreparedCall, run: ToolRun, result: JsonObject): Settlement | null {
  if (call.tool.effect === 'pure') return null;
  if (run.ok) return { state: 'confirmed', result };
  if (!run.error?.uncertain) return { state: 'failed', result };
  return call.tool.effect === 'once' ? { state: 'uncertain', result } : null;
}
