import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type JsonObject, matchIntent, parsePack } from '@goalkeeper/domain';
import { forge, type ForgedReport } from './testing/forge';
import { plainText } from './verify/number-text';
import { type LocalRoom, localRoom } from './testing/local-room';
import { broken, callTool, type PlanRun, verifyRun } from './testing/run-plan';
import type { ArtifactRef } from '../definition';

jest.setTimeout(180_000);

const PRODUCTS = ['Eclair', 'eclair', 'Croissant', 'Pain "au" chocolat', '100% Rye', "Baker's Roll", 'Crème brûlée'];
const SHOPS = ['Harbour', 'Old Town', 'Bergen', 'Park & Ride', ''];
const CITIES = ['Oslo', 'Bergen', 'Tromsø'];
const LINES = Array.from({ length: 200 }, (_, index) => {
  const date = new Date(Date.UTC(2023, 10, 1 + index * 3)).toISOString().slice(0, 10);
  const product = (PRODUCTS[index % 7] ?? '').replaceAll('"', '""');
  const revenue = index % 13 === 0 ? '' : (((index * 37) % 101) * 30 + 0.25).toFixed(2);
  return `${date},"${product}",${SHOPS[index % 5]},${CITIES[index % 3]},c${index % 11},${revenue},${(index % 9) + 1}`;
});
const SALES = ['sold on,product,shop,city,customer,revenue,units', ...LINES].join('\n');

const pack = parsePack(JSON.parse(readFileSync(join(__dirname, 'data.pack.json'), 'utf8')));
const offered = pack.tasks.filter(({ success }) => success.length > 0);

let room: LocalRoom;
let opened: JsonObject;
let about: JsonObject;
beforeAll(async () => {
  room = localRoom();
  room.write('sales.csv', SALES);
  opened = await step('data.open', { source: 'sales.csv' });
  const { profile = null } = await step('data.profile', { table: opened.table ?? null });
  const { quality = null } = await step('data.quality', { table: opened.table ?? null, profile });
  about = { profile, quality };
});
afterAll(() => room.remove());

let produced: ArtifactRef[] = [];
async function step(name: string, args: JsonObject): Promise<JsonObject> {
  const run = await callTool(room, name, args);
  if (!run.ok || !run.output) throw new Error(`${run.error?.code ?? ''} ${run.error?.message ?? ''}`);
  produced.push(...run.artifacts);
  return run.output;
}

/** The steps that a question adds to a table that is opened and described. */
async function ask(args: JsonObject): Promise<PlanRun> {
  produced = [];
  const { profile = null, quality = null } = about;
  const aggregate = await step('data.aggregate', { ...args, table: opened.table ?? null, profile });
  const { aggregates = null } = aggregate;
  const by = args.by ?? null;
  const report = await step('data.report', { opened, profile, quality, aggregates, by });
  const text = (ref: unknown): string => room.read(ref as ArtifactRef).toString('utf8');
  return {
    outputs: { open: opened, aggregate, report },
    produced: [...produced],
    html: text(report.html),
    markdown: text(report.markdown),
    json: text(report.json),
  };
}

function argsOf(words: string): JsonObject {
  const match = matchIntent(words, offered);
  if (match.kind !== 'task') throw new Error(`${words}: ${match.kind}`);
  const { source: _source, ...args } = match.task.args;
  return args;
}

/** A count of the file itself, by SQL written for it. */
async function bySql(select: string, where = 'true'): Promise<Record<string, number>> {
  const instance = await DuckDBInstance.create(':memory:');
  const db = await instance.connect();
  const file = `${room.root}/sales.csv`;
  const reader = await db.runAndReadAll(
    `SELECT ${select} FROM read_csv('${file}', header = true) WHERE ${where}${select.includes(' AS g') ? ' GROUP BY 1 HAVING g IS NOT NULL' : ''}`,
  );
  const rows = reader.getRowsJS();
  db.closeSync();
  instance.closeSync();
  return Object.fromEntries(
    rows.map((row) => (row.length === 1 ? ['', Number(row[0])] : [plainText(row[0]), Number(row[1])])),
  );
}

