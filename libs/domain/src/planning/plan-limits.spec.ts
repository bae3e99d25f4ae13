import { InvalidDefinitionError, InvalidTaskArgumentsError, NoPlanError, UnknownTaskError } from '../errors';
import { planTask } from './plan-goal';
import { aPack, toolsOf } from './testing/packs';
import { validatePlan } from './validate-plan';
import type { DomainPack } from './pack';
import type { Fact, Plan } from './plan';

const plan = (pack: DomainPack, facts: Fact[] = [], args = {}): Plan => {
  const made = planTask({ packs: [pack], request: { name: 'root', args }, facts });
  expect(validatePlan(made, { packs: [pack], facts, tools: toolsOf(pack) })).toEqual([]);
  return made;
};
const refusal = (run: () => unknown): NoPlanError => {
  try {
    run();
  } catch (error) {
    if (error instanceof NoPlanError) return error;
    throw error;
  }
  throw new Error('a plan was found');
};

describe('planning without an end or a way', () => {
  it('ends on recursion that comes back to where it was', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [{ task: 'root', subtasks: [{ task: 'root' }] }],
      operators: [{ name: 'act' }],
    });
    const error = refusal(() => planTask({ packs: [pack], request: { name: 'root', args: {} } }));
    expect(error.details).toMatchObject({ reason: 'unsolvable', partial: [] });
    expect(error.details['nodes']).toBeLessThan(10);
  });

  it('finds the way out of a recursion that counts', () => {
    const facts = [0, 1, 2, 3].map((n) => ({ predicate: 'next', args: [n, n + 1] }));
    const pack = aPack({
      tasks: [{ name: 'root', params: [{ name: 'n', type: 'integer', required: true }] }],
      methods: [
        {
          name: 'more',
          task: 'root',
          when: [{ predicate: 'next', args: ['$n', '$m'] }],
          subtasks: [{ task: 'act' }, { task: 'root', args: { n: '$m' }, after: ['s0'] }],
        },
        { name: 'end', task: 'root', cost: 2, when: [{ predicate: 'equal', args: ['$n', 4] }] },
      ],
      operators: [{ name: 'act' }],
    });
    expect(plan(pack, facts, { n: 0 }).steps).toHaveLength(4);
  });

  it('is not lost in endless growth where a shallow plan exists', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [
        { name: 'forever', task: 'root', cost: 1, subtasks: [{ task: 'root' }, { task: 'act' }] },
        { name: 'once', task: 'root', cost: 2, subtasks: [{ task: 'act' }] },
      ],
      operators: [{ name: 'act' }],
    });
    expect(plan(pack).steps.length).toBeGreaterThan(0);
  });

  it('says what the best attempt reached and what was in its way', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [{ task: 'root', subtasks: [{ task: 'act' }, { task: 'fly', after: ['s0'] }] }],
      operators: [{ name: 'act' }, { name: 'fly', when: [{ predicate: 'wings', args: [] }] }],
    });
    const error = refusal(() => planTask({ packs: [pack], request: { name: 'root', args: {} } }));
    expect(error.details).toMatchObject({
      reason: 'unsolvable',
      partial: [{ operator: 'act' }],
      obstacles: ['root:m0/s1 needs wings()'],
    });
  });

  it('stops at its budget with the best attempt', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [{ task: 'root', subtasks: [{ task: 'act', repeat: { count: 50, as: 'i' } }] }],
      operators: [{ name: 'act' }],
    });
    const error = refusal(() =>
      planTask({ packs: [pack], request: { name: 'root', args: {} }, budget: { maxNodes: 20 } }),
    );
    expect(error.details).toMatchObject({ reason: 'exhausted', nodes: 20 });
    expect(error.details['partial']).toHaveLength(19);
  });

  it('refuses tasks it does not know and references smuggled into arguments', () => {
    const pack = aPack({
      tasks: [{ name: 'root', params: [{ name: 'x', type: 'any' }] }],
      methods: [{ task: 'root', subtasks: [{ task: 'act' }] }],
      operators: [{ name: 'act' }],
    });
    expect(() => planTask({ packs: [pack], request: { name: 'other', args: {} } })).toThrow(UnknownTaskError);
    const smuggled = { x: { deep: [{ $from: { step: 'root:m0/s0#0', path: '' } }] } };
    expect(() => planTask({ packs: [pack], request: { name: 'root', args: smuggled } })).toThrow(
      InvalidTaskArgumentsError,
    );
  });

  it('says so when a method uses the result of a member that has no step', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }, { name: 'maybe' }],
      methods: [
        {
          task: 'root',
          subtasks: [
            { id: 'none', task: 'maybe' },
            { task: 'act', args: { x: '{{steps.none.value}}' } },
          ],
        },
        { name: 'nothing', task: 'maybe' },
      ],
      operators: [{ name: 'act', params: [{ name: 'x', type: 'any' }] }],
    });
    expect(() => planTask({ packs: [pack], request: { name: 'root', args: {} } })).toThrow(InvalidDefinitionError);
  });
});
