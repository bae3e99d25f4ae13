import { BLAMES, type Evidence, type Fact, type Json, type JsonObject, type ToolReport } from '@goalkeeper/domain';
import { z } from 'zod';
import { type ArtifactRef, type ToolContext, type ToolDefinition, ToolFailure, type ToolResult } from '../definition';
import { cutMessage, messageOf } from './messages';
import { reportProblem } from './report-limits';

/** What a call reported, with the files and facts it left. `value` is the output as its schema read it. */
export interface ToolRun extends ToolReport {
  readonly artifacts: readonly ArtifactRef[];
  readonly summary: string;
  readonly facts: readonly Fact[];
  readonly value: unknown;
}

const SUMMARY_CHARS = 200;

/**
 * Calls a tool: checks the arguments, runs it under its time-out, checks the output and its post-condition.
 * Whatever goes wrong with the call is data: {@link ToolFailure} keeps its code, anything else is `tool.defect`.
 * A time-out or defect of a `once` tool is marked uncertain: it may have had its effect.
 *
 * @throws the reason of `context.signal`, and nothing else, when the call is cancelled
 */
export async function runTool(tool: ToolDefinition, rawArgs: Json, context: ToolContext): Promise<ToolRun> {
  context.signal.throwIfAborted();
  const began = performance.now();
  const end = (run: Omit<ToolRun, 'durationMs'>): ToolRun => ({
    ...run,
    durationMs: Math.round(performance.now() - began),
  });
  const args = tool.input.safeParse(rawArgs);
  if (!args.success) return end(failed('tool.invalid_arguments', `${tool.name}: ${z.prettifyError(args.error)}`));
  try {
    const result = await underTimeout(tool, args.data, context);
    return end(await judge(tool, args.data, result));
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    return end(fromError(tool, error));
  }
}

async function underTimeout(tool: ToolDefinition, args: unknown, context: ToolContext): Promise<ToolResult<unknown>> {
  const timeout = new AbortController();
  const signal = AbortSignal.any([context.signal, timeout.signal]);
  const late = (): ToolFailure =>
    new ToolFailure('tool.timeout', `${tool.name} took longer than ${tool.timeoutMs} ms`, {
      transient: true,
      uncertain: tool.effect === 'once',
    });
  const timer = setTimeout(() => timeout.abort(late()), tool.timeoutMs);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  aborted.catch(() => undefined); // a run that throws at once never reaches the race
  try {
    const call = tool.run(args, { ...context, signal });
    return await Promise.race([call, aborted]);
  } finally {
    clearTimeout(timer);
  }
}

async function judge(
  tool: ToolDefinition,
  args: unknown,
  result: ToolResult<unknown>,
): Promise<Omit<ToolRun, 'durationMs'>> {
  const parsed = tool.output.safeParse(result.output);
  if (!parsed.success) return failed('tool.invalid_output', `${tool.name} returned ${z.prettifyError(parsed.error)}`);
  const output: unknown = parsed.data ?? null;
  const { artifacts = [] } = result;
  const refused = (problem: string) => failed('tool.invalid_output', `${tool.name} returned ${problem}`);
  // The output comes first: nothing else is asked about what could not be kept anyway.
  const unfit = reportProblem({ output, artifacts, evidence: [], facts: [] });
  if (unfit) return refused(unfit);
  const evidence: readonly Evidence[] = (await tool.postcondition?.(args, parsed.data)) ?? [];
  const facts = tool.facts?.(args, parsed.data) ?? [];
  const problem = reportProblem({ output, artifacts, evidence, facts });
  if (problem) return refused(problem);
  return {
    ok: true,
    output: JSON.parse(JSON.stringify(output)) as JsonObject,
    error: null,
    evidence,
    artifacts,
    summary: shorten(result.summary),
    facts,
    value: parsed.data,
  };
}

function fromError(tool: ToolDefinition, error: unknown): Omit<ToolRun, 'durationMs'> {
  if (error instanceof ToolFailure) {
    const { denies = [] } = error.options;
    const run = failed(error.code, error.message, error.options);
    const isFit = reportProblem({ output: null, artifacts: [], evidence: [], facts: denies }) === null;
    return denies.length > 0 && isFit ? { ...run, denies } : run;
  }
  return failed('tool.defect', `${tool.name}: ${messageOf(error)}`, { uncertain: tool.effect === 'once' });
}

function failed(
  code: string,
  message: string,
  how: Pick<ToolFailure['options'], 'transient' | 'uncertain' | 'blame'> = {},
): Omit<ToolRun, 'durationMs'> {
  const { transient = false, uncertain = false, blame } = how;
  const told = { ...(uncertain ? { uncertain } : {}), ...(blame && BLAMES.includes(blame) ? { blame } : {}) };
  const error = { code, message: cutMessage(message), transient, ...told };
  const none = { evidence: [], artifacts: [], facts: [], value: null };
  return { ok: false, output: null, error, summary: shorten(message), ...none };
}

function shorten(text: string): string {
  const line = cutMessage(text).replace(/\s+/g, ' ').trim();
  return line.length <= SUMMARY_CHARS ? line : `${line.slice(0, SUMMARY_CHARS - 1)}…`;
}