interface Told {
  readonly kind: string;
  readonly group?: string;
  readonly value: number;
  readonly asked?: boolean;
}

async function verdicts(run: PlanRun, args: JsonObject): Promise<string[]> {
  const by: JsonObject = typeof args.by === 'string' ? { by: args.by } : {};
  return [
    ...broken(await verifyRun(room, run, { source: 'sales.csv', ...by })),
    ...broken(await verifyRun(room, run, { source: 'sales.csv', ...args }, 'data.question_is_answered')),
  ];
}

type Question = readonly [words: string, kind: string, select: string, where: string];

/** Names that end like a verb are values; verbs, words for rows and names of columns say nothing beyond that. */
const NAMES_AND_VERBS: readonly Question[] = [
  ['total units at Old Town in 2024 in sales.csv', 'sum', 'sum(units)', `shop = 'Old Town' AND year("sold on") = 2024`],
  ['total units at old town in 2024 in sales.csv', 'sum', 'sum(units)', `shop = 'Old Town' AND year("sold on") = 2024`],
  [
    'total units of croissants sold at Harbour in sales.csv',
    'sum',
    'sum(units)',
    "product = 'Croissant' AND shop = 'Harbour'",
  ],
  ['how many orders at Harbour in sales.csv', 'rows', 'count(*)', "shop = 'Harbour'"],
  ['how many orders placed in 2024 in sales.csv', 'rows', 'count(*)', `year("sold on") = 2024`],
  ['total units in shop Harbour in sales.csv', 'sum', 'sum(units)', "shop = 'Harbour'"],
  ['total revenue for units 3 in sales.csv', 'sum', 'sum(revenue)', 'units = 3'],
];

const QUESTIONS: readonly Question[] = [
  ['total revenue of eclairs in sales.csv', 'sum', 'sum(revenue)', "lower(product) = 'eclair'"],
  ['average revenue at Harbour in sales.csv', 'mean', 'avg(revenue)', "shop = 'Harbour'"],
  ['total revenue of "100% rye" in sales.csv', 'sum', 'sum(revenue)', "product = '100% Rye'"],
  ['total revenue of "Baker\'s Roll" in sales.csv', 'sum', 'sum(revenue)', "product = 'Baker''s Roll'"],
  ['total revenue where product is Crème brûlée in sales.csv', 'sum', 'sum(revenue)', "product = 'Crème brûlée'"],
  ['total revenue where product contains "PAIN" in sales.csv', 'sum', 'sum(revenue)', "product LIKE 'Pain%'"],
  ['total revenue where product contains "%" in sales.csv', 'sum', 'sum(revenue)', "product = '100% Rye'"],
  ['total revenue where revenue is over 1,000 in sales.csv', 'sum', 'sum(revenue)', 'revenue > 1000'],
  ['count sales with revenue at least 1,500.25 in sales.csv', 'rows', 'count(*)', 'revenue >= 1500.25'],
  ['count sales where units between 3 and 5 in sales.csv', 'rows', 'count(*)', 'units BETWEEN 3 AND 5'],
  ['highest revenue where city is Bergen in sales.csv', 'max', 'max(revenue)', "city = 'Bergen'"],
  ['total revenue in 2024 in sales.csv', 'sum', 'sum(revenue)', `year("sold on") = 2024`],
  ['total revenue since March 2024 in sales.csv', 'sum', 'sum(revenue)', `"sold on" >= DATE '2024-03-01'`],
  ['total revenue before Q2 2024 in sales.csv', 'sum', 'sum(revenue)', `"sold on" < DATE '2024-04-01'`],
  ['total revenue in July in sales.csv', 'sum', 'sum(revenue)', `month("sold on") = 7`],
  [
    'total revenue between 2024-01-05 and 2024-02-20 in sales.csv',
    'sum',
    'sum(revenue)',
    `"sold on" BETWEEN DATE '2024-01-05' AND DATE '2024-02-20'`,
  ],
  ['total revenue in March or July in sales.csv', 'sum', 'sum(revenue)', `month("sold on") IN (3, 7)`],
  ['total revenue in 2023 and 2025 in sales.csv', 'sum', 'sum(revenue)', `year("sold on") IN (2023, 2025)`],
  [
    'count sales where sold on is 2024-01-06 or 9 January 2024 in sales.csv',
    'rows',
    'count(*)',
    `"sold on" IN (DATE '2024-01-06', DATE '2024-01-09')`,
  ],
  [
    'total units excluding croissants and eclairs in sales.csv',
    'sum',
    'sum(units)',
    "lower(product) NOT IN ('croissant', 'eclair')",
  ],
  ['count sales with no revenue in sales.csv', 'rows', 'count(*)', 'revenue IS NULL'],
  ['total units excluding croissants in sales.csv', 'sum', 'sum(units)', "product <> 'Croissant'"],
  ['total units for Harbour or Old Town in sales.csv', 'sum', 'sum(units)', "shop IN ('Harbour', 'Old Town')"],
  [
    'total units of croissants at Harbour in 2024 in sales.csv',
    'sum',
    'sum(units)',
    `product = 'Croissant' AND shop = 'Harbour' AND year("sold on") = 2024`,
  ],
  ...NAMES_AND_VERBS,
  [
    'total units for Harbour and Old Town in 2024 in sales.csv',
    'sum',
    'sum(units)',
    `shop IN ('Harbour', 'Old Town') AND year("sold on") = 2024`,
  ],
  [
    'total units except at Harbour and Old Town in 2024 in sales.csv',
    'sum',
    'sum(units)',
    `coalesce(shop, '') NOT IN ('Harbour', 'Old Town') AND year("sold on") = 2024`,
  ],
  [
    'count sales where units over 3 and revenue over 100 in sales.csv',
    'rows',
    'count(*)',
    'units > 3 AND revenue > 100',
  ],
  [
    'total units excluding croissants and eclairs in sales.csv',
    'sum',
    'sum(units)',
    "product <> 'Croissant' AND lower(product) <> 'eclair'",
  ],
  [
    'total units at Park & Ride in 2024 in sales.csv',
    'sum',
    'sum(units)',
    `shop = 'Park & Ride' AND year("sold on") = 2024`,
  ],
  ['how many different customers in sales.csv', 'distinct', 'count(DISTINCT customer)', 'true'],
  ['how many different customers at Harbour in sales.csv', 'distinct', 'count(DISTINCT customer)', "shop = 'Harbour'"],
];

