import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describeErrors } from '../../apps/cli/src/errors/catalogue';
import { EVENT_TYPES, FAILURES, PROBLEMS } from '../../libs/contracts/src';

const root = resolve(__dirname, '../..');
/** Where goals and their steps get their failures from. */
const ROOMS = [
  'libs/domain/src',
  'libs/workflows/src',
  'libs/activities/src',
  'libs/tools/src',
  'libs/persistence/src',
];
const FILES = ROOMS.flatMap((room) => sourcesBelow(join(root, room))).concat(
  ...['apps/api/src/sweeper/reconciler.ts', 'libs/platform/src/blobs/blob-store.ts'].map((name) => join(root, name)),
);

/**
 * Stands in the place of a code and never ends a goal: problems of the validator (they become `plan.none`), findings about plans of
 * HDDL and PDDL problems (`goalkeeper plan check` tells them in words), files and models of guidance that it cannot read, cursors, mark-up, a predicate.
 */
const NO_FAILURES = new Set([
  'cursor.invalid',
  'planning.malformed_input',
  'plan.facts_hold',
  'report.json',
  'groups.csv',
]);
const isOfValidator = (file: string): boolean =>
  /planning\/((expected-steps|validate-plan|replay)\.ts$|pddl-plan\/|pddl-pack\/check-|guidance\/read-model)/.test(
    file,
  );

const CODE = `'([a-z]+\\.[a-z_]+)'`;
/** Where codes stand: as a member or property, also chosen by a condition; as the first argument of what makes failures. */
const PLACES = [
  new RegExp(String.raw`\bcode(?::| =) (?:[^'\n]*\? )?${CODE}(?: : ${CODE})?`, 'g'),
  new RegExp(String.raw`\b(?:new ToolFailure|failed|failedRun)\(\s*${CODE}`, 'g'),
  new RegExp(String.raw`\|\| ${CODE}`, 'g'),
];

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(({ name }) => /\.ts$/.test(name) && !/\.(spec|itest)\.ts$/.test(name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.includes('/testing/'));
}

/** Codes with the file in which they stand. */
function codesIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found = PLACES.flatMap((place) => [...text.matchAll(place)].flatMap(([, ...codes]) => codes));
  return found.filter((code) => code !== undefined && !NO_FAILURES.has(code));
}

const used = FILES.filter((file) => !isOfValidator(file)).flatMap((file) =>
  codesIn(file).map((code) => ({ code, file: relative(root, file) })),
);
const known = new Set([...Object.keys(FAILURES), ...Object.keys(PROBLEMS)]);

describe('the codes of goals that failed', () => {
  it('are all in the catalogue, wherever the code names one', () => {
    expect(used.length).toBeGreaterThan(40);
    expect(used.filter(({ code }) => !known.has(code))).toEqual([]);
  });

  it('are all used: the catalogue explains nothing that cannot happen', () => {
    const alive = new Set([...used.map(({ code }) => code), 'defect']);
    expect(Object.keys(FAILURES).filter((code) => !alive.has(code))).toEqual([]);
  });

  it('are found in every place: no quoted word of their families is left over', () => {
    const families = new Set(Object.keys(FAILURES).map((code) => code.split('.')[0]));
    const others = new Set<string>([...EVENT_TYPES, ...NO_FAILURES, ...namesLikeCodes()]);
    const files = FILES.filter((file) => !isOfValidator(file) && !/libs\/persistence|apps\//.test(file));
    const quoted = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(new RegExp(CODE, 'g'))].map(([, code = '']) => code),
    );
    const left = quoted.filter((code) => families.has(code.split('.')[0]) && !known.has(code) && !others.has(code));
    expect(left.filter((code) => !/\.(json|ts|md|html|csv|parquet|duckdb)$/.test(code))).toEqual([]);
  });

  it('are explained on the command line, each with what to do', () => {
    const all = describeErrors()?.join('\n') ?? '';
    for (const [code, { title, hint }] of Object.entries(FAILURES)) {
      expect(all).toContain(`${code} `);
      expect([code, title !== '', hint !== '']).toEqual([code, true, true]);
      expect(describeErrors(code)?.join('\n')).toMatch(/^  fix: ./m);
    }
    expect(describeErrors('plan.none')?.[0]).toContain(FAILURES['plan.none'].title);
    expect(describeErrors('toString')).toBeNull();
  });
});

/** Names of tools and verifiers, and of what is logged. */
function namesLikeCodes(): string[] {
  const places = [/\bname: '([a-z]+\.[a-z_-]+)'/g, /\blog\.[a-z]+\([^;]*?'([a-z]+\.[a-z_]+)',?\s*\)/g];
  return FILES.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return places.flatMap((place) => [...text.matchAll(place)].map(([, name = '']) => name));
  });
}
