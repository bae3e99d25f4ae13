import type { TaskRequest } from '../../goals/goal';
import type { Plan } from '../plan';
import { planTask } from '../plan-goal';
import { repairPlan } from '../repair-plan';
import { validatePlan } from '../validate-plan';
import { packOfDomain } from './pack-of-domain';
import { context, descriptor, hubs, names, problem, twoParcels } from './testing/hubs';

/** The next revision when a step fails for good after all that the plan lists before it was done. */
function failAt(plan: Plan, index: number, pack = hubs): Plan {
  const done = plan.steps.slice(0, index);
  const facts = done.flatMap(({ adds }) => adds);
  return repairPlan({
    packs: [pack],
    plan,
    succeeded: done.map(({ id }) => id),
    faults: [{ stepId: plan.steps[index]?.id ?? '', code: 'test.broken', message: 'no' }],
    observed: { facts: facts.filter((fact) => holdsAfter(done, fact)), denied: [] },
  });
}

function holdsAfter(done: Plan['steps'], fact: { predicate: string; args: readonly unknown[] }): boolean {
  const same = (other: { predicate: string; args: readonly unknown[] }): boolean =>
    other.predicate === fact.predicate && JSON.stringify(other.args) === JSON.stringify(fact.args);
  const last = done.findLast(({ adds, deletes }) => adds.some(same) || deletes.some(same));
  return last === undefined || last.adds.some(same);
}

/** Two parcels, three vans that can each do everything, and roads both ways: after any one failure there is another way. */
const spare = {
  ...problem,
  objects: { ...problem.objects, X: 'van' },
  init: [
    ...problem.init,
    ['stands', 'X', 'B'],
    ...[
      ['D', 'B'],
      ['D', 'C'],
      ['A', 'D'],
      ['D', 'A'],
    ].map((road) => ['road', ...road]),
  ],
};

