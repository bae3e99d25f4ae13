import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { judgeConditions } from './conditions-are-met';
import type { CheckedCondition, CheckedReport, WantedCondition } from './report-model';

let db: DuckDBConnection;
beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
  await db.run(
    `CREATE TABLE val AS SELECT * FROM (VALUES ('Eclair', 'Oslo', 1), ('eclair', 'Bergen', 2), ('Bun', 'Oslo', 3)) AS r (v0, v1, v2)`,
  );
});

const columns = [
  { name: 'product', type: 'text' },
  { name: 'city', type: 'text' },
  { name: 'units', type: 'integer' },
];
async function broken(wanted: WantedCondition[], where: CheckedCondition[]): Promise<string[]> {
  const report = { columns, asked: { where } } as unknown as CheckedReport;
  return (await judgeConditions(db, report, wanted)).filter(({ holds }) => !holds).map(({ check }) => check);
}
const told = (column: string, comparison: string, ...values: string[]): CheckedCondition => ({
  column,
  comparison,
  values,
});
const EXTRA = ['no rows were taken or left out for another reason'];

describe('the conditions that a report states', () => {
  it.each([
    [{ comparison: 'is', values: ['eclairs'] }, told('product', 'is', 'Eclair', 'eclair')],
    [
      { column: 'product', comparison: 'is', values: ['Eclair', 'bun'] },
      told('product', 'is', 'Eclair', 'eclair', 'Bun'),
    ],
    [{ comparison: 'is_not', values: ['Oslo'] }, told('city', 'is_not', 'Oslo')],
    [{ column: 'units', comparison: 'is', values: ['2'] }, told('units', 'is', '2')],
    [{ column: 'units', comparison: 'between', values: ['1', '2'] }, told('units', 'between', '1', '2')],
  ])('may be those that were asked for, in every spelling: %j', async (wanted, stated) => {
    expect(await broken([wanted], [stated])).toEqual([]);
  });

  it.each([
    [{ comparison: 'is', values: ['eclairs'] }, told('product', 'is', 'Eclair', 'Bun')],
    [{ column: 'product', comparison: 'is', values: ['Eclair'] }, told('product', 'is', 'Eclair', 'Bun')],
    [{ comparison: 'is_not', values: ['Oslo'] }, told('city', 'is_not', 'Oslo', 'Bergen')],
    [{ column: 'units', comparison: 'is', values: ['2'] }, told('units', 'is', '2', '3')],
  ])('have no value more than was asked for: %j', async (wanted, stated) => {
    expect(await broken([wanted], [stated])).toEqual(EXTRA);
  });

  it('are met together where they are of one column', async () => {
    const is = (value: string): WantedCondition => ({ comparison: 'is', values: [value] });
    expect(await broken([is('eclair'), is('bun')], [told('product', 'is', 'Eclair', 'eclair', 'Bun')])).toEqual([]);
  });
});
