import type { Evidence, JsonObject, SuccessPredicate } from '@goalkeeper/domain';
import type { Verifier, VerifierContext } from '../../definition';
import { readStored } from './check-files';
import { lastOf } from './last-of';
import { type CheckedChart, type CheckedReport, ReportJsonSchema, ReportOutputSchema } from './report-model';
import { resolveGroup, resolveName } from './resolve-name';

/** Columns that the page describes one by one. */
const MOST_COLUMNS = 120;
const KINDS: Readonly<Record<string, readonly string[]>> = {
  bar: ['bar', 'counts'],
  line: ['line'],
  histogram: ['histogram'],
  scatter: ['scatter', 'heatmap'],
};

/** Holds when some chart shows the columns, the statistic and the kind that were asked for; that its numbers are true is judged elsewhere. */
export const chartIsDrawn: Verifier = {
  name: 'data.chart_is_drawn',
  verify: (predicate, context) => judged(predicate, context, chartEvidence),
};

/** Holds when the report tells of every column how much of it is missing and different, and of the table its rows and repeated rows. */
export const profileIsComplete: Verifier = {
  name: 'data.profile_is_complete',
  verify: (predicate, context) => judged(predicate, context, profileEvidence),
};

async function judged(
  { args }: SuccessPredicate,
  context: VerifierContext,
  judge: (args: JsonObject, report: CheckedReport) => Evidence[],
): Promise<readonly Evidence[]> {
  const evidence: Evidence[] = [];
  const written = lastOf(context, ReportOutputSchema);
  if (!written) return [{ check: 'a report was written', holds: false, seen: 'no step gave html, markdown and json' }];
  const json = await readStored(written.json, context, evidence);
  if (json === null) return evidence;
  const report = ReportJsonSchema.safeParse(JSON.parse(json));
  if (!report.success) return [{ check: 'report.json can be read', holds: false, seen: 'it has another shape' }];
  return [...evidence, ...judge(args, report.data)];
}

const textIn = (args: JsonObject, name: string): string | null => (typeof args[name] === 'string' ? args[name] : null);

function chartEvidence(args: JsonObject, report: CheckedReport): Evidence[] {
  const names = report.columns.map(({ name }) => name);
  const kinds = (textIn(args, 'kind') ?? '').split(',').filter((kind) => kind !== '');
  const statistics = (textIn(args, 'statistic') ?? '').split(',').filter((one) => one !== '');
  const [by, measure] = [textIn(args, 'by'), textIn(args, 'measure')];
  const group = by === null ? null : resolveGroup(by, report.columns);
  const asked = [by, measure].filter((name) => name !== null);
  const meant = asked.map((name) => (name === by ? (group?.by ?? null) : resolveName(name, names)));
  const per = group?.per ?? null;
  const unknown = asked.find((_, index) => meant[index] === null);
  if (unknown !== undefined) {
    const seen = `columns: ${names.join(', ').slice(0, 200)}`;
    return [{ check: `the table has the column "${unknown}" that was asked for`, holds: false, seen }];
  }
  const wanted = kinds.length > 0 ? kinds : [null];
  return wanted.flatMap((kind) =>
    (statistics.length > 0 && (kind === null || kind === 'bar') ? statistics : [null]).map((statistic) => {
      const found = report.charts.find((chart) => shows(chart, { kind, statistic, per, columns: meant }));
      const what = [statistic, kind ?? 'chart', per, ...meant].filter((part) => part !== null).join(', ');
      return {
        check: `a chart shows what was asked for: ${what}`,
        holds: found !== undefined,
        seen: found?.title ?? 'none',
      };
    }),
  );
}

interface Wanted {
  readonly kind: string | null;
  readonly statistic: string | null;
  /** Periods of the dates, where they are asked for. */
  readonly per: string | null;
  readonly columns: readonly (string | null)[];
}

function shows({ kind, columns, data }: CheckedChart, wanted: Wanted): boolean {
  const isKind = wanted.kind === null || (KINDS[wanted.kind] ?? []).includes(kind);
  // A histogram shows one column alone, whatever else is named.
  const needed = wanted.columns.filter((name) => name !== null);
  const hasColumns =
    kind === 'histogram' && wanted.kind === 'histogram'
      ? needed.length === 0 || needed.some((name) => columns.includes(name))
      : needed.every((name) => columns.includes(name));
  const own = kind === 'counts' ? 'count' : typeof data.stat === 'string' ? data.stat : 'mean';
  const isPer = wanted.per === null || kind === 'histogram' || periodOf(data) === wanted.per;
  return isKind && hasColumns && isPer && (wanted.statistic === null || own === wanted.statistic);
}

/** The periods of a chart's bars, or of its line. */
function periodOf({ per, series }: CheckedChart['data']): unknown {
  return per ?? (typeof series === 'object' && series !== null && 'granularity' in series ? series.granularity : null);
}

function profileEvidence(_args: JsonObject, report: CheckedReport): Evidence[] {
  const told = (kind: string): Set<string> =>
    new Set(
      report.claims
        .filter((claim) => claim.kind === kind)
        .flatMap(({ column }) => (column === undefined ? [] : [column])),
    );
  const names = report.columns.slice(0, MOST_COLUMNS).map(({ name }) => name);
  const lacking = ['missing', 'distinct'].flatMap((kind) => names.filter((name) => !told(kind).has(name)));
  const table = ['rows', 'columns', 'duplicates', 'missing_cells'].filter(
    (kind) => !report.claims.some((claim) => claim.kind === kind),
  );
  return [
    {
      check: 'the report tells of every column',
      holds: lacking.length === 0,
      seen: lacking[0] ?? `columns: ${names.length}`,
    },
    {
      check: 'the report tells of rows, gaps and repeated rows',
      holds: table.length === 0,
      seen: table[0] ?? 'all of them',
    },
  ];
}
