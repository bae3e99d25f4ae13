import { InvalidDefinitionError, NoPlanError } from '../errors';
import { planTask } from './plan-goal';
import type { Subtask } from './pack';
import { parsePack } from './parse-pack';

/** A pack whose one method of `root` has these members; `act` is an operator. */
const packOf = (...subtasks: Partial<Subtask>[]) =>
  parsePack({
    name: 'wild',
    version: '1.0.0',
    summary: 'Grows without end.',
    tasks: [{ name: 'root', summary: 'r', params: [{ name: 'count', type: 'integer' }] }],
    methods: [
      {
        name: 'm',
        task: 'root',
        summary: 'm',
        cost: 1,
        subtasks: subtasks.map((member, index) => ({ id: `s${index}`, task: 'act', ...member })),
      },
    ],
    operators: [{ name: 'act', summary: 'a', tools: [{ tool: 'x.act', args: {} }] }],
  });

const failureOf = (pack: ReturnType<typeof packOf>, count: number): NoPlanError => {
  try {
    planTask({ packs: [pack], request: { name: 'root', args: { count } } });
  } catch (error) {
    if (error instanceof NoPlanError || error instanceof InvalidDefinitionError) return error as NoPlanError;
    throw error;
  }
  throw new Error('a plan was found');
};
const repeat = { count: '$count', as: 'i', parallel: true };

it.each([5_000, 1_000_000, 2 ** 32, Number.MAX_SAFE_INTEGER])('refuses %d repetitions without making them', (count) => {
  const failure = failureOf(packOf({ repeat }), count);
  expect(failure.details).toMatchObject({ reason: 'exhausted', nodes: 1 });
  expect(failure.message).toContain(`makes ${count} members`);
});

it('plans as many steps as a goal may make calls, in parallel and one after the other', () => {
  for (const parallel of [true, false]) {
    const request = { name: 'root', args: { count: 2000 } };
    expect(planTask({ packs: [packOf({ repeat: { ...repeat, parallel } })], request }).steps).toHaveLength(2000);
  }
});

it.each([
  ['width', packOf({ task: 'root', args: { count: 1 }, repeat: { ...repeat, count: 1000 } })],
  ['depth', packOf({}, { task: 'root', args: { count: 1 } })],
  ['both', packOf({ task: 'root', args: { count: 1 } }, { task: 'root', args: { count: 2 } }, {})],
])('gives up growth in %s', (_where, pack) => {
  expect(failureOf(pack, 1)).toMatchObject({ code: 'plan.none' });
});
