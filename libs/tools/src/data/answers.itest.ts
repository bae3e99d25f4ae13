import { writeFileSync } from 'node:fs';
import type { JsonObject } from '@goalkeeper/domain';
import type { ArtifactRef } from '../definition';
import { forge, type ForgedReport } from './testing/forge';
import { type LocalRoom, localRoom } from './testing/local-room';
import { type Asking, broken, callTool, type PlanRun, runPlan, verifyRun } from './testing/run-plan';

jest.setTimeout(180_000);

const SHOPS = ['North', 'South', 'East', 'Old "Town", West'];
const LINES = Array.from({ length: 120 }, (_, index) => {
  const amount = index % 17 === 0 ? '' : (((index * 37) % 101) + index / 10).toFixed(2);
  return `${index},"${(SHOPS[index % 4] ?? '').replaceAll('"', '""')}",${['pear', 'plum'][index % 2]},${amount},${index % 9},a${index % 3} b`;
});
const SALES = ['no,shop name,product,amount,units,note', ...LINES].join('\n');
const MANY = [
  'town,price',
  ...Array.from({ length: 400 }, (_, index) => `town ${index % 100},${(index * 31) % 77}`),
].join('\n');

let room: LocalRoom;
beforeAll(() => (room = localRoom()));
afterAll(() => room.remove());
beforeEach(() => {
  room.write('sales.csv', SALES);
  room.write('many.csv', MANY);
});

const ask = (source: string, asking: Asking): Promise<PlanRun> => runPlan(room, source, asking);
const verdicts = async (run: PlanRun, source: string, asking: Asking): Promise<string[]> => [
  ...broken(await verifyRun(room, run, { source, ...(asking.by ? { by: asking.by } : {}) })),
  ...broken(await verifyRun(room, run, { source, ...(asking as JsonObject) }, 'data.question_is_answered')),
];
const answerIn = (html: string): string =>
  (/<section id="answer">([\s\S]*?)<\/section>/.exec(html)?.[1] ?? '')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"');

/** The same, worked out without a database. */
const truth = (pick: (values: number[]) => number): Map<string, number> => {
  const groups = new Map<string, number[]>();
  LINES.forEach((line, index) => {
    const amount = /,(?:pear|plum),([\d.]*),/.exec(line)?.[1] ?? '';
    const shop = SHOPS[index % 4] ?? '';
    groups.set(shop, [...(groups.get(shop) ?? []), ...(amount === '' ? [] : [Number(amount)])]);
  });
  return new Map([...groups].map(([shop, values]) => [shop, pick(values)]));
};
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const PICKS: Record<string, (values: number[]) => number> = {
  sum,
  mean: (values) => sum(values) / values.length,
  median: (values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const half = sorted.length / 2;
    return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
  },
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  count: (values) => values.length,
};

describe('what was asked about groups', () => {
  it.each(Object.keys(PICKS))('stands in the report for every group: %s', async (statistic) => {
    const asking = { by: 'shop', measure: 'amounts', statistic };
    const run = await ask('sales.csv', asking);
    const expected = truth(PICKS[statistic] ?? sum);
    const claims = (
      JSON.parse(run.json) as { claims: { kind: string; group?: string; column?: string; value: number }[] }
    ).claims;
    for (const [shop, value] of expected) {
      const told = claims.filter(
        ({ kind, group, column }) => kind === `group_${statistic}` && group === shop && column === 'amount',
      );
      expect(told.length).toBeGreaterThan(0);
      for (const one of told) expect(one.value).toBeCloseTo(value, 6);
    }
    const [best] = [...expected].sort(([, a], [, b]) => b - a);
    expect(answerIn(run.html)).toContain(best?.[0]);
    expect(await verdicts(run, 'sales.csv', asking)).toEqual([]);
  });

  it('is one sentence that names the first, with its total', async () => {
    const run = await ask('sales.csv', { by: 'shop', statistic: 'sum', order: 'desc', measure: 'amount' });
    const [best] = [...truth(sum)].sort(([, a], [, b]) => b - a);
    const told = best?.[1].toLocaleString('en', { maximumFractionDigits: 2, minimumFractionDigits: 2 });
    expect((run.outputs.report as { answer: string }).answer).toContain(`highest is ${best?.[0]} with ${told}`);
    expect(run.markdown).toContain(`with ${told}<!--`);
  });

  it.each<[string, Asking]>([
    ['no measure is named', { by: 'shop name', statistic: 'sum', order: 'desc' }],
    ['no statistic is named', { by: 'product', measure: 'amount' }],
    ['only an order is named', { by: 'product', order: 'desc' }],
    ['rows are counted', { by: 'note', statistic: 'count' }],
    ['texts are counted', { by: 'shop', measure: 'note', statistic: 'count' }],
    ['only groups are named', { by: 'product' }],
    ['several are named', { by: 'shop', measure: 'units', statistic: 'min,max', order: 'desc,asc' }],
    ['no groups are named', { measure: 'amount', statistic: 'mean' }],
    ['nothing but a statistic is named', { statistic: 'sum' }],
    ['the lowest come first', { by: 'shop', measure: 'amount', statistic: 'sum', order: 'asc', top: 2 }],
  ])('is answered where %s', async (_what, asking) => {
    expect(await verdicts(await ask('sales.csv', asking), 'sales.csv', asking)).toEqual([]);
  });

  it('is cut honestly where there are many groups, which all stand in a file', async () => {
    const asking = { by: 'town', measure: 'price', statistic: 'sum', order: 'desc', top: 3 };
    const run = await ask('many.csv', asking);
    expect(answerIn(run.html)).toContain('there are 60 more groups');
    const csv = run.produced.find(({ name }) => name === 'groups.csv') as ArtifactRef;
    expect(room.read(csv).toString('utf8').trim().split('\n')).toHaveLength(101);
    expect(await verdicts(run, 'many.csv', asking)).toEqual([]);
  });

  it('fails with the columns there are where one is not there', async () => {
    await expect(ask('sales.csv', { by: 'colour' })).rejects.toThrow(
      /data.unknown_column.*"product", "amount", "units"/,
    );
    await expect(ask('sales.csv', { by: 'shop', measure: 'profit' })).rejects.toThrow('data.unknown_column');
    await expect(ask('sales.csv', { statistic: 'sum', order: 'desc' })).rejects.toThrow('Say by which column to rank');
    await expect(ask('sales.csv', { by: 'shop', measure: 'note', statistic: 'sum' })).rejects.toThrow(
      'data.not_a_number',
    );
  });

  it('is refused where the statistic is unknown', async () => {
    const run = await callTool(room, 'data.aggregate', { statistic: 'mode' });
    expect(run.error?.code).toBe('tool.invalid_arguments');
  });
});

