import type { PddlDomain, PddlProblem } from '../pddl/model';
import { BudgetOver, TooLarge } from '../search-pddl/meter';
import { solve } from '../search-pddl/solve';
import { domainDigest } from './domain-digest';
import { type Example, examplesOf, examplesOfStates, shuffleLabels } from './examples';
import { shortestPlans } from './explore';
import { findPlan, numberedPlan, UNTAUGHT } from './find-plan';
import { groundForLearning, type GroundTaskOf } from './ground-task';
import type { Policy } from './guided-search';
import { BEGINS, type Choice, compareRuns, decideGate, leastBad, measure, TAKES_OVER } from './judge-guidance';
import { learnWeights } from './learn-weights';
import { GUIDANCE_FORMAT, GUIDANCE_VERSION, type GuidanceModel, storedWeights, type Trial } from './model';
import { isExecutable, shortenPlan } from './shorten-plan';

export interface TrainInput {
  readonly domain: PddlDomain;
  /** Classical problems of the domain; every third is held back for the gate. */
  readonly problems: readonly PddlProblem[];
  /** Null: in earnest. Else labels are shuffled with this seed and all else is the same. */
  readonly placeboSeed: number | null;
  /** True ends the collection of plans and trials early; the caller owns the clock. */
  readonly isOver: () => boolean;
  /** Told now and then how far it is. */
  readonly onProgress?: (stage: string, done: number, of: number) => void;
}

/** Plans of so many rounds: the first is untaught, later ones are found with what was learned and kept where they are shorter. */
const ROUNDS = 2;
const MIDDLE_WEIGHT = 0.5;
const OTHER_WEIGHTS = [2, 0.1];
const TRIALS = 7;
const EFFORT = { expansions: 4_000, work: 400_000 };
const POLLS_UNGUIDED = 40;
const MAX_EXAMPLES = 5_000;
/** Problems with no more states are seen whole; of these, so many states on shortest plans are learned from. */
const MAX_STATES = 4_000;
const STATES_PER_PROBLEM = 60;

interface Lesson {
  readonly task: GroundTaskOf;
  plan: number[] | null;
}

/**
 * Learns the order of search for a classical domain from problems: finds plans, learns which actions they take where, finds better
 * plans with that and learns again; then tries the result on held-back problems against unguided search and decides by the
 * figures whether it is to be used at all. Same input, same model. Nothing of a problem is kept but weights of features.
 *
 * @throws {RangeError} when there are fewer than three problems, or one of them is hierarchical
 */
export function trainGuidance(input: TrainInput): GuidanceModel {
  const { domain, problems, placeboSeed, isOver } = input;
  if (problems.length < 3)
    throw new RangeError('Training needs at least 3 problems: some to learn from, some to judge by');
  const hierarchical = problems.find(({ network }) => network !== null);
  if (hierarchical)
    throw new RangeError(`${hierarchical.name} is hierarchical; guidance is learned for classical problems`);
  const forGate = problems.filter((_, index) => index % 3 === 2);
  const lessons = openLessons(
    domain,
    problems.filter((_, index) => index % 3 !== 2),
    input,
  );
  let learned = learn([], placeboSeed);
  for (let round = 0; round < ROUNDS; round += 1) {
    findPlans(lessons, round === 0 ? UNTAUGHT : taught(learned.all), input);
    if (round === 0) planUnguided(domain, lessons, input);
    learned = learn(collect(lessons), placeboSeed);
  }
  const { best, open, why, trials } = judge(input, forGate, learned);
  return {
    format: GUIDANCE_FORMAT,
    version: GUIDANCE_VERSION,
    domain: { name: domain.name, digest: domainDigest(domain) },
    trained: {
      problems: problems.length - forGate.length,
      heldBack: forGate.length,
      plans: lessons.filter(({ plan }) => plan).length,
      examples: learned.count,
      placeboSeed,
    },
    policy: {
      stepWeight: best?.stepWeight ?? MIDDLE_WEIGHT,
      pathWeight: 0,
      allowedWaste: best?.allowedWaste ?? TAKES_OVER,
    },
    gate: { open, why: isOver() ? `${why} (the time for training was over before its end)` : why, trials },
    weights: storedWeights(learned[best?.from ?? 'all']),
  };
}

const taught = (weights: Policy['weights']): Policy => ({
  weights,
  stepWeight: 2,
  pathWeight: 0,
  allowedWaste: BEGINS,
});

