import { Chance, generatedDomain } from '../../../../../benchmarks/guidance/domains';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import type { PddlDomain, PddlProblem } from '../pddl/model';
import type { Guide } from '../search-pddl/guide';
import { solve } from '../search-pddl/solve';
import { examplesOf, shuffleLabels } from './examples';
import { findPlan, UNTAUGHT } from './find-plan';
import { groundForLearning, type GroundTaskOf } from './ground-task';
import { guideBy } from './guide';
import { bestTrial, compareRuns, decideGate } from './judge-guidance';
import { type GuidanceModel, weightsOf, writeGuidanceModel } from './model';
import { isExecutable, shortenPlan } from './shorten-plan';
import { trainGuidance } from './train-guidance';
import { guidanceFor } from './use-guidance';

const never = (): boolean => false;

function aDomain(name: string): { domain: PddlDomain; problem: (size: number, seed: number) => PddlProblem } {
  const generated = generatedDomain(name);
  const domain = parseDomain(generated.domain, name);
  return { domain, problem: (size, seed) => parseProblem(generated.problem(size, seed), domain, `${name}-${size}`) };
}

/** Work is counted in polls, so that nothing depends on the machine. */
function plan(domain: PddlDomain, problem: PddlProblem, guide: Guide | null, polls = 60) {
  let asked = 0;
  return solve(domain, problem, { maxNodes: 1_000_000, isOver: () => (asked += 1) > polls }, guide);
}

function grounded(domain: PddlDomain, problem: PddlProblem): GroundTaskOf {
  const task = groundForLearning(domain, problem, { maxNodes: 1_000_000, isOver: never });
  if (!task) throw new Error('The goal is out of reach');
  return task;
}

const boat = aDomain('boat');
const lessons = Array.from({ length: 15 }, (_, index) => boat.problem(2 + Math.floor(index / 2), 40 + index));
const train = (placeboSeed: number | null = null): GuidanceModel =>
  trainGuidance({ domain: boat.domain, problems: lessons, placeboSeed, isOver: never });

const model = train();
const placeboModel = train(3);

describe('training guidance', () => {
  it('makes the same model of the same problems', () => {
    expect(writeGuidanceModel(train())).toBe(writeGuidanceModel(model));
  });

  it('opens the gate where held-back problems need fewer expansions, and keeps the figures', () => {
    expect(model.gate).toMatchObject({
      open: true,
      why: expect.stringMatching(/^on: 0\.\d+ × the expansions on 5/),
    });
    expect(model.gate.trials.every(({ problems, lost }) => problems === 5 && lost === 0)).toBe(true);
    expect(model.trained).toMatchObject({ problems: 10, heldBack: 5, placeboSeed: null });
  });

  it('saves expansions on larger problems than it has seen, against no guidance and against a placebo', () => {
    const tests = [9, 10, 11, 12].map((size) => boat.problem(size, 700 + size));
    const sum = (guide: Guide | null): number =>
      tests.reduce((total, problem) => {
        const answer = plan(boat.domain, problem, guide);
        expect(answer.kind).toBe('classical');
        return total + answer.nodes;
      }, 0);
    const open = (one: GuidanceModel): Guide => guideBy({ ...one.policy, weights: weightsOf(one) });
    const [off, on, shuffled] = [sum(null), sum(open(model)), sum(open(placeboModel))];
    expect(on).toBeLessThan(0.8 * off);
    expect(on).toBeLessThan(0.85 * shuffled);
  });

  it('keeps nothing of the problems that it learned from', () => {
    const secret = generatedDomain('boat')
      .problem(3, 5)
      .replace(/\b([cl])(\d)/g, 'zanzibar$1$2');
    const problems = [parseProblem(secret, boat.domain, 'p'), ...lessons.slice(0, 5)];
    const made = trainGuidance({ domain: boat.domain, problems, placeboSeed: null, isOver: never });
    expect(problems[0]?.objects.some(({ name }) => name.startsWith('zanzibar'))).toBe(true);
    expect(writeGuidanceModel(made)).not.toMatch(/zanzibar/);
  });

  it('refuses too few problems', () => {
    expect(() =>
      trainGuidance({ domain: boat.domain, problems: lessons.slice(0, 2), placeboSeed: null, isOver: never }),
    ).toThrow(/at least 3 problems/);
  });

  it('keeps time to judge what it has learned when it is late', () => {
    const stages = new Set<string>();
    let asked = 0;
    const made = trainGuidance({
      ...{ domain: boat.domain, problems: lessons, placeboSeed: null, isOver: never },
      isLate: () => (asked += 1) > 60,
      onProgress: (stage) => stages.add(stage),
    });
    expect([...stages]).toEqual(['finding plans', 'learning', 'judging']);
    expect(made.trained.examples).toBeLessThan(model.trained.examples);
    expect(made.gate.trials).toHaveLength(7);
    expect(made.gate.why).not.toContain('time for training');
  });

  it('ends early when its time is over, and says so', () => {
    const made = trainGuidance({ domain: boat.domain, problems: lessons, placeboSeed: null, isOver: () => true });
    expect(made.gate).toMatchObject({ open: false, why: expect.stringContaining('the time for training was over') });
  });
});

