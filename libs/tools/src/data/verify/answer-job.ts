import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Evidence, Json, JsonObject } from '@goalkeeper/domain';
import { ASKED_ROWS } from './asked-periods';
import { takeAskedRows } from './asked-rows';
import { compareAllGroups } from './all-groups';
import { Fields } from './claim-sql';
import { scalar } from './claim-values';
import { judgeConditions } from './conditions-are-met';
import { GroupValues } from './group-values';
import { isClose, shownOnPage } from './number-text';
import { hashFile, readSource } from './read-source';
import { type CheckedClaim, type CheckedReport, ReportJsonSchema, WantedConditions } from './report-model';
import { resolveGroup, resolveName } from './resolve-name';
import { typeValues } from './typed-values';

export interface AnswerJob {
  readonly source: string;
  readonly report: string;
  /** `groups.csv`, where the report speaks of groups. */
  readonly groups: string | null;
  readonly scratch: string;
  /** Claims that stand in the section of the answer: in its sentences, and in all of it. */
  readonly said: readonly string[];
  readonly shown: readonly string[];
  /** Arguments of the predicate. */
  readonly by: string | null;
  readonly measure: string | null;
  readonly statistic: string | null;
  readonly order: string | null;
  readonly top: number | null;
  readonly where: Json;
  /** What the answer quotes, by kind. */
  readonly quotes: readonly { readonly kind: string; readonly text: string }[];
}

/** The report shows at least so many groups, where there are. */
const LEAST_SHOWN = 40;
const STATISTICS = ['count', 'distinct', 'sum', 'mean', 'median', 'min', 'max'];