describe('giving up a method that was begun', () => {
  it('finds another way after a failure at any step of any of the goals', () => {
    const asked: TaskRequest[] = [
      { name: 'hubs.deliver', args: { x: 'P', to: 'D', problem: spare } },
      { name: 'hubs.deliver', args: { x: 'Q', to: 'B', problem: spare } },
      { ...twoParcels, args: { problem: { ...(twoParcels.args['problem'] as object), ...spare } } },
    ];
    let tried = 0;
    for (const request of asked) {
      const plan = planTask({ packs: [hubs], request });
      plan.steps.forEach((failed, index) => {
        tried += 1;
        const isLost = failed.operator === 'hubs.load';
        if (failed.operator === 'hubs.unload') return; // a parcel that no van can put down there is nobody's to deliver
        const next = failAt(plan, index);
        expect([names(plan)[index], validatePlan(next, context)]).toEqual([names(plan)[index], []]);
        if (isLost) expect(names(next)).not.toContain(names(plan)[index]);
      });
    }
    expect(tried).toBeGreaterThanOrEqual(10);
  });

  it('keeps the rest of the tree, and what was done stays done without being done again', () => {
    // The van that came for the parcel cannot load it: the other one comes, and the first is where it went.
    const request = {
      name: 'hubs.problem',
      args: {
        problem: {
          objects: { P: 'parcel', Q: 'parcel', V: 'van', W: 'van' },
          init: [
            ['at', 'P', 'B'],
            ['at', 'Q', 'C'],
            ['stands', 'V', 'A'],
            ['stands', 'W', 'C'],
          ],
          tasks: [
            ['deliver', 'P', 'A'],
            ['deliver', 'Q', 'A'],
          ],
        },
      },
    };
    const plan = planTask({ packs: [hubs], request });
    expect(names(plan).slice(0, 2)).toEqual(['hubs.drive V A B', 'hubs.load V P B']);
    const next = failAt(plan, 1);
    expect(validatePlan(next, context)).toEqual([]);
    const rest = plan.steps.filter(({ args }) => args['x'] === 'Q').map(({ id }) => id);
    expect(rest.length).toBe(2);
    expect(next.steps.map(({ id }) => id)).toEqual(expect.arrayContaining(rest));
    expect(next.steps.map(({ id }) => id)).not.toContain(plan.steps[0]?.id);
    expect(next.avoids?.surprises).toEqual([
      {
        after: [],
        adds: [{ predicate: 'stands', args: ['V', 'B'] }],
        deletes: [{ predicate: 'stands', args: ['V', 'A'] }],
      },
    ]);
    expect(names(next)).toContain('hubs.load W P B');
    const again = failAt(next, 6); // now the other van's load fails too, for the second parcel
    expect(again.revision).toBe(3);
    expect(validatePlan(again, context)).toEqual([]);
  });

  it('says that nothing is left only when no task above the failure has another way', () => {
    const plan = planTask({ packs: [hubs], request: { name: 'hubs.deliver', args: { x: 'P', to: 'D', problem } } });
    const unload = plan.steps.findIndex(({ operator }) => operator === 'hubs.unload');
    const next = failAt(plan, 0);
    expect(names(next)[0]).toBe('hubs.drive W C A');
    expect(unload).toBeGreaterThan(0);
    const alone = {
      objects: { P: 'parcel', V: 'van' },
      init: problem.init.filter(([, name]) => name !== 'W' && name !== 'Q'),
    };
    const only = planTask({
      packs: [hubs],
      request: { name: 'hubs.deliver', args: { x: 'P', to: 'D', problem: alone } },
    });
    expect(() => failAt(only, 0)).toThrow(expect.objectContaining({ code: 'plan.none' }));
  });

  it('goes up a long recursion in growing strides', () => {
    const steps = 40;
    const walk = packOfDomain({
      domain: `(define (domain walk) (:requirements :typing :hierarchy) (:types place)
        (:predicates (at ?p - place) (road ?a ?b - place) (ferry ?a ?b - place))
        (:task reach :parameters (?to - place)) (:task walk-on :parameters (?to - place))
        (:method on-foot :parameters (?to - place) :task (reach ?to) :ordered-subtasks (walk-on ?to))
        (:method by-ferry :parameters (?a ?to - place) :task (reach ?to) :precondition (and (at ?a)) :ordered-subtasks (sail ?a ?to))
        (:method there :parameters (?to - place) :task (walk-on ?to) :precondition (at ?to) :subtasks ())
        (:method on :parameters (?a ?b ?to - place) :task (walk-on ?to) :precondition (and (at ?a) (road ?a ?b))
          :ordered-subtasks (and (go ?a ?b) (walk-on ?to)))
        (:action go :parameters (?a ?b - place) :precondition (and (at ?a) (road ?a ?b)) :effect (and (not (at ?a)) (at ?b)))
        (:action sail :parameters (?a ?b - place) :precondition (and (at ?a) (ferry ?a ?b)) :effect (and (not (at ?a)) (at ?b))))`,
      bindings: {
        name: 'walk',
        version: '1.0.0',
        summary: 'x',
        primitives: {
          go: { tools: [{ tool: 'test.note', args: {} }] },
          sail: { tools: [{ tool: 'test.note', args: {} }] },
        },
      },
    });
    const places = Array.from({ length: steps + 1 }, (_, index) => `p${index}`);
    const request = {
      name: 'walk.reach',
      args: {
        to: `p${steps}`,
        problem: {
          objects: Object.fromEntries(places.map((place) => [place, 'place'])),
          init: [
            ['at', 'p0'],
            ...places.slice(1).map((place, index) => ['road', `p${index}`, place]),
            ['ferry', 'p30', `p${steps}`],
          ],
        },
      },
    };
    const own = { ...context, packs: [walk], tools: [descriptor] };
    const plan = planTask({ packs: [walk], request });
    expect(plan.steps.length).toBe(steps);
    const next = failAt(plan, 30, walk);
    expect(validatePlan(next, own)).toEqual([]);
    expect(names(next)).toEqual([`walk.sail p30 p${steps}`]);
  });
});