describe('a placebo', () => {
  const { domain, problem } = aDomain('blocks');
  const task = grounded(domain, problem(5, 3));
  const found = findPlan(task, UNTAUGHT, { expansions: 5_000, work: 1e9 }, never) ?? [];
  const examples = examplesOf(task, found);
  const placebo = shuffleLabels(examples, 7);

  it('has other labels', () => {
    expect(placebo.map(({ right }) => right)).not.toEqual(examples.map(({ right }) => right));
    expect(shuffleLabels(examples, 8)).not.toEqual(placebo);
    expect(shuffleLabels(examples, 7)).toEqual(placebo);
  });

  it('differs by nothing else: features, schemas, and how often each schema is right', () => {
    const without = (list: typeof examples) => list.map(({ features, schemas }) => ({ features, schemas }));
    const counts = (list: typeof examples) => {
      const rights = new Map<number, number>();
      for (const { schemas, right } of list) {
        for (const at of right) rights.set(schemas[at] ?? 0, (rights.get(schemas[at] ?? 0) ?? 0) + 1);
      }
      return [...rights].toSorted(([a], [b]) => a - b);
    };
    expect(without(placebo)).toEqual(without(examples));
    expect(counts(placebo)).toEqual(counts(examples));
    expect(examples.length).toBeGreaterThan(3);
  });

  it('is closed by its own gate where it does not help', () => {
    const { gate, trained } = placeboModel;
    expect(trained.placeboSeed).toBe(3);
    expect(gate).toMatchObject({ open: false, why: expect.stringMatching(/^off: /) });
  });
});

const TAKES = { from: 'all', stepWeight: 2, allowedWaste: 2 } as const;
const BEGINS = { ...TAKES, allowedWaste: -1 };

describe('the gate', () => {
  const off = [10, 20, 40].map((expansions) => ({ solved: true, expansions }));

  it.each([
    ['open where it saves', [5, 10, 20], true],
    ['closed where it costs', [12, 25, 50], false],
    ['closed where it saves too little', [10, 20, 38], false],
    ['closed where many become dearer, though one saves a lot', [11, 21, 1], false],
  ])('is %s', (_, on, open) => {
    const runs = on.map((expansions) => ({ solved: true, expansions }));
    const trial = compareRuns(off, runs, TAKES);
    expect(decideGate([trial]).open).toBe(open);
  });

  it('is closed where a problem is lost, whatever is saved on the others', () => {
    const on = [1, 1, 1].map((expansions, index) => ({ solved: index > 0, expansions }));
    const gate = decideGate([compareRuns(off, on, TAKES)]);
    expect(gate).toMatchObject({ open: false, best: { lost: 1 } });
  });

  it.each([
    ['takes over, though a little dearer than if it began', [5, 10, 20], [4, 8, 16], 2],
    ['begins where that needs less than half', [5, 10, 20], [2, 3, 9], -1],
    ['never begins where that harms', [5, 10, 41], [1, 1, 42], 2],
  ])('%s', (_, takes, begins, allowedWaste) => {
    const trial = (on: readonly number[], choice: typeof TAKES | typeof BEGINS) => {
      const runs = on.map((expansions) => ({ solved: true, expansions }));
      return compareRuns(off, runs, choice);
    };
    expect(bestTrial([trial(takes, TAKES), trial(begins, BEGINS)])).toMatchObject({ allowedWaste });
  });

  it('says so where no trial was completed', () => {
    expect(decideGate([])).toMatchObject({ open: false, why: expect.stringContaining('no trial was completed') });
  });

  it('leaves the search of a closed domain as it is', () => {
    const closed = { ...model, gate: { ...model.gate, open: false, why: 'off: 1.2 × the expansions' } };
    const guidance = guidanceFor(closed, boat.domain, boat.problem(3, 1));
    expect(guidance).toEqual({ guide: null, used: false, why: 'off: 1.2 × the expansions' });
  });
});

