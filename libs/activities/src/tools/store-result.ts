import { type EffectState, type JsonObject, type Observation, toPublicId } from '@goalkeeper/domain';
import { type FinishCall, newId, type NewEvent, type ProducedFile } from '@goalkeeper/persistence';
import type { ArtifactRef, ToolRun } from '@goalkeeper/tools';
import { finishedEvents, ledgerResult, type PreparedCall } from './tool-call';

/** How the ledger row of the call ends; null leaves it begun, as for a repeatable call whose end is unknown. */
export interface Settlement {
  readonly state: Extract<EffectState, 'confirmed' | 'failed' | 'uncertain'>;
  readonly result: JsonObject | null;
}

/**
 * A call's result with all that follows from it: step, observation, action, ledger, files, judgements that waited, events.
 *
 * @param told.settles false when the ledger itself had the answer
 */
export function resultOf(
  call: PreparedCall,
  told: { readonly run: ToolRun; readonly observation: Observation; readonly settles: boolean },
): FinishCall {
  const { run, observation } = told;
  const isDone = observation.outcome === 'success' || observation.outcome === 'partial';
  const settlement = told.settles ? settlementOf(call, run) : null;
  return {
    stepId: call.step.id,
    callNo: call.callNo,
    observation,
    state: isDone ? 'succeeded' : 'failed',
    output: isDone ? run.output : null,
    ...(settlement ? { effect: { key: call.key, ...settlement } } : {}),
    files: isDone ? run.artifacts.map((file) => produced(call, file)) : [],
    analyses: call.analyses,
    eventsBefore: settlement ? [recorded(call, settlement)] : [],
    eventsAfter: finishedEvents(call, observation),
  };
}

function recorded({ step, key, tool }: PreparedCall, { state }: Settlement): NewEvent {
  return { type: 'effect.recorded', stepId: step.id, data: { key, tool: tool.name, class: tool.effect, state } };
}

function produced(call: PreparedCall, { name, mediaType, sizeBytes, sha256 }: ArtifactRef): ProducedFile {
  const id = newId();
  const data = { id: toPublicId('art', id), name, mediaType, sizeBytes };
  return { id, name, mediaType, sizeBytes, sha256, event: { type: 'artifact.created', stepId: call.step.id, data } };
}

/** What a finished run says about its effect. */
function settlementOf({ tool }: PreparedCall, run: ToolRun): Settlement | null {
  if (tool.effect === 'pure') return null;
  const result = ledgerResult(run);
  if (run.ok) return { state: 'confirmed', result };
  if (!run.error?.uncertain) return { state: 'failed', result };
  return tool.effect === 'once' ? { state: 'uncertain', result } : null;
}
