import type { DuckDBConnection } from '@duckdb/node-api';
import { claimSql } from './claim-sql';
import { isClose } from './number-text';
import type { SourceReading } from './read-source';
import type { CheckedClaim, CheckedReport } from './report-model';

export interface ClaimVerdict {
  readonly id: string;
  readonly kind: string;
  readonly holds: boolean;
  /** What the source says. */
  readonly expected: string;
}

export interface ClaimWork {
  readonly db: DuckDBConnection;
  readonly report: CheckedReport;
  readonly reading: SourceReading;
  readonly rows: number;
  readonly bytes: number;
}

/** Works out every claim anew, one query each; the same question is asked once. */
export async function judgeClaims(work: ClaimWork): Promise<ClaimVerdict[]> {
  const answers = new Map<string, number | string | null>();
  const ask = async (sql: string): Promise<number | string | null> => {
    if (!answers.has(sql)) answers.set(sql, await scalar(work.db, sql));
    return answers.get(sql) ?? null;
  };
  const verdicts: ClaimVerdict[] = [];
  for (const claim of work.report.claims) {
    const expected = await expectedValue(claim, work, ask).catch((error: unknown) =>
      error instanceof Error ? `no answer: ${error.message}` : null,
    );
    verdicts.push({ id: claim.id, kind: claim.kind, holds: agrees(claim, expected), expected: String(expected) });
  }
  return verdicts;
}

type Ask = (sql: string) => Promise<number | string | null>;

async function expectedValue(claim: CheckedClaim, work: ClaimWork, ask: Ask): Promise<number | string | null> {
  const { report, rows } = work;
  if (claim.kind === 'rows') return rows;
  if (claim.kind === 'bytes') return work.bytes;
  if (claim.kind === 'columns') return report.columns.length;
  if (claim.kind === 'repairs') return expectedRepairs(claim, work);
  if (claim.kind === 'missing_cells') return (await missingCells(report, ask)) / (rows * report.columns.length);
  if (claim.kind === 'median') return median(claim, report, ask);
  if (claim.kind === 'outliers') await checkFences(claim, report, ask);
  const value = await ask(claimSql(claim, report.columns));
  return claim.as === 'share' && claim.kind !== 'explained' && typeof value === 'number' ? value / rows : value;
}

async function missingCells(report: CheckedReport, ask: Ask): Promise<number> {
  let sum = 0;
  for (const index of report.columns.keys())
    sum += Number(await ask(`SELECT sum(CASE WHEN v${index} IS NULL THEN 1 ELSE 0 END) FROM val`));
  return sum;
}

/** Names are repaired from the header alone, so that their count follows from it; all else was counted while reading. */
function expectedRepairs({ repair = '' }: CheckedClaim, { reading, report }: ClaimWork): number {
  const header = reading.names ?? [];
  const names = report.columns.map((_, index) => (header[index] ?? '').toLowerCase());
  if (repair === 'empty_name_filled') return names.filter((name) => name === '').length;
  if (repair === 'repeated_name_changed')
    return names.filter((name, index) => name !== '' && names.indexOf(name) < index).length;
  return reading.repairs.get(repair)?.count ?? 0;
}

function agrees(claim: CheckedClaim, expected: number | string | null): boolean {
  if (expected === null || typeof expected !== typeof claim.value) return false;
  if (typeof expected === 'string' || typeof claim.value === 'string') return expected === claim.value;
  if (claim.approximate && claim.kind === 'distinct') return isClose(expected, claim.value, 0.05);
  // Sums over many rows lose digits in any order of adding; differences of large squares lose some more.
  return isClose(expected, claim.value, claim.kind === 'explained' || claim.kind === 'correlation' ? 1e-6 : 1e-9);
}

function fieldOf(name: string | undefined, report: CheckedReport): string {
  const index = report.columns.findIndex((column) => column.name === name);
  if (index === -1) throw new Error(`the report has no column "${name ?? ''}"`);
  return `v${index}`;
}

/** The value at a share of the sorted values, between two neighbours where it falls between them. */
async function quantile(field: string, share: number, ask: Ask): Promise<number> {
  const present = Number(await ask(`SELECT count(*) FROM val WHERE ${field} IS NOT NULL`));
  const place = (present - 1) * share;
  const at = async (index: number): Promise<number> =>
    Number(await ask(`SELECT ${field} FROM val WHERE ${field} IS NOT NULL ORDER BY ${field} LIMIT 1 OFFSET ${index}`));
  const [low, high] = [await at(Math.floor(place)), await at(Math.ceil(place))];
  return low + (high - low) * (place - Math.floor(place));
}

async function median(claim: CheckedClaim, report: CheckedReport, ask: Ask): Promise<number | null> {
  const field = fieldOf(claim.column, report);
  if (!claim.approximate) return quantile(field, 0.5, ask);
  const present = Number(await ask(`SELECT count(*) FROM val WHERE ${field} IS NOT NULL`));
  const below = Number(await ask(`SELECT count(*) FROM val WHERE ${field} < ${Number(claim.value)}`));
  const upTo = Number(await ask(`SELECT count(*) FROM val WHERE ${field} <= ${Number(claim.value)}`));
  const isNear = below / present <= 0.52 && upTo / present >= 0.48;
  return isNear ? Number(claim.value) : null;
}

async function checkFences(claim: CheckedClaim, report: CheckedReport, ask: Ask): Promise<void> {
  const field = fieldOf(claim.column, report);
  const [q1, q3] = [await quantile(field, 0.25, ask), await quantile(field, 0.75, ask)];
  const reach = (q3 - q1) * 3;
  const tolerance =
    report.columns.length > 0 && claim.approximate
      ? Math.abs(reach) * 0.1
      : 1e-9 * Math.max(1, Math.abs(q1), Math.abs(q3));
  const isRight =
    Math.abs((claim.low ?? NaN) - (q1 - reach)) <= tolerance &&
    Math.abs((claim.high ?? NaN) - (q3 + reach)) <= tolerance;
  if (!isRight) throw new Error(`the fences are ${q1 - reach} and ${q3 + reach}`);
}

/** The first value of the first row, as a number or text. */
export async function scalar(db: DuckDBConnection, sql: string): Promise<number | string | null> {
  const reader = await db.runAndReadAll(sql);
  const value: unknown = reader.getRowsJS()[0]?.[0];
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : Number(value);
}
