import type { Evidence, JsonObject } from '@goalkeeper/domain';
import type { ArtifactRef } from '../../definition';
import { runTool, type ToolRun } from '../../registry/run-tool';
import { dataTools } from '../tools';
import { dataVerifiers } from '../verify/verifiers';
import type { LocalRoom } from './local-room';

export interface PlanRun {
  /** Outputs by step label. */
  readonly outputs: Record<string, JsonObject>;
  /** Files listed for the client. */
  readonly produced: readonly ArtifactRef[];
  readonly html: string;
  readonly markdown: string;
  readonly json: string;
}

/** Calls one of the data tools. */
export function callTool(room: LocalRoom, name: string, args: JsonObject): Promise<ToolRun> {
  const tool = dataTools.find((one) => one.name === name);
  if (!tool) throw new Error(`no tool is called ${name}`);
  return runTool(tool, args, room.context);
}

/** What a goal may ask of the aggregates. */
export interface Asking {
  readonly by?: string;
  readonly measure?: string;
  readonly statistic?: string;
  readonly order?: string;
  readonly top?: number;
  readonly where?: readonly JsonObject[];
  /** Of the chart that is asked for. */
  readonly kind?: string;
}

/** Runs the whole plan as the data pack does: open (tolerantly when strict fails), profile, quality, aggregate, chart, report. */
export async function runPlan(room: LocalRoom, source: string, options: Asking = {}): Promise<PlanRun> {
  const produced: ArtifactRef[] = [];
  const step = async (name: string, args: JsonObject): Promise<JsonObject> => {
    const run = await callTool(room, name, args);
    if (!run.ok || !run.output) throw new Error(`${name}: ${run.error?.code ?? ''} ${run.error?.message ?? ''}`);
    produced.push(...run.artifacts);
    return run.output;
  };
  const { by = null, measure = null, statistic = null, order = null, top = null, kind = null, where = null } = options;
  const open = await step('data.open', { source }).catch(() => step('data.open-tolerant', { source }));
  const table = open.table ?? null;
  const profile = await step('data.profile', { table });
  const fields = { table, profile: profile.profile ?? null };
  const quality = await step('data.quality', fields);
  const aggregate = await step('data.aggregate', {
    ...fields,
    by,
    measure,
    statistic,
    order,
    top,
    where: where && [...where],
  });
  const asked: JsonObject = kind === null && statistic === null ? {} : { by, measure, statistic, kind };
  const chart = await step('data.chart', { ...fields, ...asked, aggregates: aggregate.aggregates ?? null });
  const report = await step('data.report', {
    opened: open,
    profile: profile.profile ?? null,
    quality: quality.quality ?? null,
    aggregates: aggregate.aggregates ?? null,
    charts: chart.charts ?? null,
    by,
  });
  const text = (ref: unknown): string => room.read(ref as ArtifactRef).toString('utf8');
  return {
    outputs: { open, profile, quality, aggregate, chart, report },
    produced,
    html: text(report.html),
    markdown: text(report.markdown),
    json: text(report.json),
  };
}

/** Verifies a run; `args` are those of the predicate. */
export function verifyRun(
  room: LocalRoom,
  run: Pick<PlanRun, 'outputs' | 'produced'>,
  args: JsonObject = {},
  name = 'data.report_is_true',
): Promise<readonly Evidence[]> {
  const verifier = dataVerifiers.find((one) => one.name === name);
  if (!verifier) throw new Error(`no verifier is called ${name}`);
  return verifier.verify({ name, summary: name, args }, room.verifierContext(run.outputs, run.produced));
}

/** The checks that do not hold. */
export function broken(evidence: readonly Evidence[]): string[] {
  return evidence.filter(({ holds }) => !holds).map(({ check, seen }) => `${check}: ${seen}`);
}
