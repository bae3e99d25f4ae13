import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDomain, parseProblem, solve } from '@goalkeeper/domain';
import { seededRandom } from '../../../libs/domain/src/chance';
import {
  randomClassical,
  randomNetwork,
  type RandomTask,
} from '../../../libs/domain/src/planning/search-pddl/testing/random-problems';
import { askOthers, otherPlanners, type Question } from './other-planners';

const others = otherPlanners();
if ('missing' in others) console.warn(`SKIPPED: agreement with other planners. Missing: ${others.missing}.`);

/** Each with the planner that is asked, and how often. */
const KINDS: readonly [string, Question['planner'], number, (seed: number) => RandomTask][] = [
  ['classical', 'pyperplan', 120, (seed) => randomClassical(seededRandom(seed), false)],
  ['totally ordered', 'aries', 28, (seed) => randomNetwork(seededRandom(seed), true)],
  ['partially ordered', 'aries', 28, (seed) => randomNetwork(seededRandom(seed), false)],
];
const FIRST_SEED = 500;
/** How many problems of each outcome must have been compared. */
const AT_LEAST = { yes: 5, no: 5, both: 20 };

('missing' in others ? describe.skip : describe)('another planner', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'gk-others-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(KINDS)(
    `agrees which %s problems can be solved: %s, %d seeds from ${FIRST_SEED} on`,
    (kind, planner, count, make) => {
      const seeds = Array.from({ length: count }, (_, index) => FIRST_SEED + index);
      const questions = seeds.map((seed) => {
        const { domain, problem } = make(seed);
        const files = {
          domain: join(folder, `${kind} ${seed} d.hddl`),
          problem: join(folder, `${kind} ${seed} p.hddl`),
        };
        writeFileSync(files.domain, domain);
        writeFileSync(files.problem, problem);
        return { planner, ...files };
      });
      const theirs = 'python' in others ? askOthers(others.python, questions) : [];
      const compared = seeds.flatMap((seed, index) => {
        const text = make(seed);
        const domain = parseDomain(text.domain);
        const found = solve(domain, parseProblem(text.problem, domain), { maxNodes: 5_000, isOver: () => false });
        const they = theirs[index] ?? 'unknown: no answer';
        if (found.kind === 'exhausted' || they.startsWith('unknown')) return [];
        return [{ seed, ours: found.kind === 'unsolvable' ? 'no' : 'yes', theirs: they }];
      });
      expect(compared.filter((one) => one.ours !== one.theirs)).toEqual([]);
      const told = (answer: string): number => compared.filter((one) => one.ours === answer).length;
      expect(compared.length).toBeGreaterThanOrEqual(AT_LEAST.both);
      expect(told('yes')).toBeGreaterThanOrEqual(AT_LEAST.yes);
      expect(told('no')).toBeGreaterThanOrEqual(AT_LEAST.no);
    },
    120_000,
  );
});
