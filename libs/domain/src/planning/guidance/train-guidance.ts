import type { PddlDomain, PddlProblem } from '../pddl/model';
import { BudgetOver, TooLarge } from '../search-pddl/meter';
import { solve } from '../search-pddl/solve';
import { domainDigest } from './domain-digest';
import { type Example, examplesOf, examplesOfStates, shuffleLabels } from './examples';
import { shortestPlans } from './explore';
import { findPlan, numberedPlan, UNTAUGHT } from './find-plan';
import { groundForLearning, type GroundTaskOf } from './ground-task';
import type { Policy } from './guided-search';
import {
  BEGINS,
  type Choice,
  compareRuns,
  decideGate,
  leastBad,
  measure,
  type Run,
  TAKES_OVER,
} from './judge-guidance';
import { learnWeights } from './learn-weights';
import { GUIDANCE_FORMAT, GUIDANCE_VERSION, type GuidanceModel, storedWeights, type Trial } from './model';
import { isExecutable, shortenPlan } from './shorten-plan';

export interface TrainInput {
  readonly domain: PddlDomain;
  /** Classical problems of the domain; every third is held back for the gate. */
  readonly problems: readonly PddlProblem[];
  /** Null: in earnest. Else labels are shuffled with this seed and all else is the same. */
  readonly placeboSeed: number | null;
  /** True ends training with what there is; the caller owns the clock. */
  readonly isOver: () => boolean;
  /** True ends learning, so that there is time left to judge what was learned; as `isOver` where it is not given. */
  readonly isLate?: () => boolean;
  /** Told now and then how far it is, while plans are looked for also how many states were expanded for that. */
  readonly onProgress?: (
    stage: 'finding plans' | 'learning' | 'judging',
    done: number,
    of: number,
    expansions?: number,
  ) => void;
}

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
  return learnGuidance(collectLessons(input), input);
}

/** What there is to learn from and to judge by; a placebo differs only in what is made of it. */
export interface Lessons {
  readonly collected: readonly Collected[];
  readonly problems: number;
  readonly plans: number;
  readonly forGate: readonly PddlProblem[];
  /** Unguided runs of the problems for the gate. */
  readonly off: readonly Run[];
}

/**
 * Finds plans for two thirds of the problems, learns from them, finds better ones with that, and runs the other third unguided.
 *
 * @throws {RangeError} as `trainGuidance`
 */
export function collectLessons(input: Omit<TrainInput, 'placeboSeed'>): Lessons {
  const { domain, problems, isOver } = input;
  const isLate = input.isLate ?? isOver;
  const learning = { ...input, isOver: isLate };
  if (problems.length < 3)
    throw new RangeError('Training needs at least 3 problems: some to learn from, some to judge by');
  const hierarchical = problems.find(({ network }) => network !== null);
  if (hierarchical)
    throw new RangeError(`${hierarchical.name} is hierarchical; guidance is learned for classical problems`);
  const forGate = problems.filter((_, index) => index % 3 === 2);
  const toLearn = problems.filter((_, index) => index % 3 !== 2);
  const lessons = openLessons(domain, toLearn, learning);
  findPlans(lessons, UNTAUGHT, learning);
  planUnguided(domain, lessons, learning);
  const first = collect(lessons, isLate).map(({ example }) => example);
  findPlans(lessons, taught(learnWeights(first, isLate)), learning);
  return {
    collected: collect(lessons, isLate),
    problems: toLearn.length,
    plans: lessons.filter(({ plan }) => plan).length,
    forGate,
    off: forGate.map((problem) => measure(domain, problem, null, isOver)),
  };
}

