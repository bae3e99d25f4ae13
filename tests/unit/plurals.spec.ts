import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const NOUNS =
  'argument|byte|call|cell|chart|check|claim|column|event|file|finding|goal|insight|line|node|number|problem|quote|repair|row|section|step|term|time|value|warning';
/** A number in a template with a noun in the plural behind it, perhaps after one more word; constants are never 1. */
const BARE_PLURAL = new RegExp(String.raw`\$\{(?![A-Z_]+\})[^}]*\} (?:[a-z]+ )?(?:${NOUNS})s\b`, 'g');

/** What stays as it is, with the reason. */
const LEFT = new Map([
  ['${gate.unmet.length} goals', 'the workflow speaks: its recorded histories hold the words'],
  ['${verification.checks} checks', 'the same'],
  ['${total} steps', 'one step is told in other words'],
  ['${sizeOf(list)} bytes', 'only above the limit'],
  ['${job.name} holds columns', 'a name, no number'],
  ['${numbers.length} of numbers', 'a kind of column: "1 of numbers"'],
  ['${attempts - 1} times', 'only after several attempts'],
  ['${width} columns', 'only above the limit'],
  ['${bytes} bytes', 'only above the limit'],
  ['${limitBytes} bytes', 'a limit'],
]);

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(({ name }) => /\.ts$/.test(name) && !/\.(spec|itest)\.ts$/.test(name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !/node_modules|\/testing\//.test(path));
}

it('no text for people counts "1 rows": counts and their nouns go through plural or nounFor', () => {
  const files = ['apps', 'libs'].flatMap((folder) => sourcesBelow(join(root, folder)));
  expect(files.length).toBeGreaterThan(200);
  const found = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(BARE_PLURAL)]
      .filter(([text]) => ![...LEFT.keys()].some((left) => text.endsWith(left)))
      .map(([text]) => `${relative(root, file)}: ${text}`),
  );
  expect(found).toEqual([]);
});
