import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject, WordedCondition } from '@goalkeeper/domain';
import { type Duck, openDuck } from '../jobs/duck';
import { attachTable } from '../jobs/table';
import type { Aggregates, Profile, ProfileColumn } from '../model';
import { answer, isOfAny, notANumber } from './asked';
import { findColumn } from './find-column';
import { findGroupBy } from './group-by';
import { candidates, type Candidates, chooseGroupings } from './groupings';
import { makeRanked } from './rank-tests';
import { correlationsOf, distributionOf, pairOf } from './relations';
import { resolveConditions } from './resolve-conditions';
import { chooseSeries } from './series';

export interface AggregateJob {
  readonly table: string;
  readonly profile: string;
  readonly scratch: string;
  readonly by: string | null;
  readonly measure: string | null;
  readonly statistic: string | null;
  readonly order: string | null;
  readonly top: number | null;
  readonly where: readonly WordedCondition[] | null;
}

const DISTRIBUTIONS = 3;

/** Works out the aggregates that fit the columns, and what was asked; leaves `aggregates.json` (and `groups.csv`) in the scratch folder. */
export async function aggregateJob(input: JsonObject, progress: (value: Json) => void): Promise<JsonObject> {
  const job = input as unknown as AggregateJob;
  const profile = JSON.parse(await readFile(job.profile, 'utf8')) as Profile;
  const duck = await openDuck(job.scratch);
  try {
    await attachTable(duck, job.table);
    await makeRanked(duck, profile.rows);
    const aggregates = await aggregate(duck, { job, profile, progress });
    await writeFile(join(job.scratch, 'aggregates.json'), JSON.stringify(aggregates));
    const { by, measure, asked, groupings, series, correlations, distributions } = aggregates;
    return {
      by,
      measure,
      answered: asked !== null && asked !== undefined,
      groups: asked?.totalGroups ?? 0,
      met: asked?.met ?? profile.rows,
      where: (asked?.where ?? []).map(({ column, comparison, values }) => ({
        column,
        comparison,
        values: [...values],
      })),
      groupings: groupings.length,
      series: series.length,
      correlations: correlations.length,
      distributions: distributions.length,
    };
  } finally {
    duck.close();
  }
}

interface Work {
  readonly job: AggregateJob;
  readonly profile: Profile;
  readonly progress: (value: Json) => void;
}

async function aggregate(duck: Duck, { job, profile, progress }: Work): Promise<Aggregates> {
  const grouped = job.by === null ? null : findGroupBy(profile, job.by);
  const by = grouped?.column ?? null;
  const measure = job.measure === null ? null : measured(findColumn(profile, job.measure), job.statistic);
  const found = candidates(profile.columns);
  const fields: Candidates = measure?.numeric
    ? { ...found, measures: [measure] }
    : { ...found, measures: found.measures.filter(({ name }) => name !== by?.name) };
  const where = await resolveConditions({ duck, profile }, job.where ?? []);
  const question = {
    by,
    per: grouped?.per ?? null,
    where,
    measure,
    statistic: job.statistic,
    order: job.order,
    top: job.top,
  };
  const asked = await answer(duck, profile, { question, scratch: job.scratch });
  progress({ answered: asked !== null });
  const { groupings, tests } = await chooseGroupings(duck, fields, by?.role === 'date' ? null : by);
  progress({ groupings: groupings.length });
  const series = await chooseSeries(duck, profile.columns, fields, by);
  progress({ series: series.length });
  const { correlations, tests: pairTests } = await correlationsOf(duck, found.measures);
  const mentioned = [...series, ...groupings].map((one) => one.measure);
  const distributions = [];
  for (const column of spreadWorthShowing(fields.measures, mentioned))
    distributions.push(await distributionOf(duck, column));
  const related = measure ? correlations.filter(({ a, b }) => a === measure.name || b === measure.name) : correlations;
  const courses = series.flatMap(({ trend, ranked }) => [trend, ranked].flatMap((one) => (one ? [one.p] : [])));
  return {
    asked,
    by: by?.name ?? null,
    measure: measure?.name ?? null,
    groupings,
    series,
    correlations,
    distributions,
    pair: await pairOf(duck, related, found.measures),
    tests: [...tests, ...courses, ...pairTests],
  };
}

/** Whatever is only counted need not hold numbers. */
function measured(column: ProfileColumn, statistic: string | null): ProfileColumn {
  if (column.numeric || (statistic !== null && statistic.split(',').every((one) => isOfAny(one.trim())))) return column;
  throw notANumber(column);
}

/** First the measures that the other results speak of, then the most lopsided. */
function spreadWorthShowing(
  measures: readonly ProfileColumn[],
  mentioned: readonly (string | null)[],
): ProfileColumn[] {
  const rank = ({ name }: ProfileColumn): number => {
    const at = mentioned.indexOf(name);
    return at === -1 ? mentioned.length : at;
  };
  return measures.toSorted((a, b) => rank(a) - rank(b) || lopsided(b) - lopsided(a)).slice(0, DISTRIBUTIONS);
}

/** Pearson's second coefficient of skewness, without sign. */
function lopsided({ numeric }: ProfileColumn): number {
  return numeric && numeric.stddev ? Math.abs(numeric.mean - numeric.median) / numeric.stddev : 0;
}
