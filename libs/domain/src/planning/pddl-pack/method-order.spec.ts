import type { TaskRequest } from '../../goals/goal';
import { featureBucket } from '../../learning/buckets';
import type { Lesson } from '../../learning/lesson';
import { learnedOrder } from '../learned-order';
import { planTask } from '../plan-goal';
import { repairPlan } from '../repair-plan';
import { validatePlan } from '../validate-plan';
import { packOfDomain } from './pack-of-domain';
import { context } from './testing/hubs';

const tool = { tools: [{ tool: 'test.note', args: {} }] };
/** Two ways to send a letter, by one step or by three; ordered or not, the search alone takes the short one. */
const post = (order: string) =>
  packOfDomain({
    domain: `(define (domain post) (:requirements :typing :hierarchy) (:types letter)
      (:predicates (sent ?x - letter) (stamped ?x - letter) (sealed ?x - letter))
      (:task send :parameters (?x - letter)) (:task both :parameters (?x ?y - letter))
      (:method each :parameters (?x ?y - letter) :task (both ?x ?y) ${order} (and (send ?x) (send ?y)))
      (:method by-wire :parameters (?x - letter) :task (send ?x) :subtasks (wire ?x))
      (:method by-hand :parameters (?x - letter) :task (send ?x) :ordered-subtasks (and (stamp ?x) (seal ?x) (carry ?x)))
      (:action wire :parameters (?x - letter) :precondition () :effect (sent ?x))
      (:action stamp :parameters (?x - letter) :precondition () :effect (stamped ?x))
      (:action seal :parameters (?x - letter) :precondition (stamped ?x) :effect (sealed ?x))
      (:action carry :parameters (?x - letter) :precondition (sealed ?x) :effect (sent ?x)))`,
    bindings: {
      name: 'post',
      version: '1.0.0',
      summary: 'Letters.',
      primitives: { wire: tool, stamp: tool, seal: tool, carry: tool },
    },
  });
const request: TaskRequest = {
  name: 'post.both',
  args: { x: 'a', y: 'b', problem: { objects: { a: 'letter', b: 'letter' } } },
};
const stat = (method: string, successes: number, failures: number) => ({
  task: 'post.send',
  method,
  successes,
  failures,
});
const steps = (plan: ReturnType<typeof planTask>): string[] =>
  plan.steps.map(({ operator }) => operator.slice(5)).sort();
const BY_HAND = ['carry', 'carry', 'seal', 'seal', 'stamp', 'stamp'];

describe.each([':ordered-subtasks', ':subtasks'])('methods of a planning domain (%s)', (order) => {
  const pack = post(order);
  const own = { ...context, packs: [pack] };

  it('come in the order of the search without statistics, and by what worked with them', () => {
    const usual = planTask({ packs: [pack], request });
    expect(steps(usual)).toEqual(['wire', 'wire']);
    const methodStats = [stat('by-wire', 0, 6), stat('by-hand', 6, 0)];
    const taught = planTask({ packs: [pack], request, methodStats });
    expect(validatePlan(taught, own)).toEqual([]);
    expect(steps(taught)).toEqual(BY_HAND);
    expect(learnedOrder(taught, [pack], methodStats)).toEqual([
      '"by-hand" before "by-wire" for post.send: "by-hand" led 6 of 6 goals to success, "by-wire" led 0 of 6 goals to success',
    ]);
    expect(learnedOrder(usual, [pack], [])).toEqual([]);
  });

  it('are never ruled out: the one that never worked is taken where it alone is left', () => {
    const methodStats = [stat('by-wire', 0, 6), stat('by-hand', 6, 0)];
    const plan = planTask({ packs: [pack], request, methodStats });
    const next = repairPlan({
      packs: [pack],
      plan,
      succeeded: [],
      faults: plan.steps
        .filter(({ operator }) => operator === 'post.carry')
        .map(({ id }) => ({ stepId: id, code: 'x', message: 'y' })),
      methodStats,
    });
    expect(validatePlan(next, own)).toEqual([]);
    expect(steps(next)).toEqual(['wire', 'wire']);
  });

  it('follow lessons for goals of their shape, and the plan says so', () => {
    const lesson = (
      id: string,
      bucket: string,
      method: string,
      [successes, failures]: readonly [number, number],
    ): Lesson => ({
      id,
      kind: 'method_preference',
      status: 'active',
      body: { task: 'post.send', bucket, method, successes, failures },
    });
    const bucket = featureBucket(request.args);
    const learned = {
      snapshotId: 's',
      arm: 'on' as const,
      lessons: [
        lesson('l1', bucket, 'by-wire', [0, 8]),
        lesson('l2', bucket, 'by-hand', [8, 0]),
        lesson('l3', 'other', 'by-wire', [9, 0]),
      ],
    };
    const taught = planTask({ packs: [pack], request, learned });
    expect(steps(taught)).toEqual(BY_HAND);
    expect(taught.lessons?.map(({ id }) => id)).toEqual(['l1', 'l2']);
    expect(steps(planTask({ packs: [pack], request, learned: { ...learned, arm: 'off' } }))).toEqual(['wire', 'wire']);
  });
});
