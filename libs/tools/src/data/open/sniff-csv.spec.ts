import { looksLikeProse, sniffCsv, widthOfCutLine } from './sniff-csv';

it.each([
  ['a,b,c\n1,2,3\n', ',', ['a', 'b', 'c'], true],
  ['a;b\n"1;5";2,5\n3;4,5\n', ';', ['a', 'b'], true],
  ['a\tb\n1\t2\n', '\t', ['a', 'b'], true],
  ['"a|x"|b\n1|2\n', '|', ['a|x', 'b'], true],
  ['1,2\n3,4\n', ',', ['column_1', 'column_2'], false],
  ['country,2019,2020\nPeru,1,2\n', ',', ['country', '2019', '2020'], true],
  ['name\nRome\nOslo\n', ',', ['name'], true],
  ['when,value\n2020-01-01,3\n', ',', ['when', 'value'], true],
])('finds delimiter and header of %j', (text, delimiter, names, hasHeader) => {
  expect(sniffCsv(text, true)).toMatchObject({ delimiter, names, hasHeader });
});

it('leaves a cut last record out of the count', () => {
  expect(sniffCsv('a,b,c\n1,2,3\n4,5', false).usualWidth).toBe(3);
});

it.each([
  ['a,b,c\n1,2', 0],
  ['a,b,c', 3],
  ['a;"b;c";d,e', 3],
  ['word', 1],
])('counts the cells of a first line that is cut: %j', (text, width) => {
  expect(widthOfCutLine(text)).toBe(width);
});

it('tells prose from a table of one column', () => {
  expect(looksLikeProse('It was a bright cold day in April and the clocks struck.')).toBe(true);
  expect(looksLikeProse('city\nNew York\nRome\n')).toBe(false);
});