/** Reads the source anew, works out what the goal asked for, and looks whether that, and nothing else, stands in the answer. */
export async function answerJob(input: JsonObject): Promise<JsonObject> {
  const job = input as unknown as AnswerJob;
  const report = ReportJsonSchema.parse(JSON.parse(await readFile(job.report, 'utf8')));
  const isSame = (await hashFile(job.source)) === report.source.sha256;
  const check = 'the answer is about the source as it is';
  if (!isSame) return { evidence: [{ check, holds: false, seen: 'the source has changed' }] };
  const instance = await DuckDBInstance.create(join(job.scratch, 'answer.duckdb'), {
    memory_limit: '512MB',
    threads: '2',
    temp_directory: join(job.scratch, 'answer-spill'),
  });
  const db = await instance.connect();
  try {
    await db.run(`SET TimeZone = 'UTC'`);
    await readSource(db, job.source, report, job.scratch);
    await typeValues(db, report.columns);
    await takeAskedRows(db, report);
    return { evidence: await judge(db, job, report) } as unknown as JsonObject;
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}

async function judge(db: DuckDBConnection, job: AnswerJob, report: CheckedReport): Promise<Evidence[]> {
  const names = report.columns.map(({ name }) => name);
  const group = job.by === null ? null : resolveGroup(job.by, report.columns);
  const by = group?.by ?? null;
  const per = group?.per ?? null;
  const measure = job.measure === null ? null : resolveName(job.measure, names);
  const where = WantedConditions.parse(job.where ?? []);
  const evidence: Evidence[] = [...(await judgeConditions(db, report, where)), saysWhich(job, report)];
  if (per !== (report.asked?.per ?? null))
    evidence.push({
      check: 'the groups are those that were asked for',
      holds: false,
      seen: report.asked?.per ?? 'none',
    });
  for (const [asked, found] of [
    [job.by, by],
    [job.measure, measure],
  ]) {
    if (asked === null || asked === undefined) continue;
    const check = `the table has the column "${asked}" that was asked about`;
    evidence.push({ check, holds: found !== null, seen: found ?? `columns: ${names.join(', ').slice(0, 200)}` });
  }
  if (evidence.some(({ holds }) => !holds)) return evidence;
  const wanted = wantedOf({ ...job, by, measure }, report);
  if (by === null && job.order !== null && !/^$|min|max/.test(job.statistic ?? ''))
    return [
      ...evidence,
      { check: 'what comes first is told of groups', holds: false, seen: 'no column parts the rows' },
    ];
  if (wanted.length === 0)
    return [...evidence, { check: 'what was asked stands in the answer', holds: false, seen: 'no number of it' }];
  const values = new GroupValues(db, report, { table: ASKED_ROWS, per });
  for (const one of wanted) {
    evidence.push(
      ...(by === null
        ? await judgeWhole(db, { job, report }, one)
        : await judgeGroups(values, { job, report, by }, one)),
    );
  }
  if (by !== null) evidence.push(await compareAllGroups(db, { path: job.groups, by, per, report }));
  return evidence;
}

interface Wanted {
  readonly statistic: string;
  /** Null: rows are counted. */
  readonly measure: string | null;
  /** What the groups are sorted by. */
  readonly isFirst: boolean;
}

/** What the words ask for; where they leave the measure open, each that the answer speaks of is judged, and there must be one. */
function wantedOf(job: AnswerJob, report: CheckedReport): Wanted[] {
  const given = (job.statistic ?? '').split(',').filter((one) => one !== '');
  const isOpen = given.length === 0;
  const isCount = isOpen ? job.measure === null && job.order === null : given.every((one) => one === 'count');
  if (given.includes('distinct') && job.measure === null) return [];
  const type = report.columns.find(({ name }) => name === job.measure)?.type;
  const isNumber = type === 'integer' || type === 'number';
  if (isCount || (isOpen && job.measure !== null && !isNumber))
    return [{ statistic: 'count', measure: isOpen ? null : job.measure, isFirst: true }];
  const statistics = isOpen ? openOf(job) : given.filter((one) => STATISTICS.includes(one));
  if (statistics.length < given.length) return [];
  const said = report.claims.filter(({ id }) => job.said.includes(id));
  const told = [...new Set(said.flatMap(({ column }) => (column === undefined ? [] : [column])))];
  const measures = job.measure === null ? told : [job.measure];
  if (measures.length === 0 && isOpen) return [{ statistic: 'count', measure: null, isFirst: true }];
  return measures.flatMap((measure, place) =>
    statistics.map((statistic, index) => ({ statistic, measure, isFirst: place === 0 && index === 0 })),
  );
}

/** Words that name no statistic: the end of the order without groups, else total and average. */
function openOf({ by, order }: AnswerJob): string[] {
  const ends = (order ?? '').split(',').flatMap((one) => (one === 'desc' ? ['max'] : one === 'asc' ? ['min'] : []));
  return by === null && ends.length > 0 ? ends : ['sum', 'mean'];
}

interface About {
  readonly job: AnswerJob;
  readonly report: CheckedReport;
}

/** Claims of an answer speak of the rows that were asked for, in the periods that were asked for. */
function isAsked(claim: CheckedClaim, { asked }: CheckedReport): boolean {
  const isPart = (asked?.where ?? []).length > 0 || (asked?.per ?? null) !== null;
  return (claim.asked ?? false) === isPart;
}

/** Whoever reads the answer reads which rows it is about. */
function saysWhich({ quotes }: AnswerJob, { asked }: CheckedReport): Evidence {
  const said = (kind: string, text: string): boolean => quotes.some((one) => one.kind === kind && one.text === text);
  const silent = (asked?.where ?? []).find(
    ({ column, values }) =>
      !said('column', shownOnPage(column)) || !values.every((value) => said('condition', shownOnPage(value))),
  );
  const check = 'the answer says which rows it is about';
  return { check, holds: silent === undefined, seen: silent ? `${silent.column} is not named` : 'it does' };
}

const nameOf = ({ statistic, measure }: Wanted): string => (measure === null ? 'rows' : `${statistic} of ${measure}`);

async function judgeWhole(db: DuckDBConnection, { job, report }: About, wanted: Wanted): Promise<Evidence[]> {
  const { statistic, measure } = wanted;
  const kind = measure === null ? 'rows' : statistic === 'count' ? 'present' : statistic;
  const claim = report.claims.find(
    (one) =>
      job.said.includes(one.id) &&
      one.kind === kind &&
      one.by === undefined &&
      (one.column ?? null) === measure &&
      isAsked(one, report),
  );
  const check = `the ${nameOf(wanted)} stands in the answer and is that of the source`;
  if (!claim) return [{ check, holds: false, seen: 'it does not stand there' }];
  const field = measure === null ? '' : new Fields(report.columns).field(measure);
  const sql: Record<string, string> = {
    rows: 'count(*)',
    distinct: `count(DISTINCT ${field})`,
    present: `count(${field})`,
    sum: `sum(${field})`,
    mean: `avg(${field})`,
    median: `median(${field})`,
    min: `min(${field})`,
    max: `max(${field})`,
  };
  const truth = Number(await scalar(db, `SELECT (${sql[kind] ?? 'NULL'})::DOUBLE FROM ${ASKED_ROWS}`));
  return [{ check, holds: isClose(truth, Number(claim.value), 1e-8), seen: `${claim.value} told, ${truth} there` }];
}

async function judgeGroups(
  values: GroupValues,
  { job, report, by }: About & { readonly by: string },
  wanted: Wanted,
): Promise<Evidence[]> {
  const { statistic, measure, isFirst } = wanted;
  const kind = measure === null ? 'group_rows' : `group_${statistic}`;
  const truth = await values.of(kind, by, measure ?? undefined);
  const all = await values.of('group_rows', by, undefined);
  const isOurs = (one: CheckedClaim): boolean =>
    one.kind === kind &&
    one.by === by &&
    isAsked(one, report) &&
    one.group !== undefined &&
    (measure === null || one.column === measure);
  const numbers = report.claims
    .filter((one) => job.shown.includes(one.id) && isOurs(one))
    .map(({ id, group = '', value }) => ({ group, value: Number(value), isInTable: !job.said.includes(id) }));
  const told = new Map(numbers.filter(({ isInTable }) => isInTable).map(({ group, value }) => [group, value]));
  const wrong = numbers.find(({ group, value }) => !isClose(truth.get(group) ?? Number.NaN, value, 1e-8));
  const least = Math.min(all.size, Math.max(LEAST_SHOWN, job.top ?? 0));
  const name = `${nameOf(wanted)} by ${by}`;
  const sign = job.order?.split(',')[0] === 'asc' ? 1 : -1;
  const ranked = [...truth.values()].sort((a, b) => sign * (a - b));
  const lacking = truth.size - told.size;
  // The groups that are shown are the first ones by what was asked for first; by anything else they may be any.
  const shownFirst = [...told.values()].sort((a, b) => sign * (a - b));
  const isCutRight = !isFirst || shownFirst.every((value, index) => isClose(value, ranked[index] ?? Number.NaN, 1e-8));
  const isEnough = isFirst || all.size <= least ? told.size >= Math.min(truth.size, least) : told.size > 0;
  return [
    {
      check: `${name}: every number that stands in the answer is that of the source`,
      holds: wrong === undefined && told.size > 0,
      seen: wrong
        ? `${wrong.group.slice(0, 60)}: ${wrong.value} told, ${truth.get(wrong.group) ?? 'nothing'} there`
        : `groups: ${told.size}`,
    },
    {
      check: `${name}: the groups stand in the answer, the first ones where there are many`,
      holds: isEnough && isCutRight,
      seen: `${told.size} of ${truth.size}${lacking > 0 ? `, ${lacking} more in the file` : ''}`,
    },
    ...(isFirst || all.size <= least ? [sentenceEvidence({ job, report, name }, truth, isOurs)] : []),
  ];
}

/** The group with the highest (or lowest) value is named in a sentence of the answer, as many of them as were asked for. */
function sentenceEvidence(
  { job, report, name }: About & { readonly name: string },
  truth: ReadonlyMap<string, number>,
  isOurs: (claim: CheckedClaim) => boolean,
): Evidence {
  const sign = job.order?.split(',')[0] === 'asc' && !name.startsWith('max') ? 1 : -1;
  const best = [...truth].sort(([, a], [, b]) => sign * (a - b));
  const said = report.claims.filter((one) => job.said.includes(one.id) && isOurs(one));
  const count = Math.min(job.top ?? 1, 10, best.length);
  const missing = best.slice(0, count).filter(
    // Of groups with one and the same value any may be the one that is named.
    ([, value], index) =>
      !(
        isClose(Number(said[index]?.value), value, 1e-8) || said.some((one) => isClose(Number(one.value), value, 1e-8))
      ),
  );
  return {
    check: `${name}: a sentence says which comes first`,
    holds: missing.length === 0 && said.length > 0,
    seen: missing[0]
      ? `${missing[0][0].slice(0, 60)} with ${missing[0][1]} is not named`
      : (said[0]?.group ?? 'no group').slice(0, 60),
  };
}
