import { planTask } from './plan-goal';
import { readySteps } from './ready-steps';
import { aPack, labelsOf, toolsOf } from './testing/packs';
import { validatePlan } from './validate-plan';
import type { DomainPack } from './pack';
import type { Fact, Plan } from './plan';

const plan = (pack: DomainPack, facts: Fact[] = [], args = {}): Plan => {
  const made = planTask({ packs: [pack], request: { name: 'root', args }, facts });
  expect(validatePlan(made, { packs: [pack], facts, tools: toolsOf(pack) })).toEqual([]);
  return made;
};
const after = (made: Plan, label: string): string[] =>
  (made.steps.find((step) => step.label === label)?.after ?? []).map(
    (id) => made.steps.find((step) => step.id === id)?.label ?? id,
  );
describe('planning', () => {
  it('tries methods by expected work and falls back when conditions do not hold', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [
        { name: 'dear', task: 'root', cost: 5, subtasks: [{ task: 'walk' }] },
        {
          name: 'cheap',
          task: 'root',
          cost: 1,
          when: [{ predicate: 'sunny', args: [] }],
          subtasks: [{ task: 'ride' }],
        },
      ],
      operators: [{ name: 'walk' }, { name: 'ride' }],
    });
    expect(plan(pack).choices[0]).toMatchObject({ method: 'dear', alternatives: [] });
    expect(plan(pack, [{ predicate: 'sunny', args: [] }]).choices[0]).toMatchObject({
      method: 'cheap',
      alternatives: ['dear'],
    });
  });

  it('prefers the method that worked for earlier goals when its expected work until success is less', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [
        { name: 'a', task: 'root', cost: 2, subtasks: [{ task: 'act' }] },
        { name: 'b', task: 'root', cost: 3, subtasks: [{ task: 'act' }] },
      ],
      operators: [{ name: 'act' }],
    });
    const chosen = (failures: number) =>
      planTask({
        packs: [pack],
        request: { name: 'root', args: {} },
        methodStats: [
          { task: 'root', method: 'a', successes: 0, failures },
          { task: 'root', method: 'b', successes: 4, failures: 0 },
        ],
      }).choices[0]?.method;
    // cost / p: a = 2 / (1/2) = 4, b = 3 / (5/6) = 3.6
    expect(chosen(0)).toBe('b');
    const untried = planTask({ packs: [pack], request: { name: 'root', args: {} } });
    expect(untried.choices[0]?.method).toBe('a');
  });

  it('backtracks over a method whose later steps cannot be executed', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }, { name: 'get' }],
      methods: [
        { task: 'root', subtasks: [{ task: 'get' }, { task: 'use', after: ['s0'] }] },
        { name: 'rusty', task: 'get', cost: 1, subtasks: [{ task: 'find' }] },
        { name: 'sharp', task: 'get', cost: 2, subtasks: [{ task: 'buy' }] },
      ],
      operators: [
        { name: 'find' },
        { name: 'buy', adds: [{ predicate: 'sharp', args: [] }] },
        { name: 'use', when: [{ predicate: 'sharp', args: [] }] },
      ],
    });
    const made = plan(pack);
    expect(made.steps.map(({ operator }) => operator)).toEqual(['buy', 'use']);
    expect(made.links).toEqual([
      { from: made.steps[0]?.id, to: made.steps[1]?.id, fact: { predicate: 'sharp', args: [] } },
    ]);
  });

  it('finds an order among unordered members that makes all preconditions hold, and keeps it', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [
        {
          task: 'root',
          subtasks: [
            { id: 'eat', task: 'eat' },
            { id: 'cook', task: 'cook' },
            { id: 'sing', task: 'sing' },
          ],
        },
      ],
      operators: [
        { name: 'eat', when: [{ predicate: 'meal', args: [] }], deletes: [{ predicate: 'meal', args: [] }] },
        { name: 'cook', when: [{ predicate: 'meal', args: [], not: true }], adds: [{ predicate: 'meal', args: [] }] },
        { name: 'sing' },
      ],
    });
    const made = plan(pack);
    expect(labelsOf(made).indexOf('cook')).toBeLessThan(labelsOf(made).indexOf('eat'));
    expect(after(made, 'eat')).toEqual(['cook']);
    expect(after(made, 'sing')).toEqual([]);
    expect(
      readySteps(made, new Set(), new Set(), 5)
        .map(({ label }) => label)
        .sort(),
    ).toEqual(['cook', 'sing']);
    expect(readySteps(made, new Set(), new Set(), 1)).toHaveLength(1);
  });

  it('binds the variables of a condition to what the state offers, and takes another value when one leads nowhere', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [
        {
          task: 'root',
          when: [{ predicate: 'door', args: ['$d'] }],
          subtasks: [{ task: 'open', args: { door: '$d' } }],
        },
      ],
      operators: [
        {
          name: 'open',
          params: [{ name: 'door', type: 'text', required: true }],
          when: [{ predicate: 'locked', args: ['$door'], not: true }],
        },
      ],
    });
    const facts = [
      { predicate: 'door', args: ['front'] },
      { predicate: 'door', args: ['back'] },
      { predicate: 'locked', args: ['back'] },
    ];
    const made = plan(pack, facts);
    expect(made.steps[0]?.args).toEqual({ door: 'front' });
    expect(made.choices[0]?.bindings).toEqual({ d: 'front' });
  });

  it('refers to the result of a decomposed member by the step of its last declared member', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }, { name: 'fetch' }],
      methods: [
        {
          task: 'root',
          subtasks: [
            { id: 'fetch', task: 'fetch' },
            { id: 'use', task: 'use', args: { body: '{{steps.fetch.page.text}}', all: ['{{steps.fetch}}'] } },
          ],
        },
        {
          task: 'fetch',
          subtasks: [
            { id: 'get', task: 'get' },
            { id: 'clean', task: 'clean', args: { raw: '{{steps.get.raw}}' } },
          ],
        },
      ],
      operators: [
        { name: 'get' },
        { name: 'clean', params: [{ name: 'raw', type: 'any' }] },
        {
          name: 'use',
          params: [
            { name: 'body', type: 'any' },
            { name: 'all', type: 'list' },
          ],
          tools: [{ tool: 'tool.use', args: { text: '$body', list: '$all' } }],
        },
      ],
    });
    const made = plan(pack);
    const clean = made.steps.find(({ label }) => label === 'clean')?.id;
    expect(made.steps.at(-1)?.tools[0]?.args).toEqual({
      text: { $from: { step: clean, path: 'page.text' } },
      list: [{ $from: { step: clean, path: '' } }],
    });
    expect(after(made, 'use')).toEqual(['clean']);
    expect(after(made, 'clean')).toEqual(['get']);
  });

  it('repeats members in a row or side by side, with an occurrence each', () => {
    const of = (parallel: boolean) =>
      plan(
        aPack({
          tasks: [{ name: 'root', params: [{ name: 'n', type: 'integer', required: true }] }, { name: 'lap' }],
          methods: [
            {
              task: 'root',
              subtasks: [
                { id: 'run', task: 'lap', repeat: { count: '$n', as: 'i', parallel } },
                { id: 'rest', task: 'rest', after: ['run'] },
              ],
            },
            { task: 'lap', subtasks: [{ id: 'go', task: 'go' }] },
          ],
          operators: [{ name: 'go' }, { name: 'rest' }],
        }),
        [],
        { n: 3 },
      );
    expect(of(false).steps.map(({ after: before }) => before.length)).toEqual([0, 1, 1, 1]);
    expect(of(true).steps.map(({ after: before }) => before.length)).toEqual([0, 0, 0, 3]);
    expect(of(true).steps.map(({ id }) => id)).toEqual([
      'root:m0/run[0]:m1/go#0',
      'root:m0/run[1]:m1/go#0',
      'root:m0/run[2]:m1/go#0',
      'root:m0/rest#0',
    ]);
    expect(new Set(labelsOf(of(true))).size).toBe(4);
  });

  it('keeps the order across a member that turns out empty', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }, { name: 'maybe' }],
      methods: [
        {
          task: 'root',
          subtasks: [
            { id: 'a', task: 'act' },
            { id: 'b', task: 'maybe', after: ['a'] },
            { id: 'c', task: 'act', after: ['b'] },
          ],
        },
        { name: 'nothing', task: 'maybe' },
      ],
      operators: [{ name: 'act' }],
    });
    expect(after(plan(pack), 'c')).toEqual(['a']);
  });

  it('fills templates once: values that look like variables stay as they are', () => {
    const pack = aPack({
      tasks: [
        {
          name: 'root',
          params: [
            { name: 'x', type: 'text' },
            { name: 'y', type: 'text' },
          ],
        },
      ],
      methods: [
        { task: 'root', subtasks: [{ task: 'act', args: { a: '$x', b: 'is ${x}!', c: { deep: ['$y', '$x'] } } }] },
      ],
      operators: [{ name: 'act', params: ['a', 'b', 'c'].map((name) => ({ name, type: 'any' as const })) }],
    });
    const { args } = plan(pack, [], { x: '$y {{steps.s0}}' }).steps[0] ?? {};
    expect(args).toEqual({ a: '$y {{steps.s0}}', b: 'is $y {{steps.s0}}!', c: { deep: ['$y {{steps.s0}}'] } });
  });

  it('gives the same plan for the same input', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [{ task: 'root', subtasks: [{ task: 'act' }, { task: 'act' }] }],
      operators: [{ name: 'act' }],
    });
    expect(plan(pack)).toEqual(plan(pack));
  });
});
