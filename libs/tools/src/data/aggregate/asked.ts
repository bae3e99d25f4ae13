import { join } from 'node:path';
import { ToolFailure } from '../../definition';
import { count, type Duck, ident, literal, numberOrNull, type Row, textOrNull } from '../jobs/duck';
import {
  type Asked,
  type AskedGroup,
  type Condition,
  type Profile,
  type ProfileColumn,
  STATISTICS,
  type Statistic,
} from '../model';
import { boundConditions } from './condition-sql';
import { conditionText } from './condition-text';
import { listed } from './find-column';
import { type GroupBy, groupText } from './group-by';

/** What the goal asks for, as it came; columns are found already. */
export interface Question {
  readonly by: ProfileColumn | null;
  readonly per: GroupBy['per'];
  readonly measure: ProfileColumn | null;
  readonly where: readonly Condition[];
  /** One or several of the statistics, with commas between them. */
  readonly statistic: string | null;
  readonly order: string | null;
  readonly top: number | null;
}

/** Groups that the report shows; `groups.csv` has all. */
const SHOWN = 40;
const MOST_MEASURES = 3;

/**
 * Answers a question for every group of a column, or for the table as a whole: writes all groups to `groups.csv` and returns the first
 * of them, in the order that was asked for.
 *
 * @returns null when nothing was asked
 * @throws {ToolFailure} `data.not_a_number`, `data.unknown_column` when there is nothing to measure, `tool.invalid_arguments`
 */
export async function answer(
  duck: Duck,
  profile: Profile,
  { question, scratch }: { readonly question: Question; readonly scratch: string },
): Promise<Asked | null> {
  const { by, per, measure, statistic, order, top, where } = question;
  const isAsked = [by, measure, statistic, order].some((one) => one !== null) || where.length > 0;
  if (!isAsked) return null;
  const given = statisticsIn(statistic);
  // "Who sold the most?" asks for one of several, and a sum of all is no answer to it.
  if (by === null && order !== null && given.length > 0 && !given.some((one) => one === 'min' || one === 'max')) {
    const message = `Say by which column to rank. ${listed(profile)}`;
    throw new ToolFailure('data.unknown_column', message, { details: { asked: 'a column to group by' } });
  }
  const statistics = given.length > 0 ? given : openStatistics(question);
  const measures = measuresFor(profile, { question, statistics });
  const met = await takeRows(duck, profile, { where, columns: [...(by ? [by] : []), ...measures] });
  const ungrouped =
    by === null ? 0 : count((await duck.row(`SELECT count(*) AS n FROM asked_rows WHERE ${ident(by.name)} IS NULL`)).n);
  const head = {
    by: by?.name ?? null,
    per,
    where,
    met,
    ungrouped,
    measures: measures.map(({ name }) => name),
    order,
    top,
  };
  const kept = measures.length === 0 ? (['count'] as const) : statistics;
  await makeGroups(duck, by && { column: by, per }, measures);
  const descending = order?.split(',')[0] === 'asc' ? 'ASC' : 'DESC';
  const first = measures.length === 0 ? 'n' : `${kept[0] ?? 'count'}_0`;
  const total = count((await duck.row('SELECT count(*) AS n FROM asked_groups')).n);
  const limit = Math.max(SHOWN, top ?? 0);
  const rows = await duck.rows(
    // Periods are told in their order, as long as all of them are.
    per !== null && order === null && total <= limit
      ? 'SELECT * FROM asked_groups ORDER BY g'
      : `SELECT * FROM asked_groups ORDER BY ${first} ${descending} NULLS LAST, g LIMIT ${limit}`,
  );
  await writeAll(duck, { by, per, measures, first: `${first} ${descending}` }, join(scratch, 'groups.csv'));
  return { ...head, statistics: kept, totalGroups: total, groups: rows.map((row) => toGroup(row, measures.length)) };
}

function statisticsIn(text: string | null): Statistic[] {
  if (text === null) return [];
  return text.split(',').map((part) => {
    const found = STATISTICS.find((one) => one === part.trim());
    if (found) return found;
    const message = `"${part.trim()}" is none of the statistics ${STATISTICS.join(', ')}.`;
    throw new ToolFailure('tool.invalid_arguments', message, { details: { statistic: part.trim() } });
  });
}

/** Words that leave the statistic open are answered for all that they may mean. */
function openStatistics({ by, measure, order }: Question): Statistic[] {
  if (measure === null && order === null) return ['count'];
  const edges: Statistic[] = (order ?? '')
    .split(',')
    .flatMap((one) => (one === 'desc' ? ['max'] : one === 'asc' ? ['min'] : []));
  // "Highest price" asks for one number; "which shop has the highest price" may mean any of them.
  return by === null && edges.length > 0 ? edges : ['sum', 'mean', ...edges];
}

/** The column that was named, else those that hold amounts; rows alone are counted without any. */
function measuresFor(
  profile: Profile,
  { question, statistics }: { readonly question: Question; readonly statistics: readonly Statistic[] },
): ProfileColumn[] {
  const { by, measure, order, statistic } = question;
  const isCount = statistics.every((one) => one === 'count');
  if (measure) {
    if (!measure.numeric && !statistics.every(isOfAny)) throw notANumber(measure);
    return [measure];
  }
  if (isCount) return [];
  if (statistics.includes('distinct')) {
    const message = `Say of which column the different values are counted. ${listed(profile)}`;
    throw new ToolFailure('data.unknown_column', message, { details: { asked: 'a column of values' } });
  }
  const amounts = profile.columns.filter(
    ({ role, name, numeric }) => (role === 'number' || role === 'integer') && name !== by?.name && numeric !== null,
  );
  if (amounts.length > 0) return amounts.slice(0, MOST_MEASURES);
  if (statistic === null && order !== null) return [];
  const message = `No column holds amounts to work with. ${listed(profile)}`;
  throw new ToolFailure('data.unknown_column', message, { details: { asked: 'a column of numbers' } });
}