/** Learns from lessons, in earnest or as a placebo, tries the result on the problems for the gate and decides. */
export function learnGuidance(lessons: Lessons, input: TrainInput): GuidanceModel {
  const { domain, placeboSeed, isOver, onProgress } = input;
  onProgress?.('learning', lessons.plans, lessons.plans);
  const learned = learn(lessons.collected, { ...input, isOver: input.isLate ?? isOver });
  const { best, open, why, trials } = judge(input, lessons, learned);
  return {
    format: GUIDANCE_FORMAT,
    version: GUIDANCE_VERSION,
    domain: { name: domain.name, digest: domainDigest(domain) },
    trained: {
      problems: lessons.problems,
      heldBack: lessons.forGate.length,
      plans: lessons.plans,
      examples: lessons.collected.length,
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

export interface Collected {
  readonly example: Example;
  /** From a problem whose every state was seen, so that equally good actions are known as such. */
  readonly isExact: boolean;
}

/** What was learned: from all examples, and from the exact ones alone. */
interface Learned {
  readonly all: ReadonlyMap<number, number>;
  readonly exact: ReadonlyMap<number, number>;
}

function learn(collected: readonly Collected[], { placeboSeed, isOver }: TrainInput): Learned {
  const fit = (list: readonly Collected[]): Map<number, number> => {
    const examples = list.map(({ example }) => example);
    return learnWeights(placeboSeed === null ? examples : shuffleLabels(examples, placeboSeed), isOver);
  };
  return { all: fit(collected), exact: fit(collected.filter(({ isExact }) => isExact)) };
}

/** Problems that can be grounded, smallest first. */
function openLessons(
  domain: PddlDomain,
  problems: readonly PddlProblem[],
  { isOver }: Pick<TrainInput, 'isOver'>,
): Lesson[] {
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

function findPlans(
  lessons: readonly Lesson[],
  policy: Policy,
  { isOver, onProgress }: Omit<TrainInput, 'placeboSeed'>,
): void {
  let [before, expansions] = [0, 0];
  lessons.forEach((lesson, index) => {
    const ask = (own: number): boolean => {
      expansions = before + own;
      onProgress?.('finding plans', index + 1, lessons.length, expansions);
      return isOver();
    };
    const found = ask(0) ? null : findPlan(lesson.task, policy, EFFORT, ask);
    before = expansions;
    keep(lesson, found);
  });
}

/** What weighted A* did not solve, the planner may: longer plans, better than none. */
function planUnguided(domain: PddlDomain, lessons: readonly Lesson[], { isOver }: Pick<TrainInput, 'isOver'>): void {
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

/** Examples of all plans, smallest problems first; late, at least those of one problem. */
function collect(lessons: readonly Lesson[], isLate: () => boolean): Collected[] {
  const found: Collected[] = [];
  for (const { task, plan } of lessons) {
    if (found.length >= MAX_EXAMPLES || (found.length > 0 && isLate())) break;
    if (!plan) continue;
    const states = shortestPlans(task, MAX_STATES);
    const examples = states ? examplesOfStates(task, states, STATES_PER_PROBLEM) : examplesOf(task, plan);
    found.push(...examples.map((example) => ({ example, isExact: states !== null })));
  }
  return found;
}

/** Tries what was learned on held-back problems in several ways, each from the best so far; a trial that is cut off says nothing. */
function judge(input: TrainInput, { forGate, off }: Lessons, learned: Learned) {
  const { domain, isOver, onProgress } = input;
  const trials: Trial[] = [];
  const attempt = (choice: Choice): void => {
    onProgress?.('judging', trials.length + 1, TRIALS);
    const policy = { ...choice, weights: learned[choice.from], pathWeight: 0 };
    const on = forGate.map((problem) => measure(domain, problem, policy, isOver));
    if (!isOver()) trials.push(compareRuns(off, on, choice));
  };
  for (const from of ['all', 'exact'] as const) attempt({ from, stepWeight: MIDDLE_WEIGHT, allowedWaste: TAKES_OVER });
  const from = leastBad(trials)?.from ?? 'all';
  for (const stepWeight of OTHER_WEIGHTS) attempt({ from, stepWeight, allowedWaste: TAKES_OVER });
  for (const stepWeight of [MIDDLE_WEIGHT, ...OTHER_WEIGHTS]) attempt({ from, stepWeight, allowedWaste: BEGINS });
  return decideGate(trials);
}
