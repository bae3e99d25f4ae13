import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchIntent, parsePack, resolveTask } from '@goalkeeper/domain';

const pack = parsePack(JSON.parse(readFileSync(join(__dirname, 'data.pack.json'), 'utf8')));
const offered = pack.tasks.filter(({ success }) => success.length > 0);
const read = (words: string): object => {
  const match = matchIntent(words, offered);
  return match.kind === 'task' ? match.task : match.kind === 'ask' ? (match.options[0]?.task ?? {}) : {};
};

describe('a question about groups', () => {
  it.each([
    ['total amount per shop in sales.csv', { by: 'shop', measure: 'amount', statistic: 'sum' }],
    [
      'what is the average amount for each product in sales.csv',
      { by: 'product', measure: 'amount', statistic: 'mean' },
    ],
    ['median price by region in homes.parquet', { by: 'region', measure: 'price', statistic: 'median' }],
    ['which shop sold the most in sales.csv', { by: 'shop', statistic: 'sum', order: 'desc' }],
    ['which clinic has the lowest cost in visits.json', { by: 'clinic', measure: 'cost', order: 'asc' }],
    ['how many rows per team are in games.csv', { by: 'team', statistic: 'count' }],
    [
      'minimum temperature per station in weather.csv',
      { by: 'station', measure: 'temperature', statistic: 'min', order: 'asc' },
    ],
    ['how does amount differ from shop to shop in sales.csv', { by: 'shop', measure: 'amount' }],
    ['average order value per shop in sales.csv', { by: 'shop', measure: 'order value', statistic: 'mean' }],
  ])('is read with all that it names: %s', (words, expected) => {
    const { source: _source, ...args } = (read(words) as { args: Record<string, unknown> }).args;
    expect([words, (read(words) as { name: string }).name, args]).toEqual([words, 'data.aggregate', expected]);
  });

  it.each([
    ['have a look at sales.csv, how does amount differ from shop to shop', { by: 'shop', measure: 'amount' }],
    ['what is the average amount per shop', { by: 'shop', measure: 'amount', statistic: 'mean' }],
    ['which shop sold the most', { by: 'shop', statistic: 'sum', order: 'desc' }],
  ])('keeps all that the words gave in what it asks: %s', (words, args) => {
    const match = matchIntent(words, offered);
    expect(match).toMatchObject({ kind: 'ask', options: [{ task: { name: 'data.aggregate', args } }, {}, {}] });
  });

  it('names the kind of chart', () => {
    expect(read('show me a bar chart of total amount by shop from sales.csv')).toEqual({
      name: 'data.chart',
      args: { source: 'sales.csv', by: 'shop', measure: 'amount', statistic: 'sum', kind: 'bar' },
    });
  });

  it.each([
    ['chart average mark by subject from school.csv', { by: 'subject', measure: 'mark', statistic: 'mean' }],
    ['draw a chart of average revenue per quarter in a.csv', { by: 'quarter', measure: 'revenue', statistic: 'mean' }],
    ['plot the median price by city from a.csv', { by: 'city', measure: 'price', statistic: 'median' }],
  ])('knows the statistic of a chart without asking: %s', (words, args) =>
    expect(matchIntent(words, offered)).toMatchObject({ kind: 'task', task: { name: 'data.chart', args } }),
  );

  it('refuses a statistic that is none', () => {
    const task = { name: 'data.aggregate', args: { source: 'a.csv', by: 'shop', statistic: 'mode' } };
    expect(() => resolveTask({ objective: '', task }, [pack])).toThrow(/one or several of sum, mean/);
  });

  it('takes a number for how many groups only where the words say so', () => {
    expect(read('top 5 shops by amount in sales.csv')).toMatchObject({ args: { top: 5, order: 'desc' } });
    expect(read('total amount per shop in sales.csv for 2024')).not.toHaveProperty('args.top');
  });

  it.each([
    'report on sales.csv for 2024 only',
    'analyse sales.csv since March 2024',
    'profile sales.csv where shop is Harbour',
    'clean sales.csv for 2024',
    'compare a.csv with b.csv for 2024',
    'join a.csv and b.csv on id where amount is over 30',
    'chart amount by shop from sales.csv in 2024',
  ])('asks before it passes over a condition: %s', (words) => {
    expect(matchIntent(words, offered).kind).toBe('ask');
  });

  it.each([
    'report on sales-2024.csv',
    'compare sales-2023.csv with sales-2024.csv',
    'plot amount over time from sales.csv',
  ])('sees no condition in: %s', (words) => expect(matchIntent(words, offered).kind).toBe('task'));
});