describe('guidance that takes over', () => {
  const inverted = new Map([...weightsOf(model)].map(([feature, weight]) => [feature, -weight]));
  const problems = Array.from({ length: 20 }, (_, index) => boat.problem(1 + Math.floor(index / 5), 300 + index));
  const off = problems.map((problem) => plan(boat.domain, problem, null));
  const on = (allowedWaste: number) => {
    const guide = guideBy({ weights: inverted, stepWeight: 0, pathWeight: 0, allowedWaste });
    return problems.map((problem) => plan(boat.domain, problem, guide));
  };

  it('changes nothing while the unguided search is allowed to go on, however wrong the model is', () => {
    expect(on(1_000)).toEqual(off);
  });

  it('makes fewer of the easy problems dearer by a wrong model than guidance that begins', () => {
    const dearer = (runs: typeof off) => runs.filter(({ nodes }, index) => nodes > (off[index]?.nodes ?? 0)).length;
    expect(dearer(on(-1))).toBeGreaterThan(5);
    expect(dearer(on(2))).toBeLessThan(dearer(on(-1)));
  });

  it('goes on from the tree that is there, without expanding a node again', () => {
    const right = guideBy({ ...model.policy, weights: weightsOf(model), allowedWaste: 2 });
    const runs = problems.map((problem) => plan(boat.domain, problem, right));
    runs.forEach((run, index) => {
      expect(run.kind).toBe('classical');
      expect(run.nodes).toBeLessThanOrEqual(off[index]?.nodes ?? 0);
    });
    expect(runs.some((run, index) => run.nodes < (off[index]?.nodes ?? 0))).toBe(true);
  });
});

describe('guidance by a model that is wrong', () => {
  const inverted = (weights: ReadonlyMap<number, number>) => new Map([...weights].map(([name, w]) => [name, -w]));
  const random = (weights: ReadonlyMap<number, number>) => {
    const chance = new Chance(11);
    return new Map([...weights].map(([name]) => [name, 20 * chance.next() - 10]));
  };

  it.each(['blocks', 'wrench', 'boat', 'gripper'])(
    'loses no problem of %s and costs a bounded number of expansions',
    (name) => {
      const { domain, problem } = aDomain(name);
      const small = Array.from({ length: 6 }, (_, index) => problem(1 + Math.floor(index / 3), index));
      const weights = weightsOf(trainGuidance({ domain, problems: small, placeboSeed: null, isOver: never }));
      for (const wrong of [inverted(weights), random(weights)]) {
        for (const [size, allowedWaste] of [2, 3, 5].flatMap((size) =>
          [-1, 2].map((waste) => [size, waste] as const),
        )) {
          const guide = guideBy({ weights: wrong, stepWeight: 0, pathWeight: 0, allowedWaste });
          const off = plan(domain, problem(size, size), null, 60);
          const on = plan(domain, problem(size, size), guide, 240);
          expect(on.kind).toBe(off.kind);
          expect(on.nodes).toBeLessThanOrEqual(3 * off.nodes + 6_000);
        }
      }
    },
  );

  it('does not hide that there is no plan', () => {
    const { domain } = aDomain('wrench');
    const text = generatedDomain('wrench')
      .problem(2, 4)
      .replace(/\(usable w\d\)/g, '');
    const guide = guideBy({ weights: new Map(), stepWeight: 0, pathWeight: 0, allowedWaste: 2 });
    expect(plan(domain, parseProblem(text, domain, 'p'), guide).kind).toBe('unsolvable');
    const few = generatedDomain('wrench')
      .problem(4, 4)
      .replace(/\(usable w[2-9]\)/g, '');
    const two = few.replace(/\(:goal[^]*/, '(:goal (and (tight n1) (tight n2))))');
    const problem = parseProblem(two, domain, 'p');
    expect(plan(domain, problem, null).kind).toBe('unsolvable');
    expect(plan(domain, problem, guide).kind).toBe('unsolvable');
  });
});

describe('plans to learn from', () => {
  it('lose actions that they do not need', () => {
    const { domain, problem } = aDomain('park');
    const task = grounded(domain, problem(3, 2));
    const found = findPlan(task, UNTAUGHT, { expansions: 5_000, work: 1e9 }, never) ?? [];
    const first = found[0] ?? 0;
    const args = task.ground.tasks[task.ground.operators[first]?.task ?? 0]?.args ?? [];
    const back = task.ground.operators.findIndex(({ task: id }) => {
      const other = task.ground.tasks[id]?.args ?? [];
      return other[0] === args[1] && other[1] === args[0];
    });
    const detour = [first, back, ...found];
    expect(isExecutable(task, detour)).toBe(true);
    const shorter = shortenPlan(task, detour);
    expect(isExecutable(task, shorter)).toBe(true);
    expect(shorter.length).toBeLessThan(detour.length);
  });
});
