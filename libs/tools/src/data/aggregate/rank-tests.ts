import { count, type Duck, ident, numberOrNull } from '../jobs/duck';
import { correlationP, rankGroupsP } from './significance';
import { explainedVariance } from './variance';

/** Mean rank of an expression among the rows of a query, ties sharing one. */
const rankOf = (expression: string): string =>
  `rank() OVER (ORDER BY ${expression}) + (count(*) OVER (PARTITION BY ${expression}) - 1) / 2.0`;

/** Longer tables are ranked by so many of their rows: more would sort for minutes and find nothing that is not faint. */
const MOST_RANKED = 100_000;

/**
 * Makes `s` of `t`: what the tests on ranks are made with. Of a long table it has rows drawn by a hash of their place, the same ones every time.
 *
 * @param rows of `t`
 */
export async function makeRanked(duck: Duck, rows: number): Promise<void> {
  if (rows <= MOST_RANKED) return duck.run('CREATE VIEW s AS SELECT * FROM t');
  await duck.run(
    `CREATE TABLE s AS SELECT * EXCLUDE (gk_place) FROM (SELECT *, row_number() OVER () AS gk_place FROM t)
     WHERE hash(gk_place) % ${Math.ceil((rows / MOST_RANKED) * 1000)}::UBIGINT < 1000`,
  );
}

/**
 * How much of a measure's ranks the groups tell apart (a single far value counts no more than any other), with the p of the Kruskal–Wallis test.
 *
 * @param group SQL of what parts the rows
 * @returns null without two groups or variance
 */
export async function rankGroups(
  duck: Duck,
  group: string,
  measure: string,
): Promise<{ readonly eta: number; readonly p: number } | null> {
  const value = `${ident(measure)}::DOUBLE`;
  const rows = await duck.rows(
    `SELECT g, count(*) AS n, avg(r) AS m, var_pop(r) AS v
     FROM (SELECT ${group} AS g, ${rankOf(value)} AS r FROM s WHERE ${group} IS NOT NULL AND ${value} IS NOT NULL) GROUP BY g`,
  );
  const groups = rows.map((row) => ({
    count: count(row.n),
    mean: numberOrNull(row.m) ?? 0,
    variance: numberOrNull(row.v) ?? 0,
  }));
  const found = explainedVariance(groups);
  const total = groups.reduce((sum, one) => sum + one.count, 0);
  return found ? { eta: found.eta, p: rankGroupsP(found.eta, total, groups.length) } : null;
}

/** Spearman's correlation of two expressions with its p; null where one of them never changes. */
export async function rankCorrelation(
  duck: Duck,
  a: string,
  b: string,
): Promise<{ readonly rho: number; readonly p: number } | null> {
  const row = await duck.row(
    `SELECT corr(x, y) AS rho, count(*) AS n FROM (
       SELECT ${rankOf(a)} AS x, ${rankOf(b)} AS y FROM s WHERE (${a}) IS NOT NULL AND (${b}) IS NOT NULL)`,
  );
  const rho = numberOrNull(row.rho);
  return rho === null ? null : { rho, p: correlationP(rho, count(row.n)) };
}
