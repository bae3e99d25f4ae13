import type { TaskRequest } from '../../goals/goal';
import type { Plan } from '../plan';
import { planTask } from '../plan-goal';
import { repairPlan } from '../repair-plan';
import { COURIER_DOMAIN } from '../pddl/testing/courier';
import { validatePlan } from '../validate-plan';
import { goalFacts, startFacts } from './goal-facts';
import { packOfDomain } from './pack-of-domain';

const HUBS = `(define (domain hubs)
  (:requirements :typing :hierarchy :negative-preconditions)
  (:types parcel place van - object)
  (:predicates (at ?x - parcel ?p - place) (stands ?v - van ?p - place) (in ?x - parcel ?v - van) (road ?a ?b - place) (closed ?a ?b - place))
  (:task deliver :parameters (?x - parcel ?to - place))
  (:task bring :parameters (?v - van ?to - place))
  (:method there :parameters (?x - parcel ?to - place) :task (deliver ?x ?to) :precondition (at ?x ?to) :subtasks ())
  (:method carry :parameters (?x - parcel ?from ?to - place ?v - van) :task (deliver ?x ?to)
    :precondition (and (at ?x ?from) (not (at ?x ?to)))
    :ordered-subtasks (and (bring ?v ?from) (load ?v ?x ?from) (bring ?v ?to) (unload ?v ?x ?to)))
  (:method stay :parameters (?v - van ?to - place) :task (bring ?v ?to) :precondition (stands ?v ?to) :subtasks ())
  (:method go :parameters (?v - van ?a ?b ?to - place) :task (bring ?v ?to)
    :precondition (and (stands ?v ?a) (not (stands ?v ?to))) :ordered-subtasks (and (drive ?v ?a ?b) (bring ?v ?to)))
  (:action drive :parameters (?v - van ?a ?b - place)
    :precondition (and (stands ?v ?a) (road ?a ?b) (not (closed ?a ?b))) :effect (and (not (stands ?v ?a)) (stands ?v ?b)))
  (:action load :parameters (?v - van ?x - parcel ?p - place)
    :precondition (and (stands ?v ?p) (at ?x ?p)) :effect (and (not (at ?x ?p)) (in ?x ?v)))
  (:action unload :parameters (?v - van ?x - parcel ?p - place)
    :precondition (and (stands ?v ?p) (in ?x ?v)) :effect (and (at ?x ?p) (not (in ?x ?v)))))`;

const tool = (name: string) => ({ tools: [{ tool: 'test.note', args: { what: name } }] });
const hubs = packOfDomain({
  domain: HUBS,
  bindings: {
    name: 'hubs',
    version: '1.0.0',
    summary: 'Vans bring parcels.',
    world: {
      objects: { A: 'place', B: 'place', C: 'place', D: 'place' },
      init: [
        ['road', 'A', 'B'],
        ['road', 'B', 'D'],
        ['road', 'A', 'C'],
        ['road', 'C', 'D'],
        ['road', 'B', 'A'],
        ['road', 'C', 'A'],
      ],
    },
    tasks: { deliver: { phrasings: ['deliver {x} to {to}'], goal: [['at', '$x', '$to']] } },
    primitives: {
      drive: {
        ...tool('drive'),
        checks: [{ path: 'arrived', equals: '$b', otherwise: [{ predicate: 'closed', args: ['$a', '$b'] }] }],
      },
      load: tool('load'),
      unload: tool('unload'),
    },
  },
});
const descriptor = {
  name: 'test.note',
  version: '1.0.0',
  summary: '',
  kind: 'plugin',
  effect: 'pure',
  boundMs: 1,
  timeoutMs: 10,
  costUsd: 0,
} as const;
const context = { packs: [hubs], facts: [], tools: [descriptor] };
const problem = {
  objects: { P: 'parcel', Q: 'parcel', V: 'van', W: 'van' },
  init: [
    ['at', 'P', 'A'],
    ['at', 'Q', 'C'],
    ['stands', 'V', 'A'],
    ['stands', 'W', 'C'],
  ],
};
const twoParcels: TaskRequest = {
  name: 'hubs.problem',
  args: {
    problem: {
      ...problem,
      tasks: [
        ['deliver', 'P', 'D'],
        ['deliver', 'Q', 'D'],
      ],
      ordering: [],
      goal: [
        ['at', 'P', 'D'],
        ['at', 'Q', 'D'],
      ],
    },
  },
};
const names = (plan: Plan): string[] =>
  plan.steps.map(({ operator, args }) => [operator, ...Object.values(args)].join(' '));