interface Collected {
  readonly example: Example;
  /** From a problem whose every state was seen, so that equally good actions are known as such. */
  readonly isExact: boolean;
}

/** What was learned: from all examples, and from the exact ones alone. */
interface Learned {
  readonly all: ReadonlyMap<number, number>;
  readonly exact: ReadonlyMap<number, number>;
  readonly count: number;
}

function learn(collected: readonly Collected[], placeboSeed: number | null): Learned {
  const fit = (list: readonly Collected[]): Map<number, number> => {
    const examples = list.map(({ example }) => example);
    return learnWeights(placeboSeed === null ? examples : shuffleLabels(examples, placeboSeed));
  };
  return { all: fit(collected), exact: fit(collected.filter(({ isExact }) => isExact)), count: collected.length };
}

/** Problems that can be grounded, smallest first. */
function openLessons(domain: PddlDomain, problems: readonly PddlProblem[], { isOver }: TrainInput): Lesson[] {
  const lessons: Lesson[] = [];
  for (const problem of problems) {
    try {
      const task = groundForLearning(domain, problem, { maxNodes: Number.MAX_SAFE_INTEGER, isOver });
      if (task) lessons.push({ task, plan: null });
    } catch (error) {
      if (!(error instanceof TooLarge) && !(error instanceof BudgetOver)) throw error;
    }
  }
  return lessons.toSorted((a, b) => a.task.ground.operators.length - b.task.ground.operators.length);
}

function findPlans(lessons: readonly Lesson[], policy: Policy, { isOver, onProgress }: TrainInput): void {
  lessons.forEach((lesson, index) => {
    onProgress?.('planning', index + 1, lessons.length);
    const found = isOver() ? null : findPlan(lesson.task, policy, EFFORT, isOver);
    keep(lesson, found);
  });
}

/** What weighted A* did not solve, the planner may: longer plans, better than none. */
function planUnguided(domain: PddlDomain, lessons: readonly Lesson[], { isOver }: TrainInput): void {
  for (const lesson of lessons) {
    if (lesson.plan || isOver()) continue;
    let polls = 0;
    const budget = { maxNodes: Number.MAX_SAFE_INTEGER, isOver: () => (polls += 1) > POLLS_UNGUIDED || isOver() };
    const answer = solve(domain, lesson.task.lifted.world.problem, budget);
    if (answer.kind === 'classical') keep(lesson, numberedPlan(lesson.task, answer.plan));
  }
}

function keep(lesson: Lesson, found: number[] | null): void {
  if (!found || !isExecutable(lesson.task, found)) return;
  const shorter = shortenPlan(lesson.task, found);
  if (!lesson.plan || shorter.length <= lesson.plan.length) lesson.plan = shorter;
}

function collect(lessons: readonly Lesson[]): Collected[] {
  const found: Collected[] = [];
  for (const { task, plan } of lessons) {
    if (found.length >= MAX_EXAMPLES) break;
    if (!plan) continue;
    const states = shortestPlans(task, MAX_STATES);
    const examples = states ? examplesOfStates(task, states, STATES_PER_PROBLEM) : examplesOf(task, plan);
    found.push(...examples.map((example) => ({ example, isExact: states !== null })));
  }
  return found;
}

/** Tries what was learned on held-back problems in several ways, each from the best so far; a trial that is cut off says nothing. */
function judge(input: TrainInput, problems: readonly PddlProblem[], learned: Learned) {
  const { domain, isOver, onProgress } = input;
  const off = problems.map((problem) => measure(domain, problem, null, isOver));
  const trials: Trial[] = [];
  const attempt = (choice: Choice): void => {
    onProgress?.('judging', trials.length + 1, TRIALS);
    const policy = { ...choice, weights: learned[choice.from], pathWeight: 0 };
    const on = problems.map((problem) => measure(domain, problem, policy, isOver));
    if (!isOver()) trials.push(compareRuns(off, on, choice));
  };
  for (const from of ['all', 'exact'] as const) attempt({ from, stepWeight: MIDDLE_WEIGHT, allowedWaste: TAKES_OVER });
  const from = leastBad(trials)?.from ?? 'all';
  for (const stepWeight of OTHER_WEIGHTS) attempt({ from, stepWeight, allowedWaste: TAKES_OVER });
  for (const stepWeight of [MIDDLE_WEIGHT, ...OTHER_WEIGHTS]) attempt({ from, stepWeight, allowedWaste: BEGINS });
  return decideGate(trials);
}
