import { areConditions } from './condition';
import { periodOf } from './periods';
import { readConditions } from './read-conditions';

const read = (text: string): object[] => readConditions(text).found.map(({ condition }) => condition);

it.each([
  ['count orders over 30', [{ comparison: 'over', values: ['30'] }]],
  ['orders of at least $1,250.50', [{ comparison: 'at_least', values: ['1250.50'] }]],
  ['amount >= 1 000', [{ comparison: 'at_least', values: ['1000'] }]],
  ['no more than 5 units', [{ comparison: 'at_most', values: ['5'] }]],
  ['where order value is between 3 and 5', [{ column: 'order value', comparison: 'between', values: ['3', '5'] }]],
  ['where city is Bergen', [{ column: 'city', comparison: 'is', values: ['Bergen'] }]],
  ['where city is "Old, Town"', [{ column: 'city', comparison: 'is', values: ['Old, Town'] }]],
  ["where name is 'O''Neil'", [{ column: 'name', comparison: 'is' }]],
  ['where city is Bergen or Oslo', [{ column: 'city', comparison: 'is', values: ['Bergen', 'Oslo'] }]],
  ['where status is not cancelled', [{ column: 'status', comparison: 'is_not', values: ['cancelled'] }]],
  ['whose name contains "100%"', [{ near: 'name', comparison: 'contains', values: ['100%'] }]],
  ['where email is missing', [{ column: 'email', comparison: 'missing', values: [] }]],
  ['with no email', [{ near: 'email', comparison: 'missing', values: [] }]],
  ['excluding crème brûlée', [{ comparison: 'is_not', values: ['crème brûlée'] }]],
  ['excluding bagels and rye bread', [{ comparison: 'is_not', values: ['bagels', 'rye bread'] }]],
  ['excluding bagels, pies and buns', [{ comparison: 'is_not', values: ['bagels', 'pies', 'buns'] }]],
  ['excluding bagels and with price over 3', [{ comparison: 'is_not', values: ['bagels'] }, { comparison: 'over' }]],
  ['sales in 2024', [{ comparison: 'during', values: ['2024'] }]],
  ['sales since March 2024', [{ comparison: 'from', values: ['2024-03'] }]],
  ['sales until 15 March 2024', [{ comparison: 'until', values: ['2024-03-15'] }]],
  ['sales before Q2 2024', [{ comparison: 'before', values: ['2024-Q2'] }]],
  ['sales from March to May 2024', [{ comparison: 'between', values: ['2024-03', '2024-05'] }]],
  ['sales between 2024-01-01 and 2024-03-31', [{ comparison: 'between', values: ['2024-01-01', '2024-03-31'] }]],
  ['sales in March and May 2024', [{ comparison: 'during', values: ['2024-03', '2024-05'] }]],
  ['people older than 30', [{ near: 'age', loose: 'age', comparison: 'over', values: ['30'] }]],
  ['orders older than 2024-03-01', [{ comparison: 'before', values: ['2024-03-01'] }]],
  ['where placed is younger than March 2024', [{ column: 'placed', comparison: 'after', values: ['2024-03'] }]],
  ['sales in 2023 or 2024', [{ comparison: 'during', values: ['2023', '2024'] }]],
  ['where day is 2024-01-05 or 6 January 2024', [{ column: 'day', values: ['2024-01-05', '2024-01-06'] }]],
  ['excluding Bergen, Oslo and Old Town', [{ comparison: 'is_not', values: ['Bergen', 'Oslo', 'Old Town'] }]],
])('reads %s', (text, expected) => {
  const found = read(text);
  expect(found).toMatchObject(expected);
  expect(found).toHaveLength(expected.length);
  expect(areConditions(found)).toBe(true);
});

it.each([
  'average price by region',
  'total amount per shop',
  'plot price over time',
  'top 5 shops',
  'over 30k',
  'over 1,00',
])('reads no condition into: %s', (text) => expect(read(`${text} in sales.csv`)).toEqual([]));

it('leaves the text whole but for what was read, and a source alone', () => {
  const text = 'total amount in 2024 in from-2023.csv';
  const { rest } = readConditions(text);
  expect(rest).toHaveLength(text.length);
  expect(rest).toContain('in from-2023.csv');
  expect(rest).not.toContain('in 2024');
});

it('knows no day that is none', () => {
  expect(periodOf('31 February 2024')).toBeNull();
  expect(periodOf('29 February 2024')).toBe('2024-02-29');
});

it('takes time that grows with the length of a text', () => {
  const long = `where ${'very '.repeat(2_000)}is "x`;
  expect(() => readConditions(long)).not.toThrow();
});