const find = (plan: Plan, text: string) => {
  const step = plan.steps.find(
    (candidate) => [candidate.operator, ...Object.values(candidate.args)].join(' ') === text,
  );
  if (!step) throw new Error(`no step ${text} in ${names(plan).join('; ')}`);
  return step;
};

describe('a goal over a planning domain', () => {
  it('is planned as steps with tools, in the names of the client, and passes the validator', () => {
    const plan = planTask({ packs: [hubs], request: { name: 'hubs.deliver', args: { x: 'P', to: 'D', problem } } });
    expect(validatePlan(plan, context)).toEqual([]);
    expect(names(plan)[0]).toBe('hubs.load V P A');
    expect(names(plan).at(-1)).toBe('hubs.unload V P D');
    expect(plan.steps[0]?.tools).toEqual([{ tool: 'test.note', args: { what: 'load' } }]);
    expect(plan.choices.some(({ method, alternatives }) => method === 'carry' && alternatives.includes('there'))).toBe(
      true,
    );
  });

  it('lets independent parts run at once', () => {
    const plan = planTask({ packs: [hubs], request: twoParcels });
    expect(validatePlan(plan, context)).toEqual([]);
    const starts = plan.steps.filter(({ after }) => after.length === 0);
    expect(starts.length).toBeGreaterThanOrEqual(2);
    expect(plan.links.every(({ from, to }) => from !== to)).toBe(true);
  });

  it('keeps what does not depend on a failure, done or not, and goes round it by what was observed', () => {
    const plan = planTask({ packs: [hubs], request: twoParcels });
    const drive = plan.steps.find(({ operator, args }) => operator === 'hubs.drive' && args['v'] === 'V');
    const load = find(plan, 'hubs.load V P A');
    expect(drive).toBeDefined();
    const closed = { predicate: 'closed', args: [drive?.args['a'] ?? '', drive?.args['b'] ?? ''] };
    const next = repairPlan({
      packs: [hubs],
      plan,
      succeeded: [load.id],
      faults: [{ stepId: drive?.id ?? '', code: 'result.contradicted', message: 'the road is closed' }],
      observed: { facts: [...load.adds, closed], denied: load.deletes },
    });
    expect(validatePlan(next, context)).toEqual([]);
    const others = plan.steps.filter(({ args }) => args['v'] === 'W').map(({ id }) => id);
    const ids = next.steps.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([load.id, ...others]));
    expect(ids).not.toContain(drive?.id);
    expect(names(next)).not.toContain(`hubs.drive V ${closed.args.join(' ')}`);
    expect(next.avoids?.surprises).toEqual([{ after: [load.id], adds: [closed], deletes: [] }]);
    expect(next.reason).toContain('turned out otherwise');
    expect(next.revision).toBe(2);
  });

  it('finds out before the first step that nothing is as it was said', () => {
    const plan = planTask({ packs: [hubs], request: { name: 'hubs.deliver', args: { x: 'P', to: 'D', problem } } });
    const [load] = plan.steps;
    const next = repairPlan({
      packs: [hubs],
      plan,
      succeeded: [],
      faults: [{ stepId: load?.id ?? '', code: 'test.gone', message: 'the van is not there' }],
      observed: {
        facts: [{ predicate: 'stands', args: ['V', 'B'] }],
        denied: [{ predicate: 'stands', args: ['V', 'A'] }],
      },
    });
    expect(validatePlan(next, context)).toEqual([]);
    expect(names(next)).not.toContain('hubs.load V P A');
    expect(names(next)).toContain('hubs.load W P A');
  });

  it('says that nothing is left, with the faults', () => {
    const request = {
      name: 'hubs.deliver',
      args: {
        x: 'P',
        to: 'D',
        problem: {
          objects: { P: 'parcel', V: 'van' },
          init: [
            ['at', 'P', 'A'],
            ['stands', 'V', 'A'],
          ],
        },
      },
    };
    const plan = planTask({ packs: [hubs], request });
    const [load] = plan.steps;
    const faults = [{ stepId: load?.id ?? '', code: 'test.broken', message: 'no' }];
    expect(() => repairPlan({ packs: [hubs], plan, succeeded: [], faults })).toThrow(
      expect.objectContaining({ code: 'plan.none', details: expect.objectContaining({ faults: [faults[0]] }) }),
    );
  });

  it('answers with the best partial plan when the budget ends', () => {
    const budget = { maxNodes: 3 };
    expect(() => planTask({ packs: [hubs], request: twoParcels, budget })).toThrow(
      expect.objectContaining({ code: 'plan.none', details: expect.objectContaining({ reason: 'exhausted' }) }),
    );
  });

  it.each([
    [{ objects: { P: 'parsel' } }, 'type'],
    [{ ...problem, init: [['at', 'P']] }, 'argument'],
    [{ ...problem, init: [['at', 'P Q', 'A']] }, 'word'],
    [{ ...problem, where: 1 }, 'one of objects'],
    ['(define (problem x) (:domain hubs) (:init (att P A)))', 'line 1'],
  ])('tells what is wrong with the problem %j', (given, told) => {
    const request = { name: 'hubs.deliver', args: { x: 'P', to: 'D', problem: given } } as TaskRequest;
    expect(() => planTask({ packs: [hubs], request })).toThrow(
      expect.objectContaining({ code: 'task.invalid_arguments', message: expect.stringContaining(told) }),
    );
  });

  it('takes a problem as text, with the network in it', () => {
    const text = `(define (problem x) (:domain hubs) (:objects A B - place P - parcel V - van)
      (:htn :ordered-subtasks (and (deliver P B))) (:init (at P A) (stands V A) (road A B)) (:goal (at P B)))`;
    const plan = planTask({ packs: [hubs], request: { name: 'hubs.problem', args: { problem: text } } });
    expect(names(plan)).toEqual(['hubs.load V P A', 'hubs.drive V A B', 'hubs.unload V P B']);
    expect(validatePlan(plan, context)).toEqual([]);
  });

  it('is judged at its end by what was observed', () => {
    const plan = planTask({ packs: [hubs], request: { name: 'hubs.deliver', args: { x: 'P', to: 'D', problem } } });
    const ids = plan.steps.map(({ id }) => id);
    const seen = { facts: [{ predicate: 'at', args: ['P', 'D'] }], denied: [{ predicate: 'at', args: ['P', 'A'] }] };
    expect(goalFacts(plan, hubs, seen, ids).every(({ holds }) => holds)).toBe(true);
    expect(goalFacts(plan, hubs, { facts: [], denied: [] }, ids).some(({ holds }) => !holds)).toBe(true);
    expect(goalFacts(plan, hubs, seen, ids.slice(1)).some(({ holds }) => !holds)).toBe(true);
    expect(startFacts(plan, hubs, { facts: [], denied: [] })).toContainEqual({ predicate: 'stands', args: ['V', 'A'] });
  });
});