/** Statistics that texts have as well. */
export function isOfAny(statistic: string): boolean {
  return statistic === 'count' || statistic === 'distinct';
}

/**
 * Makes `asked_rows` of the rows that meet all conditions.
 *
 * @returns how many these are
 * @throws {ToolFailure} `data.no_rows_meet`
 */
async function takeRows(
  duck: Duck,
  profile: Profile,
  { where, columns }: { readonly where: readonly Condition[]; readonly columns: readonly ProfileColumn[] },
): Promise<number> {
  const fields = [...new Set(columns.map(({ name }) => ident(name)))].join(', ') || '1 AS one';
  const { sql, values } = boundConditions(where, profile.columns);
  if (where.length === 0) await duck.run(`CREATE VIEW asked_rows AS SELECT ${fields} FROM t`);
  else await duck.run(`CREATE TABLE asked_rows AS SELECT ${fields} FROM t WHERE ${sql}`, values);
  const met = count((await duck.row('SELECT count(*) AS n FROM asked_rows')).n);
  if (met > 0 || where.length === 0) return met;
  const message = `No row meets the condition: ${where.map(conditionText).join(' and ')}. There is nothing to work out.`;
  throw new ToolFailure('data.no_rows_meet', message, { details: { rows: profile.rows } });
}

/** @returns the failure that says why a column cannot be measured */
export function notANumber(column: ProfileColumn): ToolFailure {
  const held = column.type === 'text' ? 'text' : `${column.type}s`;
  const isDressed = column.type === 'text' && column.top.some(({ value }) => /^[^\p{L}]*\d[^\p{L}]*$/u.test(value));
  const why = isDressed
    ? ' Numbers with a decimal comma, with marks for thousands or with signs of currency are read as text: "1.234,56" must be written 1234.56.'
    : '';
  const message = `"${column.name}" holds ${held}, not numbers, so it cannot be measured.${why} Name a column of numbers.`;
  return new ToolFailure('data.not_a_number', message, { details: { column: column.name } });
}

async function makeGroups(duck: Duck, by: GroupBy | null, measures: readonly ProfileColumn[]): Promise<void> {
  const parts = measures.flatMap(({ name, numeric }, index) => {
    const counted = `count(${ident(name)}) AS count_${index}, count(DISTINCT ${ident(name)}) AS distinct_${index}`;
    if (!numeric) return [counted];
    const value = `${ident(name)}::DOUBLE`;
    return [
      counted,
      `CASE WHEN count(${value}) > 0 THEN fsum(${value}) END AS sum_${index}`,
      `favg(${value}) AS mean_${index}`,
      `quantile_cont(${value}, 0.5) AS median_${index}`,
      `min(${value}) AS min_${index}`,
      `max(${value}) AS max_${index}`,
    ];
  });
  const columns = [`count(*) AS n`, ...parts].join(', ');
  await duck.run(
    by === null
      ? `CREATE TABLE asked_groups AS SELECT NULL::VARCHAR AS g, ${columns} FROM asked_rows`
      : `CREATE TABLE asked_groups AS SELECT ${groupText(by)} AS g, ${columns} FROM asked_rows WHERE ${ident(by.column.name)} IS NOT NULL GROUP BY 1`,
  );
}

async function writeAll(
  duck: Duck,
  {
    by,
    per,
    measures,
    first,
  }: {
    readonly by: ProfileColumn | null;
    readonly per: GroupBy['per'];
    readonly measures: readonly ProfileColumn[];
    readonly first: string;
  },
  path: string,
): Promise<void> {
  const rows = by?.name.toLowerCase() === 'rows' ? 'row count' : 'rows';
  const parts = [
    ...(by === null ? [] : [`g AS ${ident(per === null ? by.name : `${per} of ${by.name}`)}`]),
    `n AS ${ident(rows)}`,
    ...measures.flatMap(({ name, numeric }, index) =>
      STATISTICS.filter((one) => numeric !== null || isOfAny(one)).map(
        (one) => `${one}_${index} AS ${ident(`${one}(${name})`)}`,
      ),
    ),
  ];
  await duck.run(
    `COPY (SELECT ${parts.join(', ')} FROM asked_groups ORDER BY ${first} NULLS LAST, g) TO ${literal(path)} (FORMAT csv, HEADER true)`,
  );
}

function toGroup(row: Row, measures: number): AskedGroup {
  return {
    group: textOrNull(row.g),
    rows: count(row.n),
    values: Array.from({ length: measures }, (_, index) => ({
      count: count(row[`count_${index}`]),
      distinct: count(row[`distinct_${index}`]),
      sum: numberOrNull(row[`sum_${index}`]),
      mean: numberOrNull(row[`mean_${index}`]),
      median: numberOrNull(row[`median_${index}`]),
      min: numberOrNull(row[`min_${index}`]),
      max: numberOrNull(row[`max_${index}`]),
    })),
  };
}
