import { speaksOfTool } from '../observation/blame';
import type { ErrorClass, Observation } from '../observation/observation';
import type { PlanStep } from '../planning/plan';
import { contextOf } from '../selection/context';

/** What one goal adds to a tool's record: amounts, never totals. */
export interface ToolLesson {
  readonly tool: string;
  /** Bucket of the calls' context; absent for the tool as a whole, which has the calls of every context. */
  readonly context?: string;
  /** In a context: other tools that its calls could have been made with. What is known of them there is doubted with it. */
  readonly rivals?: readonly string[];
  readonly successes: number;
  readonly failures: number;
  /** Sum over the counted calls, milliseconds; and of ln milliseconds, and of its square. */
  readonly durationMs: number;
  readonly logMs?: number;
  readonly squaredLogMs?: number;
  readonly costUsd?: number;
  /** Transient failures behind the last call that worked; and whether one worked, verified or not: it closes the circuit. */
  readonly failing?: number;
  readonly worked?: boolean;
  /** What calls that worked returned, newest first (`Observation.measures`). */
  readonly samples?: Readonly<Record<string, readonly number[]>>;
}

interface Judged {
  readonly verified: boolean;
  readonly steps: readonly (Pick<PlanStep, 'id' | 'args'> & Partial<Pick<PlanStep, 'tools'>>)[];
}

/**
 * What a goal's calls teach of its tools: a record of each as a whole, and one for each context it was called in. Successes count
 * where the goal was verified, failures always, but for those whose cause is not the tool; uncertain outcomes and answers from the
 * store for nothing.
 */
export function toolLessons(observations: readonly Observation[], judged: Judged): ToolLesson[] {
  const places = new Map(
    judged.steps.map((step) => [
      step.id,
      { context: contextOf(step), tools: (step.tools ?? []).map(({ tool }) => tool) },
    ]),
  );
  return lessonsOfCalls(observations, judged.verified, places);
}

/** What is counted of a call. */
export interface CountedCall extends Pick<
  Observation,
  'stepId' | 'tool' | 'outcome' | 'durationMs' | 'costUsd' | 'replayed' | 'measures'
> {
  readonly error: Pick<ErrorClass, 'duration' | 'code' | 'blame'> | null;
}

/** Where a call was made: the bucket of its arguments, and the tools that could have made it. */
export interface CallPlace {
  readonly context: string;
  readonly tools: readonly string[];
}

/** {@link toolLessons} where the place of each step is known already, by the step's id. */
export function lessonsOfCalls(
  observations: readonly CountedCall[],
  verified: boolean,
  places: ReadonlyMap<string, CallPlace>,
): ToolLesson[] {
  const made = observations.filter(
    ({ replayed, outcome, error }) => !replayed && outcome !== 'uncertain' && speaksOfTool(error),
  );
  const counted = made.filter((observation) => verified || !didWork(observation));
  return [...new Set(made.map(({ tool }) => tool))].flatMap((tool) => {
    const all = made.filter((observation) => observation.tool === tool);
    const own = counted.filter((observation) => observation.tool === tool);
    const circuit = { failing: failuresBehind(all), worked: all.some(didWork) };
    const isTelling = own.length > 0 || circuit.worked;
    const whole = { ...sumsOf(tool, own), ...circuit, samples: samplesOf(own) };
    return [...(isTelling ? [whole] : []), ...byContext(tool, own, places)];
  });
}

function didWork({ outcome }: CountedCall): boolean {
  return outcome === 'success' || outcome === 'partial';
}

function byContext(tool: string, own: readonly CountedCall[], places: ReadonlyMap<string, CallPlace>): ToolLesson[] {
  const groups = new Map<string, CountedCall[]>();
  for (const observation of own) {
    const context = places.get(observation.stepId)?.context;
    if (context) groups.set(context, [...(groups.get(context) ?? []), observation]);
  }
  return [...groups].map(([context, group]) => {
    const tools = new Set(group.flatMap(({ stepId }) => places.get(stepId)?.tools ?? []));
    tools.delete(tool);
    const rivals = [...tools].sort();
    return { ...sumsOf(tool, group), context, ...(rivals.length > 0 ? { rivals } : {}) };
  });
}

function sumsOf(tool: string, calls: readonly CountedCall[]): ToolLesson {
  const logs = calls.map(({ durationMs }) => Math.log(Math.max(1, durationMs)));
  const successes = calls.filter(didWork).length;
  return {
    tool,
    successes,
    failures: calls.length - successes,
    durationMs: sum(calls.map(({ durationMs }) => durationMs)),
    logMs: sum(logs),
    squaredLogMs: sum(logs.map((log) => log * log)),
    costUsd: sum(calls.map(({ costUsd }) => costUsd)),
  };
}

function failuresBehind(calls: readonly CountedCall[]): number {
  const last = calls.findLastIndex(didWork);
  return calls.slice(last + 1).filter(({ error }) => error?.duration === 'transient').length;
}

/** Values of a measure that a goal hands on at most. */
const NEWEST = 11;

function samplesOf(calls: readonly CountedCall[]): Record<string, number[]> {
  const samples = new Map<string, number[]>();
  for (const { measures = {} } of calls.filter(didWork).reverse()) {
    for (const [name, value] of Object.entries(measures)) {
      const values = samples.get(name) ?? [];
      if (values.length < NEWEST) samples.set(name, [...values, value]);
    }
  }
  return Object.fromEntries(samples);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
