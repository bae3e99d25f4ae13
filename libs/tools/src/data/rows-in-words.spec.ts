import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IntentMatch, matchIntent, parsePack } from '@goalkeeper/domain';

const pack = parsePack(JSON.parse(readFileSync(join(__dirname, 'data.pack.json'), 'utf8')));
const offered = pack.tasks.filter(({ success }) => success.length > 0);
const read = (words: string): IntentMatch => matchIntent(words, offered);

describe('words for some rows of a file, where the task looks at all of them', () => {
  it.each([
    'report on sales.csv for 2024',
    'analyse sales.csv for 2024',
    'analyse sales.csv for Bergen',
    'analyse fjordsales.csv for fjord',
    'summarise the sales in bergen from sales.csv',
    'analyse sales.csv excluding Bergen',
    'analyse sales.csv by region for 2024',
    'chart revenue by region where year is 2024 in sales.csv',
    'clean sales.csv for 2024',
    'clean sales.csv except Bergen',
    'profile only the rows of 2023 in sales.csv',
    'profile sales.csv where region is north',
    'compare a.csv with b.csv for 2024',
    'compare a.csv with b.csv except Bergen',
    'join a.csv with b.csv on id where region is north',
    'join a.csv and b.csv on id for 2024',
  ])('are asked about and not passed over: %s', (words) => {
    expect([words, read(words).kind]).toEqual([words, 'ask']);
  });

  it.each([
    ['analyse data/2024/sales.csv', 'data.report'],
    ['compare sales-2023.csv with sales-2024.csv', 'data.compare'],
    ['Please Analyse the data in Sales.csv', 'data.report'],
    ['analyse sales.csv for my boss', 'data.report'],
    ['profile the file sales.csv in detail', 'data.profile'],
    ['chart revenue by region in sales.csv', 'data.chart'],
  ])('are not seen where none are: %s', (words, name) => {
    expect(read(words)).toMatchObject({ kind: 'task', task: { name } });
  });
});

describe('a word that turns a condition around', () => {
  it.each([
    'total amount in sales.csv except in 2024',
    'total amount in sales.csv unless amount is over 30',
    'total amount in sales.csv excluding orders before 2024',
    'total amount in sales.csv ignoring amounts over 30',
    'total amount in sales.csv not since 2024',
  ])('is not passed over: %s', (words) => {
    expect(read(words).kind).not.toBe('task');
  });
});

describe('conditions of which one is enough', () => {
  it.each([
    'total amount in sales.csv where amount is over 30 or under 5',
    'total amount in sales.csv over 30 or in 2024',
    'total amount in sales.csv over 100 in Bergen and over 50 in Oslo',
    'total amount since March 2024 or until January 2023 in sales.csv',
  ])('are asked about, since all of them would have to be met: %s', (words) => {
    expect([words, read(words).kind]).toEqual([words, 'ask']);
  });

  it.each([
    ['total amount for Bergen or Oslo in sales.csv', [{ comparison: 'is', values: ['Bergen', 'Oslo'] }]],
    ['total amount in March or May in sales.csv', [{ comparison: 'during', values: ['--03', '--05'] }]],
    ['total amount excluding Bergen and Oslo in sales.csv', [{ comparison: 'is_not', values: ['Bergen', 'Oslo'] }]],
  ])('are one where they are values of one column: %s', (words, where) => {
    expect(read(words)).toMatchObject({ kind: 'task', task: { args: { where } } });
  });
});
