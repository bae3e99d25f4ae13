import { assert, integer, property } from 'fast-check';
import { InvalidDefinitionError, NoPlanError } from '../errors';
import { planTask } from './plan-goal';
import { readySteps } from './ready-steps';
import { repairPlan } from './repair-plan';
import { aPack, toolsOf } from './testing/packs';
import { dice, randomPack } from './testing/random-pack';
import { validatePlan } from './validate-plan';
import type { DomainPack } from './pack';
import type { Fact, Plan, PlanStep } from './plan';

const FACTS: Fact[] = [
  { predicate: 'p', args: [0] },
  { predicate: 'q', args: [1] },
];
const REQUEST = { name: 'root', args: { x: 1 } };
const RUNS = 300;

/** The plan of a random pack, or null where there is none. */
function planOf(pack: DomainPack): Plan | null {
  try {
    return planTask({ packs: [pack], request: REQUEST, facts: FACTS, budget: { maxNodes: 5000 } });
  } catch (error) {
    if (error instanceof NoPlanError || error instanceof InvalidDefinitionError) return null;
    throw error;
  }
}

const problemsOf = (plan: Plan, pack: DomainPack) =>
  validatePlan(plan, { packs: [pack], facts: FACTS, tools: toolsOf(pack) });

/** Runs a plan as a worker would, the ready steps in an order of chance, and checks each precondition when its step begins. */
function execute(plan: Plan, roll: (n: number) => number): string[] {
  const key = (fact: Fact) => JSON.stringify([fact.predicate, fact.args]);
  const facts = new Set(FACTS.map(key));
  const done = new Set<string>();
  const complaints: string[] = [];
  for (
    let ready = readySteps(plan, done, new Set(), 99);
    ready.length > 0;
    ready = readySteps(plan, done, new Set(), 99)
  ) {
    const step = ready[roll(ready.length)] as PlanStep;
    for (const literal of step.when) {
      if (facts.has(key(literal)) === (literal.not ?? false)) complaints.push(`${step.id}: ${literal.predicate}`);
    }
    step.deletes.forEach((fact) => facts.delete(key(fact)));
    step.adds.forEach((fact) => facts.add(key(fact)));
    done.add(step.id);
  }
  if (done.size < plan.steps.length) complaints.push('not all steps became ready');
  return complaints;
}