describe('the validator of such plans', () => {
  const plan = planTask({ packs: [hubs], request: twoParcels });
  const broken: [string, (plan: Plan) => Plan][] = [
    ['a missing order', (p) => ({ ...p, steps: p.steps.map((step) => ({ ...step, after: [] })) })],
    [
      'a missing step',
      (p) => ({
        ...p,
        steps: p.steps.slice(1).map((s) => ({ ...s, after: s.after.filter((id) => id !== p.steps[0]?.id) })),
        links: [],
      }),
    ],
    [
      'another argument',
      (p) => ({
        ...p,
        steps: p.steps.map((step, i) =>
          i === 0 ? { ...step, args: { ...step.args, v: step.args['v'] === 'V' ? 'W' : 'V' } } : step,
        ),
      }),
    ],
    [
      'another method',
      (p) => ({ ...p, choices: p.choices.map((c) => (c.method === 'carry' ? { ...c, method: 'there' } : c)) }),
    ],
    ['a forgotten condition', (p) => ({ ...p, steps: p.steps.map((step) => ({ ...step, when: step.when.slice(1) })) })],
    ['a forgotten effect', (p) => ({ ...p, steps: p.steps.map((step) => ({ ...step, deletes: [] })) })],
    [
      'another tool',
      (p) => ({ ...p, steps: p.steps.map((step) => ({ ...step, tools: [{ tool: 'test.note', args: {} }] })) }),
    ],
    ['no checks', (p) => ({ ...p, steps: p.steps.map(({ checks: _checks, ...step }) => step) })],
    ['other success', (p) => ({ ...p, success: [] })],
    ['a false link', (p) => ({ ...p, links: p.links.map((link) => ({ ...link, from: null })) })],
  ];
  it.each(broken)('refuses %s', (_what, mutate) => {
    expect(validatePlan(plan, context)).toEqual([]);
    expect(validatePlan(mutate(plan), context)).not.toEqual([]);
  });
});

