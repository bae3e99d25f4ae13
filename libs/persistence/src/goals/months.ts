import type { DataSource, EntityManager } from 'typeorm';
import { row } from '../sql';

/** Months whose partitions were seen to be there, committed, by database. */
const known = new WeakMap<DataSource, Set<string>>();

/**
 * The month of a time as `YYYY-MM-01` (UTC), with its partitions made where missing. Asks the database until it saw
 * them committed once: what this transaction makes itself would go with it.
 */
export async function ensureMonth(tx: EntityManager, at: Date): Promise<string> {
  const month = `${at.toISOString().slice(0, 7)}-01`;
  const months = known.get(tx.dataSource) ?? new Set();
  known.set(tx.dataSource, months);
  if (!months.has(month)) {
    const answer = await row<{ made: boolean }>(tx, 'SELECT ensure_goal_partitions($1::date) AS made', [month]);
    if (answer?.made === false) months.add(month);
  }
  return month;
}
