import type { PddlAnswer, PddlDomain, PddlProblem } from '../pddl/model';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { seededRandom } from '../../chance';
import { validatePddlPlan } from '../pddl-plan/validate-pddl-plan';
import { solve } from './solve';
import { bruteForceNetwork, bruteForceSequence } from './testing/brute-force';
import { randomClassical, randomNetwork, type RandomTask } from './testing/random-problems';
import { Replay } from './testing/replay';

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const LIMIT = { maxNodes: 1_000, isOver: () => false };

interface Read {
  readonly domain: PddlDomain;
  readonly problem: PddlProblem;
}

function read({ domain: text, problem }: RandomTask): Read {
  const domain = parseDomain(text);
  return { domain, problem: parseProblem(problem, domain) };
}

const plan = ({ domain, problem }: Read): PddlAnswer => solve(domain, problem, LIMIT);

/** Whether there is a plan, which two other readings of the language then accept; null when the budget ended. */
function isSolved({ domain, problem }: Read, found: PddlAnswer = plan({ domain, problem })): boolean | null {
  if (found.kind === 'exhausted') return null;
  if (found.kind === 'unsolvable') return false;
  expect(validatePddlPlan(domain, problem, found)).toEqual([]);
  expect(replayed({ domain, problem }, found)).toBeNull();
  return true;
}

function replayed({ domain, problem }: Read, found: PddlAnswer): string | null {
  const replay = new Replay(domain, problem);
  if (found.kind === 'classical') return replay.checkSequence(found.plan);
  return found.kind === 'hierarchical' ? replay.checkHierarchical(found.plan) : found.kind;
}

function shuffled<Item>(items: readonly Item[], chance: () => number): Item[] {
  return items
    .map((item) => ({ item, turn: chance() }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ item }) => item);
}

/** The same task with everything whose order means nothing in another order. */
function permuted({ domain, problem }: Read, chance: () => number): Read {
  return {
    domain: {
      ...domain,
      tasks: shuffled(domain.tasks, chance),
      methods: shuffled(domain.methods, chance),
      actions: shuffled(domain.actions, chance),
      predicates: shuffled(domain.predicates, chance),
    },
    problem: { ...problem, objects: shuffled(problem.objects, chance), init: shuffled(problem.init, chance) },
  };
}

/** How often there was a plan, and how often none: both must have been seen often for a test to mean anything. */
function tally(answers: readonly (boolean | null)[]): { yes: number; no: number } {
  return { yes: answers.filter((one) => one === true).length, no: answers.filter((one) => one === false).length };
}

describe(`random small problems, seeds 0 to ${SEEDS.length - 1}`, () => {
  it.each([
    ['plain', false],
    ['with negation, quantifiers, conditional effects, a constant and axioms', true],
  ])('classical ones %s: brute force over all states agrees', (_, isRich) => {
    const answers = SEEDS.map((seed) => {
      const task = read(randomClassical(seededRandom(seed), isRich));
      const answer = isSolved(task);
      const truth = bruteForceSequence(task.domain, task.problem, 120);
      if (answer !== null && truth !== null) expect([seed, answer]).toEqual([seed, truth]);
      return truth === null ? null : answer;
    });
    expect(tally(answers).yes).toBeGreaterThan(15);
    expect(tally(answers).no).toBeGreaterThan(15);
  });

  it('totally ordered networks: brute force over all decompositions agrees', () => {
    const answers = SEEDS.map((seed) => {
      const task = read(randomNetwork(seededRandom(seed), true));
      const answer = isSolved(task);
      expect([seed, answer]).toEqual([seed, bruteForceNetwork(task.domain, task.problem)]);
      return answer;
    });
    expect(tally(answers).yes).toBeGreaterThan(15);
    expect(tally(answers).no).toBeGreaterThan(15);
  });

  it.each([
    ['classical', (seed: number) => randomClassical(seededRandom(seed), true)],
    ['totally ordered', (seed: number) => randomNetwork(seededRandom(seed), true)],
    ['partially ordered', (seed: number) => randomNetwork(seededRandom(seed), false)],
  ])(
    '%s ones: the order of objects, facts, actions, tasks and methods changes neither answer nor validity',
    (_, make) => {
      const answers = SEEDS.map((seed) => {
        const task = read(make(seed));
        const other = permuted(task, seededRandom(seed + 10_000));
        const found = solve(task.domain, task.problem, LIMIT);
        const [answer, again] = [isSolved(task), isSolved(other)];
        if (answer !== null && again !== null) expect([seed, again]).toEqual([seed, answer]);
        if (found.kind === 'classical' || found.kind === 'hierarchical')
          expect([seed, validatePddlPlan(other.domain, other.problem, found)]).toEqual([seed, []]);
        return answer;
      });
      expect(tally(answers).yes).toBeGreaterThan(15);
      expect(tally(answers).no).toBeGreaterThan(15);
    },
  );
});