describe('plans of random packs', () => {
  it('pass the validator, every one, and many packs have one', () => {
    let found = 0;
    assert(
      property(integer({ min: 0, max: 1e6 }), (seed) => {
        const pack = randomPack(seed);
        const plan = planOf(pack);
        if (!plan) return;
        found += 1;
        expect(problemsOf(plan, pack)).toEqual([]);
      }),
      { numRuns: RUNS, seed: 1 },
    );
    expect(found).toBeGreaterThan(RUNS / 3);
  });

  it('hold in every order that they allow: no precondition fails when ready steps run in an order of chance', () => {
    assert(
      property(integer({ min: 0, max: 1e6 }), integer({ min: 0, max: 1e6 }), (seed, order) => {
        const plan = planOf(randomPack(seed));
        if (plan) expect(execute(plan, dice(order))).toEqual([]);
      }),
      { numRuns: RUNS, seed: 2 },
    );
  });

  it('have unique ids and labels, and every finished step survives a repair under its id or is retired', () => {
    assert(
      property(integer({ min: 0, max: 1e6 }), (seed) => {
        const pack = randomPack(seed);
        const plan = planOf(pack);
        if (!plan || plan.steps.length === 0) return;
        expect(new Set(plan.steps.map(({ id }) => id)).size).toBe(plan.steps.length);
        const at = dice(seed)(plan.steps.length);
        const succeeded = plan.steps.slice(0, at).map(({ id }) => id);
        const faults = [{ stepId: plan.steps[at]?.id ?? '', code: 'x', message: 'y' }];
        const revision = repairOf(plan, pack, { succeeded, faults });
        if (!revision) return;
        expect(problemsOf(revision, pack)).toEqual([]);
        const now = new Map(revision.steps.map((step) => [step.id, step]));
        for (const id of succeeded) {
          const kept = now.get(id);
          if (kept) expect(kept.args).toEqual(plan.steps.find((step) => step.id === id)?.args);
          else expect(revision.avoids?.retired).toContain(id);
        }
        expect(now.has(faults[0]?.stepId ?? '')).toBe(false);
      }),
      { numRuns: RUNS, seed: 3 },
    );
  });

  it('end: repairing again and again runs out of ways', () => {
    assert(
      property(integer({ min: 0, max: 1e6 }), (seed) => {
        const pack = randomPack(seed);
        let plan = planOf(pack);
        for (let round = 0; plan && plan.steps.length > 0; round += 1) {
          expect(round).toBeLessThan(60);
          plan = repairOf(plan, pack, {
            succeeded: [],
            faults: [{ stepId: plan.steps[0]?.id ?? '', code: 'x', message: 'y' }],
          });
        }
      }),
      { numRuns: 100, seed: 4 },
    );
  });

  it('do not depend on the order in which a pack lists its operators and tasks', () => {
    assert(
      property(integer({ min: 0, max: 1e6 }), (seed) => {
        const pack = randomPack(seed);
        const turned = { ...pack, operators: [...pack.operators].reverse(), tasks: [...pack.tasks].reverse() };
        expect(planOf(turned)).toEqual(planOf(pack));
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});

function repairOf(
  plan: Plan,
  pack: DomainPack,
  what: { succeeded: string[]; faults: { stepId: string; code: string; message: string }[] },
): Plan | null {
  try {
    return repairPlan({ packs: [pack], plan, facts: FACTS, budget: { maxNodes: 5000 }, ...what });
  } catch (error) {
    if (error instanceof NoPlanError || error instanceof InvalidDefinitionError) return null;
    throw error;
  }
}

type Mutation = (plan: Plan, roll: (n: number) => number, pack: DomainPack) => Plan | null;

const withStep = (plan: Plan, index: number, change: Partial<PlanStep>): Plan => ({
  ...plan,
  steps: plan.steps.map((step, at) => (at === index ? { ...step, ...change } : step)),
});
const pick = (plan: Plan, roll: (n: number) => number, fits: (step: PlanStep, index: number) => boolean): number => {
  const fitting = plan.steps.flatMap((step, index) => (fits(step, index) ? [index] : []));
  return fitting.length === 0 ? -1 : (fitting[roll(fitting.length)] ?? -1);
};

/** Changes that break a plan for certain; null where a plan offers nothing to change. */
const MUTATIONS: Record<string, Mutation> = {
  'a step is dropped': (plan, roll) => ({
    ...plan,
    steps: plan.steps.filter((_, index) => index !== roll(plan.steps.length)),
  }),
  'a step is doubled': (plan, roll) => ({
    ...plan,
    steps: [...plan.steps, plan.steps[roll(plan.steps.length)] as PlanStep],
  }),
  'a step moves before one it must come after': (plan, roll) => {
    const index = pick(plan, roll, (step) => step.after.length > 0);
    const step = plan.steps[index];
    if (!step) return null;
    const rest = plan.steps.filter((_, at) => at !== index);
    const to = rest.findIndex(({ id }) => id === step.after[0]);
    return { ...plan, steps: [...rest.slice(0, to), step, ...rest.slice(to)] };
  },
  'two steps wait for one another': (plan, roll) => {
    const index = pick(plan, roll, (step) => step.after.length > 0);
    const step = plan.steps[index];
    const other = plan.steps.findIndex(({ id }) => id === step?.after[0]);
    return step ? withStep(plan, other, { after: [...(plan.steps[other]?.after ?? []), step.id] }) : null;
  },
  'a step that uses a result forgets to wait for it': (plan, roll) => {
    const index = pick(plan, roll, (step) => step.args['y'] !== undefined);
    return index < 0 ? null : withStep(plan, index, { after: [] });
  },
  'an operator is another': (plan, roll) => {
    const index = roll(plan.steps.length);
    return withStep(plan, index, { operator: plan.steps[index]?.operator === 'act-a' ? 'act-b' : 'act-a' });
  },
  'an argument is another': (plan, roll) => {
    const index = roll(plan.steps.length);
    return withStep(plan, index, { args: { ...plan.steps[index]?.args, x: 'other' } });
  },
  'the tool gets other arguments': (plan, roll) => {
    const index = roll(plan.steps.length);
    return withStep(plan, index, {
      tools: (plan.steps[index]?.tools ?? []).map(({ tool, args }) => ({ tool, args: { ...args, extra: 1 } })),
    });
  },
  'a tool is unknown': (plan, roll) => {
    const index = roll(plan.steps.length);
    return withStep(plan, index, {
      tools: [{ tool: 'tool.unheard-of', args: plan.steps[index]?.tools[0]?.args ?? {} }],
    });
  },
  'a precondition is hidden': (plan, roll) => {
    const index = pick(plan, roll, (step) => step.when.length > 0);
    return index < 0 ? null : withStep(plan, index, { when: [] });
  },
  'an effect is made up': (plan, roll) => {
    const index = roll(plan.steps.length);
    return withStep(plan, index, { adds: [...(plan.steps[index]?.adds ?? []), { predicate: 'done', args: [] }] });
  },
  'a method is another': (plan, roll, pack) => {
    const index = roll(plan.choices.length);
    const choice = plan.choices[index];
    const other = pack.methods.find(({ task, name }) => task === choice?.task && name !== choice.method);
    if (!other) return null;
    return { ...plan, choices: plan.choices.map((old, at) => (at === index ? { ...old, method: other.name } : old)) };
  },
  'a choice is missing': (plan, roll) => ({
    ...plan,
    choices: plan.choices.filter((_, index) => index !== roll(plan.choices.length)),
  }),
  'a choice is made up': (plan) => ({
    ...plan,
    choices: [...plan.choices, { lineage: 'root:m9/x', task: 'mid-a', method: 'm0', alternatives: [] }],
  }),
  'a reference points at no step': (plan, roll) => {
    const index = pick(plan, roll, (step) => step.args['y'] !== undefined);
    return index < 0
      ? null
      : withStep(plan, index, {
          args: { ...plan.steps[index]?.args, y: { $from: { step: 'nowhere#0', path: 'out' } } },
        });
  },
  'a causal link is made up': (plan) => {
    const [first, last] = [plan.steps[0], plan.steps.at(-1)];
    return first && last
      ? { ...plan, links: [...plan.links, { from: first.id, to: last.id, fact: { predicate: 'never', args: [] } }] }
      : null;
  },
  'the pack is another version': (plan) => ({ ...plan, pack: { ...plan.pack, version: '9.9.9' } }),
  'success means something else': (plan) => ({ ...plan, success: [{ name: 'always', summary: 'true', args: {} }] }),
};

describe('the validator', () => {
  it.each(Object.entries(MUTATIONS))('refuses a plan where %s', (_, mutate) => {
    let tried = 0;
    for (let seed = 0; seed < 2000 && tried < 60; seed += 1) {
      const pack = randomPack(seed);
      const plan = planOf(pack);
      const roll = dice(seed + 7);
      // One roll decides within a mutation: filters call it for every element.
      const chosen = roll(1e6);
      const broken = plan && plan.steps.length > 0 ? mutate(plan, (n) => chosen % n, pack) : null;
      if (!plan || !broken || JSON.stringify(broken) === JSON.stringify(plan)) continue;
      tried += 1;
      expect({ seed, problems: problemsOf(broken, pack) }).not.toEqual({ seed, problems: [] });
    }
    expect(tried).toBe(60);
  });

  it('refuses a plan that needs a fact nobody gives, and one whose order lets another step take it away', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [
        {
          task: 'root',
          subtasks: [
            { id: 'cook', task: 'cook' },
            { id: 'eat', task: 'eat' },
            { id: 'clear', task: 'clear' },
          ],
        },
      ],
      operators: [
        { name: 'cook', adds: [{ predicate: 'meal', args: [] }] },
        { name: 'eat', when: [{ predicate: 'meal', args: [] }] },
        { name: 'clear', deletes: [{ predicate: 'meal', args: [] }] },
      ],
    });
    const plan = planTask({ packs: [pack], request: { name: 'root', args: {} } });
    const context = { packs: [pack], facts: [], tools: toolsOf(pack) };
    expect(validatePlan(plan, context)).toEqual([]);
    const unordered = {
      ...plan,
      steps: plan.steps.map((step) => (step.label === 'clear' ? { ...step, after: [] } : step)),
    };
    expect(validatePlan(unordered, context)).toMatchObject([{ code: 'plan.order', stepId: 'root:m0/eat#0' }]);
    const unfed = {
      ...plan,
      links: [],
      steps: [...plan.steps].filter(({ label }) => label !== 'cook').map((step) => ({ ...step, after: [] })),
    };
    expect(validatePlan(unfed, context).map(({ code }) => code)).toContain('plan.decomposition');
  });
});
