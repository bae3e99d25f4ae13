import { count, type Duck, ident, numberOrNull, type Row, textOrNull } from '../jobs/duck';
import type { Group, Grouping, ProfileColumn } from '../model';
import { rankGroups } from './rank-tests';
import { groupsP } from './significance';
import { explainedVariance } from './variance';

/** Groups shown; the largest by rows. */
const SHOWN = 20;
const MAX_GROUPS = 1000;
const MAX_CATEGORIES = 12;
/** With more groups a column is grouped by only when there is nothing else or the goal asks for it: no chart or sentence could hold them. */
const MOST_GROUPS_UNASKED = 60;
const MAX_MEASURES = 20;
const WORTH_SHOWING = 0.01;
const KEPT = 4;

export interface Candidates {
  readonly categories: readonly ProfileColumn[];
  readonly measures: readonly ProfileColumn[];
}

/** Columns to group by (fewest groups first; those with many only when there are no others) and amounts to look at. */
export function candidates(columns: readonly ProfileColumn[]): Candidates {
  const groupable = columns.filter((column) => column.groupable).toSorted((a, b) => a.distinct - b.distinct);
  const few = groupable.filter(({ distinct }) => distinct <= MOST_GROUPS_UNASKED);
  const categories = few.length > 0 ? few.slice(0, MAX_CATEGORIES) : groupable.slice(0, 2);
  const measures = columns.filter(({ role, distinct }) => (role === 'number' || role === 'integer') && distinct > 2);
  return { categories, measures: measures.slice(0, MAX_MEASURES) };
}

interface Scored {
  readonly grouping: Grouping;
  readonly score: number;
}

/** All measures over the groups of one column, with how much the groups explain of each. */
export async function groupsOf(duck: Duck, by: ProfileColumn, measures: readonly ProfileColumn[]): Promise<Scored[]> {
  const parts = measures.map(({ name }, index) => {
    const value = `${ident(name)}::DOUBLE`;
    return `count(${value}) AS c${index}, favg(${value}) AS m${index}, fsum(${value}) AS s${index}, var_pop(${value}) AS v${index}`;
  });
  const rows = await duck.rows(
    `SELECT ${ident(by.name)}::VARCHAR AS g, count(*) AS n${parts.map((part) => `, ${part}`).join('')}
     FROM t WHERE ${ident(by.name)} IS NOT NULL GROUP BY 1 ORDER BY n DESC, g`,
  );
  const counts = {
    by: by.name,
    measure: null,
    groups: rows.slice(0, SHOWN).map(plainGroup),
    totalGroups: rows.length,
    explained: null,
  };
  const measured = measures.map(({ name }, index) => {
    const parts =
      rows.length <= MAX_GROUPS ? rows.map((row) => moments(row, index)).filter((one) => one.count > 0) : [];
    const explained = explainedVariance(parts);
    const total = parts.reduce((sum, one) => sum + one.count, 0);
    const groups = rows.slice(0, SHOWN).map((row) => ({
      ...plainGroup(row),
      count: count(row[`c${index}`]),
      mean: numberOrNull(row[`m${index}`]),
      sum: count(row[`c${index}`]) > 0 ? numberOrNull(row[`s${index}`]) : null,
    }));
    const grouping: Grouping = {
      by: by.name,
      measure: name,
      groups,
      totalGroups: rows.length,
      explained: explained?.eta ?? null,
      p: explained ? groupsP(explained.eta, total, parts.length) : null,
    };
    return { grouping, score: (explained?.epsilon ?? 0) * (rows.length <= SHOWN ? 1 : 0.6) };
  });
  return [...measured, { grouping: counts, score: 0 }];
}

function plainGroup(row: Row): Group {
  return { group: textOrNull(row.g) ?? '', rows: count(row.n), count: count(row.n), mean: null, sum: null };
}

function moments(row: Row, index: number): { count: number; mean: number; variance: number } {
  return {
    count: count(row[`c${index}`]),
    mean: numberOrNull(row[`m${index}`]) ?? 0,
    variance: numberOrNull(row[`v${index}`]) ?? 0,
  };
}

/**
 * The groupings worth showing: those whose groups explain most of a measure, each measure once and each column at most
 * twice. What was asked for comes first, whatever it explains; without measures the rows are counted.
 */
export async function chooseGroupings(
  duck: Duck,
  { categories, measures }: Candidates,
  by: ProfileColumn | null,
): Promise<{ groupings: Grouping[]; tests: number[] }> {
  const chosen: Grouping[] = [];
  const asked = by ? await groupsOf(duck, by, measures) : [];
  if (by) {
    const measured = asked.filter(({ grouping }) => grouping.measure !== null).sort((a, b) => b.score - a.score);
    chosen.push(...measured.slice(0, KEPT).map(({ grouping }) => grouping));
    chosen.push(...asked.filter(({ grouping }) => grouping.measure === null).map(({ grouping }) => grouping));
  }
  const others: Scored[] = [];
  for (const category of categories) {
    if (category.name !== by?.name)
      others.push(
        ...(await groupsOf(
          duck,
          category,
          measures.filter(({ name }) => name !== category.name),
        )),
      );
  }
  const ranked = others.filter(({ score }) => score >= WORTH_SHOWING).sort((a, b) => b.score - a.score);
  for (const { grouping } of ranked) {
    if (chosen.length >= KEPT + (by ? 1 : 0)) break;
    const isNew = !chosen.some(({ measure }) => measure === grouping.measure);
    if (isNew && chosen.filter((other) => other.by === grouping.by).length < 2) chosen.push(grouping);
  }
  if (!chosen.some(({ measure }) => measure === null)) {
    const counted = others.filter(({ grouping }) => grouping.measure === null).map(({ grouping }) => grouping);
    chosen.push(...counted.sort((a, b) => readable(b) - readable(a)).slice(0, measures.length === 0 ? 3 : 1));
  }
  const groupings = await Promise.all(chosen.map((grouping) => tested(duck, grouping)));
  const left = [...asked, ...others].map(({ grouping }) => grouping).filter((grouping) => !chosen.includes(grouping));
  return { groupings, tests: [...groupings, ...left].flatMap(({ p }) => (typeof p === 'number' ? [p] : [])) };
}

/** With the p of ranks, where it is the larger one: a difference must show in values and in ranks. */
async function tested(duck: Duck, grouping: Grouping): Promise<Grouping> {
  const { by, measure, p } = grouping;
  if (measure === null || typeof p !== 'number') return grouping;
  const ranked = await rankGroups(duck, ident(by), measure);
  return { ...grouping, p: Math.max(p, ranked?.p ?? 1) };
}

/** Columns with three to fifteen groups make the best bars. */
function readable({ totalGroups }: Grouping): number {
  return totalGroups >= 3 && totalGroups <= 15 ? 2 : totalGroups <= SHOWN ? 1 : 0;
}
