import { planTask } from '../plan-goal';
import { repairPlan } from '../repair-plan';
import { validatePlan } from '../validate-plan';
import { packOfDomain } from './pack-of-domain';
import { context, find, hubs, names, problem, twoParcels } from './testing/hubs';

describe('a plan over a planning domain, repaired', () => {
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
    expect(
      next.steps
        .filter(({ operator, args }) => operator === 'hubs.drive' && args['v'] === 'V')
        .map(({ args }) => [args['a'], args['b']]),
    ).not.toContainEqual(closed.args);
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
