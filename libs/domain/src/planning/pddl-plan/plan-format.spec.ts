import fc from 'fast-check';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import type { HierarchicalPlan } from '../pddl/model';
import { writtenNames } from '../pddl/written-names';
import { formatActionSequence, formatHierarchicalPlan } from './format-plan';
import { parsePlan, PlanSyntaxError } from './parse-plan';

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/).filter((text) => text !== 'root');
const task = fc.record({ name, args: fc.array(name, { maxLength: 4 }) });
const id = fc.nat();
const hierarchical: fc.Arbitrary<HierarchicalPlan> = fc.record({
  actions: fc.array(fc.record({ id, task }), { maxLength: 12 }),
  roots: fc.array(id, { maxLength: 4 }),
  decompositions: fc.array(fc.record({ id, task, method: name, children: fc.array(id, { maxLength: 4 }) }), {
    maxLength: 12,
  }),
});

describe('a plan that is written', () => {
  it('is read back as it was, hierarchical', () => {
    fc.assert(
      fc.property(hierarchical, (plan) => {
        const { kind, plan: read } = parsePlan(formatHierarchicalPlan(plan));
        expect([kind, read]).toEqual(['hierarchical', plan]);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('is read back as it was, classical', () => {
    fc.assert(
      fc.property(fc.array(task), fc.nat(), (plan, cost) => {
        const { kind, plan: read } = parsePlan(formatActionSequence(plan, cost));
        expect([kind, read]).toEqual(['classical', plan]);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('has the lines of the competition', () => {
    const plan: HierarchicalPlan = {
      actions: [{ id: 0, task: { name: 'drive', args: ['v', 'a'] } }],
      roots: [1],
      decompositions: [
        { id: 1, task: { name: 'go', args: ['a'] }, method: 'm', children: [0, 2] },
        { id: 2, task: { name: 'rest', args: [] }, method: 'n', children: [] },
      ],
    };
    expect(formatHierarchicalPlan(plan)).toBe('==>\n0 drive v a\nroot 1\n1 go a -> m 0 2\n2 rest -> n\n<==\n');
    expect(formatActionSequence([{ name: 'drive', args: ['v', 'a'] }], 3)).toBe('(drive v a)\n; cost = 3\n');
    expect(formatHierarchicalPlan({ actions: [], roots: [], decompositions: [] })).toBe('==>\nroot\n<==\n');
  });

  it('has names as their declarations spell them', () => {
    const domain = parseDomain(
      '(define (domain d) (:types T) (:constants Base - T) (:action Go :parameters (?x - T)))',
    );
    const problem = parseProblem('(define (problem p) (:domain d) (:objects North - t) (:init) (:goal (and)))', domain);
    const plan = [
      { name: 'go', args: ['north'] },
      { name: 'go', args: ['base'] },
    ];
    expect(formatActionSequence(plan, 2, writtenNames(domain, problem))).toBe('(Go North)\n(Go Base)\n; cost = 2\n');
  });
});

describe("another planner's plan", () => {
  const text = [
    'Planner v1.2 ; (ready)',
    'time 0.1',
    '==>',
    '',
    '17 DRIVE Truck-1 A ; first',
    'root -3 40',
    '-3 Go A -> M_Go 17',
    '40 rest -> n\r',
    '<==',
    'memory: 12 MB',
  ].join('\n');

  it('may have text around it, comments, any ids and any case; lines are known', () => {
    const { kind, plan, lineOf } = parsePlan(text);
    expect({ kind, plan }).toEqual({
      kind: 'hierarchical',
      plan: {
        actions: [{ id: 17, task: { name: 'drive', args: ['truck-1', 'a'] } }],
        roots: [-3, 40],
        decompositions: [
          { id: -3, task: { name: 'go', args: ['a'] }, method: 'm_go', children: [17] },
          { id: 40, task: { name: 'rest', args: [] }, method: 'n', children: [] },
        ],
      },
    });
    expect(lineOf({ kind: 'action', id: 17 })).toBe(5);
    expect(lineOf({ kind: 'decomposition', id: -3 })).toBe(7);
    expect(lineOf({ kind: 'roots' })).toBe(6);
    expect(lineOf({ kind: 'goal' })).toBeNull();
  });

  it('may be classical with numbers, several actions a line and one action over lines', () => {
    const { plan, lineOf } = parsePlan('; plan\n0: (A x)\n1.000: (b) (c\n  y)\n');
    expect(plan).toEqual([
      { name: 'a', args: ['x'] },
      { name: 'b', args: [] },
      { name: 'c', args: ['y'] },
    ]);
    expect([1, 2, 3, 4].map((step) => lineOf({ kind: 'action', id: step }))).toEqual([2, 3, 3, null]);
  });

  it.each([
    ['==>\n0 a\nroot 0\n', 4, 1, '<== after the last line'],
    ['==>\n0 a\n<==', 3, 1, 'a line "root" with the ids of the roots'],
    ['==>\nroot 0\nroot 0\n<==', 3, 1, 'one line of roots'],
    ['==>\nx a\nroot\n<==', 2, 1, 'an id (a whole number) or the word root'],
    ['==>\nroot 1 b\n<==', 2, 8, 'an id (a whole number) or the word root'],
    ['==>\n12\nroot\n<==', 2, 3, 'the name of a task after 12'],
    ['==>\nroot 1\n1 t ->\n<==', 3, 7, 'the name of a method after ->'],
    ['==>\nroot 1\n1 t -> m 2 c\n<==', 3, 12, 'an id (a whole number) or the word root'],
    ['==>\n0 a\nroot 0\n<==\nbetter:\n==>\nroot\n<==', 6, 1, 'one plan'],
    ['no plan found', 1, 1, 'an action such as (drive a b), or ==>'],
    ['1: (a x)\n0: (b)', 2, 1, 'a number of at least 1'],
    ['(a b', 1, 1, 'a ) for this ('],
    ['(a (b))', 1, 4, 'a name or )'],
    ['()', 1, 2, 'the name of an action'],
    ['a)', 1, 1, 'an action such as (drive a b), or ==>'],
    [')', 1, 1, '('],
  ])('that is none is refused with its place: %j', (broken, line, column, expected) => {
    const read = (): unknown => parsePlan(broken, 'x.plan');
    expect(read).toThrow(PlanSyntaxError);
    expect(read).toThrow(expect.objectContaining({ file: 'x.plan', line, column, expected }));
  });
});