describe('a question about some of the rows', () => {
  it.each(QUESTIONS)('is answered by the rows that meet it: %s', async (words, kind, select, where) => {
    const args = argsOf(words);
    const run = await ask(args);
    const { claims } = JSON.parse(run.json) as { claims: Told[] };
    const [expected = Number.NaN] = Object.values(await bySql(select, where));
    const told = claims.find((one) => one.kind === kind && (where === 'true' || one.asked === true));
    expect(told?.value).toBeCloseTo(expected, 6);
    expect(await verdicts(run, args)).toEqual([]);
    if (where === 'true') return;
    const [met = 0] = Object.values(await bySql('count(*)', where));
    expect((run.outputs.report as { answer: string }).answer).toContain(`Of 200 rows, ${met} meet this`);
  });

  it.each([
    ['revenue per month in sales.csv', `strftime("sold on", '%Y-%m') AS g, sum(revenue)`, 'true'],
    [
      'total revenue per quarter for Harbour in sales.csv',
      `strftime("sold on", '%Y') || '-Q' || quarter("sold on") AS g, sum(revenue)`,
      "shop = 'Harbour'",
    ],
    [
      'total revenue per week of eclairs in sales.csv',
      `strftime("sold on", '%G-W%V') AS g, sum(revenue)`,
      "lower(product) = 'eclair'",
    ],
    ['total revenue by city for 2024 in sales.csv', `city AS g, sum(revenue)`, `year("sold on") = 2024`],
    ['total revenue per year in sales.csv', `year("sold on")::VARCHAR AS g, sum(revenue)`, 'true'],
  ])('is answered for every group: %s', async (words, select, where) => {
    const args = argsOf(words);
    const run = await ask(args);
    const { claims } = JSON.parse(run.json) as { claims: Told[] };
    const expected = await bySql(select, where);
    const told = claims.filter(({ kind, asked }) => kind === 'group_sum' && asked === true);
    expect(new Set(told.map(({ group }) => group)).size).toBeGreaterThanOrEqual(
      Math.min(40, Object.keys(expected).length),
    );
    for (const { group = '', value } of told) expect(value).toBeCloseTo(expected[group] ?? Number.NaN, 6);
    expect(await verdicts(run, args)).toEqual([]);
  });

  it.each([
    ['total revenue at Bergen in sales.csv', /condition_unclear.*"shop" and "city"/],
    ['total revenue of eclaires in sales.csv', /unknown_value.*No column holds "eclaires".*"Eclair"/i],
    ['total units of donut at Harbour in sales.csv', /unknown_value.*"donut"/],
    ['total units of cement in 2024 in sales.csv', /unknown_value.*"cement"/],
    ['total units excluding orders in sales.csv', /unknown_value.*"orders"/],
    ['how many customers in sales.csv', /condition_unclear.*"number of different customers"/],
    ['total units where product is not croissant and eclair in sales.csv', /condition_unclear.*others are left out/],
    ['total revenue at Atlantis in sales.csv', /unknown_value.*nearest values are/],
    ['count sales over 3 in sales.csv', /condition_unclear.*"revenue", "units"/],
    ['total revenue where colour is red in sales.csv', /unknown_column/],
    ['total revenue where city is Paris in sales.csv', /unknown_value.*"city" does not hold "Paris"/],
    ['total revenue before March in sales.csv', /condition_unclear.*which year's March/],
    ['total revenue from March to May in sales.csv', /condition_unclear.*which year's March/],
    ['total revenue for Harbour or Oslo in sales.csv', /condition_unclear.*"Harbour", "Oslo"/],
    ['total revenue in 1999 in sales.csv', /no_rows_meet.*sold on is in "1999"/],
    ['total revenue of "x\'; DROP TABLE t; --" in sales.csv', /unknown_value/],
  ])('is not answered by other rows: %s', async (words, failure) => {
    await expect(ask(argsOf(words))).rejects.toThrow(failure);
  });
});

describe('an answer about other rows is not believed', () => {
  const words = 'total revenue by city of croissants in sales.csv';
  let honest: PlanRun;
  let args: JsonObject;
  beforeAll(async () => {
    args = argsOf(words);
    honest = await ask(args);
  });
  const said = async (run: PlanRun, given: JsonObject): Promise<string> =>
    broken(await verifyRun(room, run, { source: 'sales.csv', ...given }, 'data.question_is_answered')).join('\n');
  const is = (...values: string[]): JsonObject => ({ comparison: 'is', values });

  it('where the condition is another, lacks, or is one too many', async () => {
    expect(await said(honest, args)).toBe('');
    expect(await said(honest, { ...args, where: [is('eclair')] })).toContain('the rows are those that were asked for');
    expect(await said(honest, { ...args, where: [is('croissant'), is('Harbour')] })).toContain('asked for: is Harbour');
    const { where: _where, ...all } = args;
    expect(await said(honest, all)).toContain('no rows were taken or left out for another reason');
  });

  it('where the rows were not taken, or the page does not say which they are', async () => {
    const report = JSON.parse(honest.json) as ForgedReport & { asked: { where: { values: string[] }[] } };
    for (const one of report.asked.where) one.values = ['Eclair'];
    expect(await said(await forge(room, honest, { report }), args)).toContain('the rows are those that were asked for');
    const html = honest.html.replaceAll('<q class="condition">Croissant</q>', '<q class="condition">All</q>');
    expect(await said(await forge(room, honest, { html }), args)).toContain('the answer says which rows it is about');
    const number = JSON.parse(honest.json) as ForgedReport & { claims: Told[] };
    for (const one of number.claims) if (one.asked && one.kind === 'group_sum') Object.assign(one, { value: 1 });
    expect(await said(await forge(room, honest, { report: number }), args)).toContain('every number that stands');
  });
});