describe('a planning domain with every construct', () => {
  const any = { tools: [{ tool: 'test.note', args: {} }] };
  const courier = packOfDomain({
    domain: COURIER_DOMAIN,
    bindings: {
      name: 'courier',
      version: '1.0.0',
      summary: 'x',
      primitives: { drive: any, load: any, unload: any, noop: any },
    },
  });
  it('is planned with quantified and derived conditions, and the order is proved for all orders', () => {
    const request = {
      name: 'courier.problem',
      args: {
        problem: {
          objects: { Box: 'parcel', Bag: 'parcel', v1: 'van', b1: 'bike', north: 'town', south: 'town' },
          init: [
            ['at', 'Box', 'north'],
            ['at', 'Bag', 'north'],
            ['at', 'v1', 'depot'],
            ['at', 'b1', 'north'],
            ['road', 'depot', 'north'],
            ['road', 'north', 'south'],
            ['wet'],
          ],
          tasks: [
            ['deliver', 'Box', 'south'],
            ['move', 'b1', 'south'],
          ],
          ordering: [],
          goal: [
            ['at', 'Box', 'south'],
            ['reach', 'depot', 'south'],
          ],
        },
      },
    };
    const plan = planTask({ packs: [courier], request });
    expect(validatePlan(plan, { ...context, packs: [courier] })).toEqual([]);
    expect(plan.steps.length).toBeGreaterThan(3);
  });

  it('is refused with each mistake in its place', () => {
    const bindings = {
      name: 'x',
      version: '1',
      summary: 's',
      primitives: { drive: { tools: [] }, fly: any, load: { tools: [{ tool: 'test.note', args: { a: '$nobody' } }] } },
      tasks: { deliver: { phrasings: ['bring {it}'] } },
    };
    const problems = (value: unknown): unknown => {
      try {
        packOfDomain({ domain: COURIER_DOMAIN, bindings: value });
        return null;
      } catch (error) {
        return (error as { details: { problems: { at: string }[] } }).details.problems.map(({ at }) => at);
      }
    };
    expect(problems(bindings)).toEqual(['version', 'primitives.drive.tools']);
    expect(problems({ ...bindings, version: '1.0.0', primitives: { ...bindings.primitives, drive: any } })).toEqual([
      'primitives',
      'primitives',
      'primitives.fly',
      'primitives.load.tools[0].args',
      'tasks.deliver.phrasings[0]',
    ]);
    expect(() => packOfDomain({ domain: '(define (domain x) (:actoin))', bindings })).toThrow(
      expect.objectContaining({ line: 1 }),
    );
  });
});

