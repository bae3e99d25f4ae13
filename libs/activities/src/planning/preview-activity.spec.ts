import { type Learned, parsePack, resolveTask, UnknownTaskError } from '@goalkeeper/domain';
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

const preview = (objective: string) => {
  const tools = { packs: () => packs, descriptors: () => [echo] };
  const deps = { tools, database: { tenant: async () => [] } } as unknown as ActivityDeps;
  const recallMemory = async () => ({ episodes: [], toolStats: [], methodStats: [], learned });
  return createPreviewActivities(deps, { recallMemory }).previewPlan({ goal: aGoal({ objective, task: null }) });
};

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
});
