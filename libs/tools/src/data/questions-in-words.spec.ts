import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchIntent, parsePack } from '@goalkeeper/domain';

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

  it('keeps what the words gave when it asks for the file', () => {
    expect(read('have a look at sales, how does amount differ from shop to shop')).toMatchObject({
      args: { by: 'shop', measure: 'amount' },
    });
  });

  it('takes a number for how many groups only where the words say so', () => {
    expect(read('top 5 shops by amount in sales.csv')).toMatchObject({ args: { top: 5, order: 'desc' } });
    expect(read('total amount per shop in sales.csv for 2024')).not.toHaveProperty('args.top');
  });
});
