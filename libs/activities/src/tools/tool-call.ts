import {
  canonicalJson,
  type GoalState,
  type JsonObject,
  type Observation,
  observe,
  type PlanStep,
  TERMINAL_STATES,
} from '@goalkeeper/domain';
import type { BeginCall, CallRepository, NewEvent } from '@goalkeeper/persistence';
import { runTool, type ToolContext, type ToolDefinition, type ToolRun } from '@goalkeeper/tools';
import type { CallToolInput, CallToolResult } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import type { Pulse } from '../heartbeat';
import { effectKey, intentDigest } from './effect-key';
import { createGoalSources, type FindArtifact } from './goal-sources';
import { createCallFiles } from './goal-files';
import { referencedSteps, resolveArgs } from './resolve-args';

/** One call as both ways of making it see it. */
export type ToolCall = CallToolInput & { readonly tool: ToolDefinition };

/** A call with its arguments in place and its effect named. */
export interface PreparedCall extends ToolCall {
  readonly args: JsonObject;
  readonly intent: string;
  readonly key: string;
}

/** States in which nothing more is dispatched. */
export const STOPPED: readonly GoalState[] = ['cancelling', ...TERMINAL_STATES];

/** Reads what earlier steps put out and names the effect. One statement, none without references. */
export async function prepare(calls: CallRepository, call: ToolCall): Promise<PreparedCall> {
  const { step, decision, tool, ref } = call;
  const raw = step.tools[decision.chosen?.bindingIndex ?? -1]?.args ?? {};
  const args = resolveArgs(raw, await calls.outputs(referencedSteps(raw)));
  const parsed = tool.input.safeParse(args);
  const meaning = parsed.success && tool.intent ? tool.intent(parsed.data) : args;
  const intent = intentDigest(meaning);
  return { ...call, args, intent, key: effectKey(ref.goalId, step, tool.name, intent) };
}

/** The call as the store begins it. */
export function beginningOf(call: PreparedCall, events: BeginCall['events']): BeginCall {
  const { step, planRevision, callNo, decision, tool, args, key, intent } = call;
  return {
    step,
    planRevision,
    callNo,
    decision,
    tool: tool.name,
    args,
    idempotencyKey: key,
    effect: tool.effect === 'pure' ? null : { key, intent, class: tool.effect },
    events,
    refuseWhen: STOPPED,
  };
}

/** What a call in a transaction lends its tool of it. */
export interface Lent {
  /** Absent for a tool that does not write there. */
  readonly query?: ToolContext['query'];
  readonly findArtifact?: FindArtifact;
}

/** Runs the tool with everything it may use; its scratch folders are gone afterwards. */
export async function run(
  deps: ActivityDeps,
  call: PreparedCall,
  pulse: Pulse,
  { query, findArtifact }: Lent = {},
): Promise<ToolRun> {
  const files = createCallFiles(deps.blobs, deps.files.scratchDir);
  const context: ToolContext = {
    ...call.ref,
    stepId: call.step.id,
    idempotencyKey: call.key,
    signal: pulse.signal,
    heartbeat: pulse.beat,
    artifacts: files.artifacts,
    sources: createGoalSources(deps, call.ref.tenantId, findArtifact),
    ...(query ? { query } : {}),
  };
  try {
    return await runTool(call.tool, call.args, context);
  } finally {
    await files.cleanUp();
  }
}

/** A failure that no tool reported. */
export function failedRun(code: string, message: string, uncertain: boolean): ToolRun {
  const error = { code, message, transient: false, uncertain };
  return {
    ok: false,
    output: null,
    error,
    evidence: [],
    durationMs: 0,
    artifacts: [],
    summary: message,
    facts: [],
    value: null,
  };
}

/** Types what came back; `replayed` when the ledger answered. */
export function judge(call: PreparedCall, run: ToolRun, replayed: boolean): Observation {
  const { step, tool, needs = [] } = call;
  const { expectsRows = [] } = tool;
  return observe({ step, tool, report: run, summary: run.summary, facts: run.facts, replayed, needs, expectsRows });
}

/** The result of a call that was not made, because the store had its answer. */
export function answered(stored: Observation): CallToolResult {
  return { observation: { ...stored, replayed: true }, refused: false };
}

/** The result of a call that was not made, because the goal is to stop. */
export function refused(call: {
  readonly step: Pick<PlanStep, 'id'>;
  readonly tool: { readonly name: string };
}): CallToolResult {
  const error = {
    kind: 'explicit',
    duration: 'permanent',
    code: 'goal.stopping',
    message: 'The goal is being stopped',
  } as const;
  const observation: Observation = {
    stepId: call.step.id,
    tool: call.tool.name,
    outcome: 'failure',
    error,
    evidence: [],
    factsAdded: [],
    factsRemoved: [],
    summary: 'not called: the goal is being stopped',
    durationMs: 0,
    costUsd: 0,
    replayed: false,
  };
  return { observation, refused: true };
}

/** What a tool run keeps in the ledger, enough to answer a repeat. */
export function ledgerResult(run: ToolRun): JsonObject {
  const { ok, output, error, evidence, durationMs, artifacts, summary, facts } = run;
  return JSON.parse(
    canonicalJson({ ok, output, error, evidence, durationMs, artifacts, summary, facts } as never),
  ) as JsonObject;
}

/** What events tell of a call. */
type ToldCall = Pick<PreparedCall, 'step' | 'callNo'> & { readonly tool: { readonly name: string } };

export function startedEvents(call: ToldCall & Pick<PreparedCall, 'decision'>): readonly [NewEvent] {
  const { step, tool, decision, callNo } = call;
  const data = {
    stepId: step.id,
    label: step.label,
    tool: tool.name,
    confidence: decision.confidence,
    callNo,
    reason: decision.reason,
  };
  return [{ type: callNo > 1 ? 'step.retrying' : 'step.started', stepId: step.id, data }];
}

export function finishedEvents(call: ToldCall, observation: Observation): NewEvent[] {
  const { step, tool, callNo } = call;
  const { outcome, error, summary, durationMs, costUsd, replayed, evidence } = observation;
  const isDone = outcome === 'success' || outcome === 'partial';
  const common = { stepId: step.id, label: step.label, tool: tool.name, callNo };
  return [
    {
      type: 'observation.recorded',
      stepId: step.id,
      data: {
        ...common,
        outcome,
        error: error && { ...error },
        checks: evidence.length,
        broken: evidence.filter(({ holds }) => !holds).length,
      },
    },
    {
      type: isDone ? 'step.completed' : 'step.failed',
      stepId: step.id,
      data: { ...common, durationMs, costUsd, summary, replayed, ...(error ? { error: { ...error } } : {}) },
    },
  ];
}
