import { type Learned, type Lesson, parsePack, resolveTask, UnknownTaskError } from '@goalkeeper/domain';
import { aGoal } from '@goalkeeper/testing';
import type { ActivityDeps } from '../deps';
import { createPreviewActivities } from './preview-activity';

const packOf = (name: string, phrasings: string[]) =>
  parsePack({
    ...{ name, version: '1.0.0', summary: 'two ways' },
    tasks: [
      {
        ...{
          name: `${name}.work`,
          summary: 'works',
          phrasings,
          params: [{ name: 'items', type: 'source', required: true }],
        },
        success: [{ name: 'test.done', summary: 'done', args: {} }],
      },
    ],
    methods: ['short', 'long'].map((way, index) => ({
      ...{ name: way, task: `${name}.work`, summary: way, cost: 1 + index },
      subtasks: Array.from({ length: 1 + index }, (_, n) => ({ id: `s${n}`, task: `${name}.do`, args: {} })),
    })),
    operators: [{ name: `${name}.do`, summary: 'do', params: [], tools: [{ tool: 'test.echo', args: {} }] }],
  });
const packs = [
  packOf('fold', ['fold {items}', 'fold all that is in {items}', 'crease {items}']),
  packOf('wash', ['wash {items}', 'wash all that is in {items}', 'clean {items}']),
];
const echo = {
  ...{ name: 'test.echo', version: '1.0.0', summary: 'echo', kind: 'mock', effect: 'pure' },
  ...{ boundMs: 10, timeoutMs: 10, costUsd: 0 },
};
const TAUGHT = 'warble ./shirts.csv';
const learned: Learned = {
  ...{ snapshotId: null, arm: 'on' },
  lessons: [
    {
      ...{ id: 'l', kind: 'intent', status: 'active' },
      body: { task: 'fold.work', stems: ['warbl'], goals: 9 },
    },
  ],
};

const preview = (objective: string, more: { packs?: typeof packs; learned?: Learned } = {}) => {
  const tools = { packs: () => more.packs ?? packs, descriptors: () => [echo] };
  const deps = { tools, database: { tenant: async () => [] } } as unknown as ActivityDeps;
  const recallMemory = async () => ({ episodes: [], toolStats: [], methodStats: [], learned: more.learned ?? learned });
  return createPreviewActivities(deps, { recallMemory }).previewPlan({ goal: aGoal({ objective, task: null }) });
};

/** The pack `fold`, where the cheapest way of all, and the cheaper half of the long way, need a tool that is not here. */
function withAbsentTool(): typeof packs {
  const [fold] = packs;
  const [short, long] = fold?.methods ?? [];
  const [own] = fold?.operators ?? [];
  if (!fold || !short || !long || !own) throw new Error('no pack');
  const absent = { tool: 'test.absent', args: {} };
  const steps = (...tasks: string[]) => tasks.map((task, n) => ({ id: `s${n}`, task, args: {} }));
  const way = (name: string, task: string, cost: number, ...tasks: string[]) => ({
    ...{ ...short, name, task, cost, subtasks: steps(...tasks) },
  });
  return [
    {
      ...fold,
      tasks: [...fold.tasks, { ...fold.tasks[0], name: 'fold.more', params: [], phrasings: [], success: [] } as never],
      methods: [
        way('magic', 'fold.work', 0, 'fold.conjure'),
        short,
        { ...long, subtasks: steps('fold.do', 'fold.more') },
        way('spell', 'fold.more', 1, 'fold.conjure'),
        way('plain', 'fold.more', 2, 'fold.do', 'fold.do', 'fold.do'),
      ],
      operators: [
        { ...own, tools: [absent, ...own.tools] },
        { ...own, name: 'fold.conjure', tools: [absent] },
      ],
    },
  ];
}

describe('a plan that is only shown', () => {
  it('is as sure of the words as the goal would be: among all tasks, and with what goals taught', async () => {
    expect(() => resolveTask(aGoal({ objective: TAUGHT, task: null }), packs)).toThrow(UnknownTaskError);
    for (const objective of [TAUGHT, 'fold ./shirts.csv']) {
      const { confidence } = resolveTask(aGoal({ objective, task: null }), packs, { learned });
      expect(await preview(objective)).toMatchObject({
        ...{ kind: 'planned', confidence, plan: { task: { name: 'fold.work' }, steps: [{ operator: 'fold.do' }] } },
        alternatives: [{ method: 'long', instead: 'short', steps: 2, reason: null }],
      });
    }
  });

  it('says why there is none', async () => {
    expect(await preview('sing a song of sixpence')).toMatchObject({
      kind: 'failed',
      failure: { code: 'intent.unknown' },
    });
  });

  it('uses installed tools alone, in the plan and in the other ways', async () => {
    const shown = await preview('fold ./shirts.csv', { packs: withAbsentTool() });
    if (shown.kind !== 'planned') throw new Error(shown.failure.message);
    expect(shown.plan.choices.map(({ method }) => method)).toEqual(['short']);
    expect(shown.plan.steps.flatMap(({ tools }) => tools.map(({ tool }) => tool))).toEqual(['test.echo']);
    expect(shown.alternatives).toMatchObject([{ method: 'long', instead: 'short', steps: 4, reason: null }]);
    expect(shown.alternatives).toHaveLength(1);
    expect(JSON.stringify(shown)).not.toContain('absent');
  });

  it('goes by the lessons that a goal of now would be given, and names them', async () => {
    const taught = (task: string, method: string, successes: number, failures: number): Lesson => ({
      ...{ id: `l-${method}`, kind: 'method_preference', status: 'active' },
      body: { task, bucket: 'items=.csv', method, successes, failures },
    });
    const lessons = [taught('fold.work', 'long', 60, 0), taught('fold.work', 'short', 0, 60)];
    const told = await preview('fold ./shirts.csv', { learned: { snapshotId: 'now', arm: 'on', lessons } });
    expect(told).toMatchObject({
      plan: { choices: [{ method: 'long' }], lessons: [{ id: 'l-long' }, { id: 'l-short' }] },
      alternatives: [{ method: 'short', instead: 'long' }],
    });
    const without = await preview('fold ./shirts.csv', { learned: { snapshotId: 'now', arm: 'off', lessons } });
    expect(without).toMatchObject({ plan: { choices: [{ method: 'short' }] } });
  });
});
