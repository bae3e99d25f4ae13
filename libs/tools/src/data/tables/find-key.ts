import { count, type Duck, ident } from '../jobs/duck';
import type { ColumnReading } from '../model';

const ID_NAME = /(^|[\s_.-])(id|ids|key|code|sku|uuid|guid|isbn|ean|number|no|nr)$|[a-z](?:I[dD]|Key|Code)$/i;
/** Measured numbers name nothing, even where each stands once. */
const NAMING = new Set(['integer', 'text', 'date', 'timestamp']);
/** A key that names the same things on both sides has this share of its values on both. */
const SHARED = 0.5;

/** How the key of a comparison came about. */
export type KeyWhy = 'given' | 'found' | 'none' | 'refused';

/**
 * The column that names the rows of both tables, `xa` and `xb`: of one type, without gaps, each value once, and at least half of the values
 * of the shorter table in the other. Names of keys come first, then what both share most, then the order of the columns.
 */
export async function findKey(
  duck: Duck,
  sides: readonly [readonly ColumnReading[], readonly ColumnReading[]],
  common: readonly string[],
): Promise<string | null> {
  const typeIn = (readings: readonly ColumnReading[], name: string): string =>
    readings.find((one) => one.name === name)?.type ?? '';
  const found: { name: string; shared: number }[] = [];
  for (const name of common) {
    const type = typeIn(sides[0], name);
    if (!NAMING.has(type) || typeIn(sides[1], name) !== type) continue;
    const shared = await sharedBy(duck, ident(name));
    if (shared >= SHARED) found.push({ name, shared });
  }
  const rank = ({ name }: { name: string }): number => (ID_NAME.test(name) ? 1 : 0);
  const [best] = found.toSorted((a, b) => rank(b) - rank(a) || b.shared - a.shared);
  return best?.name ?? null;
}

/** Share of the shorter table's values that both have; −1 where they do not name the rows. */
async function sharedBy(duck: Duck, name: string): Promise<number> {
  const row = await duck.row(
    `SELECT (SELECT count(*) FROM xa) AS a, (SELECT count(*) FROM xb) AS b,
       (SELECT count(DISTINCT ${name}) FROM xa) AS da, (SELECT count(DISTINCT ${name}) FROM xb) AS db`,
  );
  const [a, b] = [count(row.a), count(row.b)];
  if (a === 0 || b === 0 || count(row.da) !== a || count(row.db) !== b) return -1;
  const both = await duck.row(`SELECT count(*) AS n FROM xa JOIN xb USING (${name})`);
  return count(both.n) / Math.min(a, b);
}