describe('a classical domain', () => {
  const switches = packOfDomain({
    domain: `(define (domain switches) (:requirements :strips :negative-preconditions) (:predicates (on ?x) (linked ?x ?y))
      (:action press :parameters (?x) :precondition (not (on ?x)) :effect (on ?x))
      (:action bridge :parameters (?x ?y) :precondition (and (on ?x) (on ?y)) :effect (linked ?x ?y)))`,
    bindings: {
      name: 'switches',
      version: '1.0.0',
      summary: 'x',
      primitives: {
        press: { tools: [{ tool: 'test.note', args: { s: '$x' } }] },
        bridge: { tools: [{ tool: 'test.note', args: {} }] },
      },
    },
  });
  const request = {
    name: 'switches.problem',
    args: {
      problem: {
        objects: { a: 'object', b: 'object', c: 'object' },
        init: [],
        goal: [
          ['linked', 'a', 'b'],
          ['on', 'c'],
        ],
      },
    },
  };
  it('is planned without methods, in parallel, and repaired from where it stands', () => {
    const plan = planTask({ packs: [switches], request });
    const own = { ...context, packs: [switches] };
    expect(validatePlan(plan, own)).toEqual([]);
    expect(plan.steps.filter(({ after }) => after.length === 0)).toHaveLength(3);
    const press = find(plan, 'switches.press a');
    const next = repairPlan({
      packs: [switches],
      plan,
      succeeded: [press.id],
      faults: [{ stepId: find(plan, 'switches.press c').id, code: 'x', message: 'y' }],
      observed: {
        facts: [
          { predicate: 'on', args: ['a'] },
          { predicate: 'on', args: ['c'] },
        ],
        denied: [],
      },
    });
    expect(validatePlan(next, own)).toEqual([]);
    expect(names(next).sort()).toEqual(['switches.bridge a b', 'switches.press a', 'switches.press b']);
    expect(next.steps.map(({ id }) => id)).toContain(press.id);
  });
});

describe('going on after a failure inside a method that was begun', () => {
  it('goes another way from where it stands, keeps what was done, and says when no way is left', () => {
    // The van stands at B on its way to D by B; the rest of that way is closed.
    const request = {
      name: 'hubs.deliver',
      args: {
        x: 'P',
        to: 'D',
        problem: {
          objects: { P: 'parcel', V: 'van' },
          init: [
            ['at', 'P', 'A'],
            ['stands', 'V', 'A'],
          ],
        },
      },
    };
    const plan = planTask({ packs: [hubs], request });
    const [load, first, second] = plan.steps;
    if (!load || !first || !second) throw new Error('a plan of four steps is expected');
    const done = [load, first];
    const closed = { predicate: 'closed', args: [second.args['a'] ?? '', second.args['b'] ?? ''] };
    const next = repairPlan({
      packs: [hubs],
      plan,
      succeeded: done.map(({ id }) => id),
      faults: [{ stepId: second.id, code: 'x', message: 'y' }],
      observed: { facts: [...load.adds, ...first.adds, closed], denied: [...load.deletes, ...first.deletes] },
    });
    expect(validatePlan(next, context)).toEqual([]);
    const ids = next.steps.map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(done.map(({ id }) => id));
    expect(names(next)).not.toContain(names(plan)[2]);
    expect(next.steps.length).toBe(6); // back to A, by the other side to D, unload
    const again = () =>
      repairPlan({
        packs: [hubs],
        plan: next,
        succeeded: ids.slice(0, 3),
        faults: [{ stepId: ids[3] ?? '', code: 'x', message: 'y' }],
        observed: {
          facts: [...load.adds, closed, ...(next.steps[2]?.adds ?? [])],
          denied: [...load.deletes, ...(next.steps[2]?.deletes ?? [])],
        },
      });
    expect(again).toThrow(expect.objectContaining({ code: 'plan.none' })); // every other way was shown to be closed
  });
});
