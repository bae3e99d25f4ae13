import { seededRandom } from '../../chance';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';

import { validatePddlPlan } from '../pddl-plan/validate-pddl-plan';
import { solve } from './solve';
import { bruteForceSequence } from './testing/brute-force';
import { exhaustNetwork } from './testing/exhaustive';
import { randomClassical, type RandomTask } from './testing/random-problems';
import { randomRecursion } from './testing/random-recursion';
import { Replay } from './testing/replay';

const SEEDS = Array.from({ length: 300 }, (_, index) => 5_000 + index);
/** Pairs of state and network, or states, that are seen at most; a planner that needs as many nodes is no planner. */
const MAX_PAIRS = 600;

/** What is true, and what the planner says: true with a plan that both other readings accept, false where it claims that there is none. */
function judge({ domain: text, problem: problemText }: RandomTask): { truth: boolean | null; answer: boolean | null } {
  const domain = parseDomain(text);
  const problem = parseProblem(problemText, domain);
  const exhaust = problem.network ? exhaustNetwork : bruteForceSequence;
  const truth = exhaust(domain, problem, MAX_PAIRS);
  // Networks without end grow: there a few nodes must do, to see that what is found is right.
  const maxNodes = truth === null ? MAX_PAIRS / 10 : 10 * MAX_PAIRS;
  const found = solve(domain, problem, { maxNodes, isOver: () => false });
  if (found.kind === 'exhausted') return { truth, answer: null };
  if (found.kind === 'unsolvable') return { truth, answer: false };
  expect(validatePddlPlan(domain, problem, found)).toEqual([]);
  const replay = new Replay(domain, problem);
  const wrong = found.kind === 'classical' ? replay.checkSequence(found.plan) : replay.checkHierarchical(found.plan);
  expect(wrong).toBeNull();
  return { truth, answer: true };
}

describe(`planner and exhaustive search agree, seeds ${SEEDS[0]} to ${SEEDS.at(-1)}`, () => {
  it.each([
    ['totally ordered recursions', (seed: number) => randomRecursion(seededRandom(seed), 'total')],
    ['partially ordered recursions', (seed: number) => randomRecursion(seededRandom(seed), 'partial')],
    ['recursions of both kinds', (seed: number) => randomRecursion(seededRandom(seed), 'mixed')],
    ['classical problems', (seed: number) => randomClassical(seededRandom(seed), seed % 2 === 0)],
  ])('%s', (_, make) => {
    const seen = { true: 0, false: 0 };
    for (const seed of SEEDS) {
      const { truth, answer } = judge(make(seed));
      // Where the whole space was seen, the planner must see it too, and say the same.
      if (truth === null) continue;
      expect([seed, answer]).toEqual([seed, truth]);
      seen[`${truth}`] += 1;
    }
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(20);
  });
});
