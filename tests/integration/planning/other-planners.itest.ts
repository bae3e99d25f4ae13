import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDomain, parseProblem, solve } from '@goalkeeper/domain';
import { chanceOf } from '../../../libs/domain/src/planning/pddl-plan/testing/post';
import {
  randomClassical,
  randomNetwork,
  type RandomTask,
} from '../../../libs/domain/src/planning/search-pddl/testing/random-problems';
import { askOthers, otherPlanners, type Question } from './other-planners';

const others = otherPlanners();
if ('missing' in others) console.warn(`SKIPPED: agreement with other planners. Missing: ${others.missing}.`);

/** Each with its planner, and how many problems of each outcome must have been compared at least. */
const KINDS: readonly [string, Question['planner'], (seed: number) => RandomTask][] = [
  ['classical', 'pyperplan', (seed) => randomClassical(chanceOf(seed), false)],
  ['totally ordered', 'aries', (seed) => randomNetwork(chanceOf(seed), true)],
  ['partially ordered', 'aries', (seed) => randomNetwork(chanceOf(seed), false)],
];
const SEEDS = Array.from({ length: 40 }, (_, seed) => 500 + seed);
const AT_LEAST = { yes: 5, no: 5, both: 20 };

(('missing' in others ? describe.skip : describe) as typeof describe)('another planner', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'gk-others-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(KINDS)(
    `agrees which %s problems can be solved, by %s, seeds ${SEEDS[0]} to ${SEEDS.at(-1)}`,
    (kind, planner, make) => {
      const questions = SEEDS.map((seed) => {
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
      const compared = SEEDS.flatMap((seed, index) => {
        const text = make(seed);
        const domain = parseDomain(text.domain);
        const found = solve(domain, parseProblem(text.problem, domain), { maxNodes: 5_000, isOver: () => false });
        const they = theirs[index] ?? 'unknown: no answer';
        if (found.kind === 'exhausted' || they.startsWith('unknown')) return [];
        return [{ seed, ours: found.kind === 'unsolvable' ? 'no' : 'yes', theirs: they }];
      });
      expect(compared.filter((one) => one.ours !== one.theirs)).toEqual([]);
      const count = (answer: string): number => compared.filter((one) => one.ours === answer).length;
      expect(compared.length).toBeGreaterThanOrEqual(AT_LEAST.both);
      expect(count('yes')).toBeGreaterThanOrEqual(AT_LEAST.yes);
      expect(count('no')).toBeGreaterThanOrEqual(AT_LEAST.no);
    },
    120_000,
  );
});
