import type { ColumnReading } from '../model';
import { type Duck, literal, textOrNull } from './duck';

/** Makes the view `t` of a normalised table and returns how its columns were read. */
export async function attachTable(duck: Duck, path: string): Promise<ColumnReading[]> {
  const from = literal(path);
  await duck.run(`CREATE VIEW t AS SELECT * FROM read_parquet(${from})`);
  const rows = await duck.rows(
    `SELECT decode(value) AS readings FROM parquet_kv_metadata(${from}) WHERE decode(key) = 'goalkeeper'`,
  );
  const text = textOrNull(rows[0]?.readings);
  if (text === null) throw new Error('the table was not made by data.open: its readings are missing');
  return JSON.parse(text) as ColumnReading[];
}
