import type { TaskRequest } from '../../goals/goal';
import type { Plan } from '../plan';
import { planTask } from '../plan-goal';
import { COURIER_DOMAIN } from '../pddl/testing/courier';
import { validatePlan } from '../validate-plan';
import { goalFacts, startFacts } from './goal-facts';
import { packOfDomain } from './pack-of-domain';
import { context, hubs, names, problem, twoParcels } from './testing/hubs';

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
