import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseDomain } from './parse-domain';
import { parseProblem } from './parse-problem';

const folder = process.env.GK_PLANNING_DATA ?? '';
const isThere = folder !== '' && existsSync(folder);
if (!isThere)
  console.warn(
    'SKIPPED: planning files. Set GK_PLANNING_DATA to the folder that holds them to check that all of them parse.',
  );

const filesBelow = (root: string): readonly string[] =>
  isThere
    ? readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(hddl|pddl)$/.test(file) && basename(dirname(file)) !== 'plans')
        .map((file) => join(root, file))
        .sort()
    : [];

/** `x-domain.hddl` belongs to `x.hddl`; else the `domain` file of the folder, or of one above it. */
function domainFor(problem: string, files: ReadonlySet<string>, root = folder): string {
  const own = problem.replace(/(\.\w+)$/, '-domain$1');
  if (files.has(own)) return own;
  const ending = problem.slice(problem.lastIndexOf('.'));
  for (let at = dirname(problem); at.length >= root.length; at = dirname(at)) {
    const shared = join(at, `domain${ending}`);
    if (files.has(shared)) return shared;
  }
  throw new Error(`no domain for ${problem}`);
}

describe('the planning files of others', () => {
  const check = isThere ? it : it.skip;
  const files = filesBelow(folder);
  const isDomain = (file: string): boolean => /(^|-)domain\.\w+$/.test(basename(file));

  it('each problem finds its domain', () => {
    const names = ['x/a-domain.hddl', 'x/a.hddl', 'x/domain.hddl', 'x/deep/er/p01.hddl'];
    expect(names.filter((name) => !isDomain(name)).map((name) => domainFor(name, new Set(names), 'x'))).toEqual([
      'x/a-domain.hddl',
      'x/domain.hddl',
    ]);
  });

  check('all parse, and say something', () => {
    const all = new Set(files);
    const problems = files.filter((file) => !isDomain(file) && !basename(file).startsWith('empty-methods2'));
    expect(problems.length).toBeGreaterThan(200);
    for (const file of problems) {
      const domainFile = domainFor(file, all);
      const domain = parseDomain(readFileSync(domainFile, 'utf8'), domainFile);
      const problem = parseProblem(readFileSync(file, 'utf8'), domain, file);
      expect(problem.domain).toBe(domain.name);
      expect(problem.network ?? problem.goal.kind).not.toBe('true');
    }
    for (const file of files.filter(isDomain)) expect(parseDomain(readFileSync(file, 'utf8'), file).name).not.toBe('');
  });
});
