import type { DuckDBConnection } from '@duckdb/node-api';
import { ASKED_ROWS } from './asked-periods';
import { claimSql } from './claim-sql';
import { GROUP_KINDS, GroupValues } from './group-values';
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
  const groups = new GroupValues(work.db, work.report);
  const rows = { table: ASKED_ROWS, per: work.report.asked?.per ?? null };
  const asked = new GroupValues(work.db, work.report, rows);
  const verdicts: ClaimVerdict[] = [];
  for (const claim of work.report.claims) {
    const expected = await (
      isOfGroup(claim) ? ofGroup(claim, claim.asked ? asked : groups) : expectedValue(claim, work, ask)
    ).catch((error: unknown) => (error instanceof Error ? `no answer: ${error.message}` : null));
    verdicts.push({ id: claim.id, kind: claim.kind, holds: agrees(claim, expected), expected: String(expected) });
  }
  return verdicts;
}

const isOfGroup = ({ kind }: CheckedClaim): boolean => Object.hasOwn(GROUP_KINDS, kind);

/** A report has many numbers of groups: all of one kind are asked at once. */
async function ofGroup(
  { kind, by = '', column, group = '' }: CheckedClaim,
  groups: GroupValues,
): Promise<number | null> {
  return (await groups.of(kind, by, column)).get(group) ?? null;
}

type Ask = (sql: string) => Promise<number | string | null>;

async function expectedValue(claim: CheckedClaim, work: ClaimWork, ask: Ask): Promise<number | string | null> {
  const { report, rows } = work;
  if (claim.kind === 'rows') return claim.asked ? ask(`SELECT count(*) FROM ${ASKED_ROWS}`) : rows;
  if (claim.kind === 'bytes') return work.bytes;
  if (claim.kind === 'columns') return report.columns.length;
  if (claim.kind === 'repairs') return expectedRepairs(claim, work);
  if (claim.kind === 'missing_cells') return (await missingCells(report, ask)) / (rows * report.columns.length);
  if (claim.kind === 'median') return median(claim, work);
  if (claim.kind === 'outliers' || claim.kind === 'far_dates') await checkFences(claim, work);
  const value = await ask(claimSql(claim, report.columns));
  const isShareItself = claim.kind === 'explained' || claim.kind === 'explained_at_random';
  return claim.as === 'share' && !isShareItself && typeof value === 'number' ? value / rows : value;
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
  // Sums over many rows lose digits in any order of adding.
  // Both are differences of large sums, which cancel: near 0 only the digits that a reader could see are meant.
  const isCancelling = claim.kind === 'explained' || claim.kind === 'correlation';
  if (isCancelling && Math.abs(expected - claim.value) <= 1e-6) return true;
  return isClose(expected, claim.value, isCancelling ? 1e-6 : 1e-9);
}

function fieldOf(name: string | undefined, report: CheckedReport): string {
  const index = report.columns.findIndex((column) => column.name === name);
  if (index === -1) throw new Error(`the report has no column "${name ?? ''}"`);
  return `v${index}`;
}

/**
 * Whether a number stands at a share of the sorted values, told from how many lie below and above it, without sorting: it is
 * a value whose places cover that share, or lies between two neighbours in the right proportion.
 */
async function standsAt(
  guess: number,
  share: number,
  field: string,
  { db, isRough = false, table = 'val' }: { db: DuckDBConnection; isRough?: boolean; table?: string },
): Promise<boolean> {
  const slack = Math.abs(guess) * 1e-9 + 1e-12;
  const [low, high] = [guess - slack, guess + slack];
  const reader = await db.runAndReadAll(
    `SELECT count(CASE WHEN ${field} < ${low} THEN 1 END), count(CASE WHEN ${field} <= ${high} THEN 1 END),
       max(CASE WHEN ${field} <= ${high} THEN ${field} END), min(CASE WHEN ${field} >= ${low} THEN ${field} END), count(${field}) FROM ${table}`,
  );
  const [below = 0, upTo = 0, left = NaN, right = NaN, present = 0] = (reader.getRowsJS()[0] ?? []).map(Number);
  if (isRough) return below / present <= share + 0.02 && upTo / present >= share - 0.02;
  const place = (present - 1) * share;
  const [first, last] = [Math.floor(place), Math.ceil(place)];
  if (below <= first && upTo - 1 >= last) return true;
  const isBetween = upTo - 1 === first && below === last;
  return isBetween && isClose(left + (right - left) * (place - first), guess, 1e-8);
}

async function median(claim: CheckedClaim, { db, report }: ClaimWork): Promise<number | null> {
  const value = Number(claim.value);
  const isRight = await standsAt(value, 0.5, fieldOf(claim.column, report), {
    db,
    isRough: claim.approximate === true,
    table: claim.asked ? ASKED_ROWS : 'val',
  });
  return isRight ? value : null;
}

/** The fences follow from the quartiles, so the quartiles follow from the fences: three ranges below the first, three above the third. */
async function checkFences(
  { low = NaN, high = NaN, column, kind, approximate = false }: CheckedClaim,
  { db, report }: ClaimWork,
): Promise<void> {
  const [q1, q3] = [(4 * low + 3 * high) / 7, (3 * low + 4 * high) / 7];
  const name = fieldOf(column, report);
  const field = kind === 'far_dates' ? `(epoch(${name}::DATE) / 86400)` : name;
  const how = { db, isRough: approximate };
  const isRight = (await standsAt(q1, 0.25, field, how)) && (await standsAt(q3, 0.75, field, how));
  if (!isRight) throw new Error(`${q1} and ${q3} are not the quartiles`);
}

/** The first value of the first row, as a number or text. */
export async function scalar(db: DuckDBConnection, sql: string): Promise<number | string | null> {
  const reader = await db.runAndReadAll(sql);
  const value: unknown = reader.getRowsJS()[0]?.[0];
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : Number(value);
}
