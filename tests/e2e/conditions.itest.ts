import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type World } from './setup';

jest.setTimeout(180_000);

interface Sale {
  readonly day: string;
  readonly product: string;
  readonly shop: string;
  readonly customer: string;
  readonly revenue: number;
}
const SALES: readonly Sale[] = Array.from({ length: 90 }, (_, index) => ({
  day: new Date(Date.UTC(2023, 11, 1 + index * 2)).toISOString().slice(0, 10),
  product: ['Eclair', 'Croissant', "Baker's Roll"][index % 3] ?? '',
  shop: ['Harbour', 'Old Town', 'Station', 'Harbour', 'Mill'][index % 5] ?? '',
  customer: `c${index % 7}`,
  revenue: ((index * 37) % 101) * 20 + 5,
}));
const CSV = ['day,product,shop,customer,revenue', ...SALES.map((one) => Object.values(one).join(','))].join('\n');

const sum = (list: readonly Sale[]): number => list.reduce((total, { revenue }) => total + revenue, 0);
const of = (keep: (sale: Sale) => boolean): readonly Sale[] => SALES.filter(keep);
const eclairs = of(({ product }) => product === 'Eclair');
const harbour = of(({ shop }) => shop === 'Harbour');
const spring = of(({ day }) => day.startsWith('2024-'));

/** Words, the number that answers them, and how many rows that is of; the numbers are worked out here. */
const GOALS: readonly (readonly [words: string, value: number, rows: number])[] = [
  ['total revenue of eclairs in ./sales.csv', sum(eclairs), eclairs.length],
  ['average revenue at Harbour in ./sales.csv', sum(harbour) / harbour.length, harbour.length],
  ['count sales over 1,000 in ./sales.csv', 0, 0],
  ['highest revenue where shop is Old Town in ./sales.csv', 0, 0],
  ['total revenue for 2024 in ./sales.csv', sum(spring), spring.length],
  [
    'how many different customers at Harbour in ./sales.csv',
    new Set(harbour.map(({ customer }) => customer)).size,
    harbour.length,
  ],
].map(([words, value, rows]) => {
  const over = of(({ revenue }) => revenue > 1000);
  const town = of(({ shop }) => shop === 'Old Town');
  if (String(words).startsWith('count')) return [String(words), over.length, over.length];
  if (String(words).startsWith('highest'))
    return [String(words), Math.max(...town.map(({ revenue }) => revenue)), town.length];
  return [String(words), Number(value), Number(rows)];
});

const shown = (value: number): string =>
  value.toLocaleString('en', Number.isInteger(value) ? {} : { minimumFractionDigits: 2, maximumFractionDigits: 2 });

describe('questions about some of the rows', () => {
  let world: World;
  let files: string;
  beforeAll(async () => {
    files = mkdtempSync(join(tmpdir(), 'gk-conditions-'));
    writeFileSync(join(files, 'sales.csv'), CSV);
    world = await startWorld({ GK_FILE_ROOTS: files });
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    rmSync(files, { recursive: true, force: true });
  }, 60_000);

  const answerTo = async (id: string): Promise<string> => {
    const events = await world.client.events(id);
    return events.map((event) => JSON.stringify(event.data)).join('\n');
  };

  it.each(GOALS)('"%s" is answered by those rows, verified', async (words, value, rows) => {
    const { client } = world;
    const { id } = await client.submit({ objective: words, mayAsk: true }, `conditions-${words.replace(/\W+/g, '-')}`);
    expect(await client.until(id, undefined, 120_000)).toMatchObject({ state: 'succeeded', verified: true });
    const { evidence = [] } = await client.goal(id, 'plan,evidence');
    expect(evidence.filter(({ holds }) => !holds)).toEqual([]);
    expect(evidence.map(({ check }) => check).join('\n')).toContain('the rows are those that were asked for');
    const told = await answerTo(id);
    expect(told).toContain(`: ${shown(value)}.`);
    expect(told).toContain(`Of ${SALES.length} rows, ${rows} meet this`);
  });

  it('groups by the months of the dates', async () => {
    const { client } = world;
    const { id } = await client.submit({ objective: 'total revenue per month in ./sales.csv' }, 'conditions-month');
    expect(await client.until(id, undefined, 120_000)).toMatchObject({ state: 'succeeded', verified: true });
    const months = new Map<string, number>();
    for (const { day, revenue } of SALES) months.set(day.slice(0, 7), (months.get(day.slice(0, 7)) ?? 0) + revenue);
    const [best] = [...months].sort(([, a], [, b]) => b - a);
    expect(await answerTo(id)).toContain(`highest is ${best?.[0]} with ${shown(best?.[1] ?? 0)}`);
  });

  it('claims no number where no row, or no value, is meant', async () => {
    const { client } = world;
    for (const [objective, code] of [
      ['total revenue in 1999 in ./sales.csv', 'data.no_rows_meet'],
      ['total revenue of baguettes in ./sales.csv', 'data.unknown_value'],
    ] as const) {
      const { id } = await client.submit({ objective, mayAsk: false }, `conditions-${code}`);
      const end = await client.until(id, undefined, 120_000);
      expect(end).toMatchObject({ state: 'failed', failure: { code } });
    }
  });

  it('asks which is meant by two files and no word for what to make of them', async () => {
    const { client } = world;
    const { id } = await client.submit({ objective: 'look at ./a.csv and ./b.csv', mayAsk: true }, 'conditions-two');
    await client.until(id, ['waiting_input'], 60_000);
    const [question] = await client.questions(id);
    expect(question?.choices.length).toBeGreaterThan(2);
  });
});