describe('the answer is not believed', () => {
  const asking = { by: 'shop', measure: 'amount', statistic: 'sum', order: 'desc' };
  const args = { source: 'sales.csv', ...asking };
  let honest: PlanRun;
  beforeAll(async () => {
    room.write('sales.csv', SALES);
    honest = await ask('sales.csv', asking);
  });
  const said = async (run: PlanRun, more: JsonObject = {}): Promise<string> =>
    broken(await verifyRun(room, run, { ...args, ...more }, 'data.question_is_answered')).join('\n');

  it('where there is none', async () => {
    const plain = await ask('sales.csv', {});
    expect(broken(await verifyRun(room, plain, { source: 'sales.csv' }))).toEqual([]);
    expect(await said(plain)).toContain('the page has an answer');
  });

  it('where it answers something else', async () => {
    expect(await said(honest, { statistic: 'median' })).toContain('median of amount by shop name');
    expect(await said(honest, { measure: 'units' })).toContain('sum of units by shop name');
    expect(await said(honest, { by: 'product' })).toContain('sum of amount by product');
    expect(await said(honest, { by: 'colour' })).toContain('the table has the column "colour"');
    expect(await said(honest, { order: 'asc' })).toContain('a sentence says which comes first');
  });

  it('where the first is not named', async () => {
    const html = honest.html.replace(/<ul class="items">[\s\S]*?<\/ul>/, '<p>It depends.</p>');
    expect(await said(await forge(room, honest, { html }))).toContain('a sentence says which comes first');
  });

  it('where a group is left out', async () => {
    const html = honest.html.replace(/<tr><td><q class="value">East<\/q>.*?<\/tr>/, '');
    expect(await said(await forge(room, honest, { html }))).toContain('the groups stand in the answer');
  });

  it('where a number is false', async () => {
    const report = JSON.parse(honest.json) as ForgedReport;
    for (const claim of report.claims) if (claim.kind === 'group_sum' && claim.group === 'East') claim.value = 1;
    expect(await said(await forge(room, honest, { report }))).toContain('every number that stands in the answer');
  });

  it('where the file of all groups is another', async () => {
    const csv = honest.produced.find(({ name }) => name === 'groups.csv') as ArtifactRef;
    const text = room.read(csv).toString('utf8');
    const ones = text
      .split('\n', 1)[0]
      ?.split(',')
      .map((_, index) => (index === 0 ? 'Atlantis' : '1'));
    for (const forged of [
      text.replace(/\nEast.*/, ''),
      text.replace(/\nEast,\d+/, '\nEast,7'),
      `${text}${ones?.join(',')}\n`,
      `${text}${ones?.join(',')},1\n`,
    ]) {
      const ref = await room.context.artifacts.put({
        name: 'groups.csv',
        mediaType: 'text/csv',
        content: Buffer.from(forged),
      });
      expect(
        await said({ ...honest, produced: [...honest.produced.filter(({ name }) => name !== 'groups.csv'), ref] }),
      ).toContain('groups.csv has every group');
    }
  });

  it('where the source has changed', async () => {
    writeFileSync(`${room.root}/sales.csv`, SALES.replace('North', 'South'));
    expect(await said(honest)).toContain('the source has changed');
  });
});
