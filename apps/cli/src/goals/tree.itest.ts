import { FakeApi } from '../../test/fake-api';

const idOf = (letter: string): string => `goal_${letter.repeat(32)}`;
const [TOP, CHILD, GRANDCHILD] = [idOf('a'), idOf('b'), idOf('c')];
const stepOf = (id: string, more: object = {}) => ({ id, label: id, state: 'succeeded', summary: '', ...more });
const goalOf = (id: string, more: object) => ({ id, objective: '', state: 'succeeded', children: [], ...more });

let api: FakeApi;
beforeAll(async () => (api = await FakeApi.start()));
beforeEach(() => {
  api.answers = {
    [`GET /goals/${TOP}`]: goalOf(TOP, {
      ...{
        objective: 'report and tell',
        parent: null,
        steps: [stepOf('sub', { summary: 'verified' }), stepOf('tell')],
      },
      children: [{ goalId: CHILD, stepId: 'sub' }],
    }),
    [`GET /goals/${CHILD}`]: goalOf(CHILD, {
      ...{ task: { name: 'data.report', args: { k: 1 } }, state: 'running', parent: { goalId: TOP, stepId: 'sub' } },
      ...{ steps: [stepOf('deep', { state: 'failed' })], children: [{ goalId: GRANDCHILD, stepId: 'deep' }] },
    }),
    [`GET /goals/${GRANDCHILD}`]: goalOf(GRANDCHILD, { objective: 'deepest', steps: [stepOf('end')] }),
    'GET /packs': {
      data: [
        {
          ...{ name: 'web', version: '1.0.0' },
          tasks: [
            {
              name: 'web.fetch',
              summary: 'fetches',
              phrasings: ['fetch {url}'],
              available: false,
              reason: 'needs web.get',
            },
            { name: 'web.part', summary: 'part', phrasings: [], available: true, reason: null },
          ],
        },
      ],
    },
  };
});
afterAll(() => api.close());

describe('goalkeeper tree', () => {
  it('shows each goal below the step that raised it, all the way down', async () => {
    const { code, out } = await api.run(['tree', TOP]);
    // Lines of goals end with the id; what stands before its words is the state.
    const lines = out.trimEnd().split('\n');
    expect([code, lines.map((line) => line.replace(/^([ │├└─]*)\S+ \S+ {2}(.*) {2}goal_\w+$/, '$1$2'))]).toEqual([
      0,
      [
        'report and tell',
        '├─ ✔ sub  verified',
        '│  └─ data.report {"k":1}',
        '│     └─ ✖ deep',
        '│        └─ deepest',
        '│           └─ ✔ end',
        '└─ ✔ tell',
      ],
    ]);
  });

  it('says what a goal is below of, and is one object as JSON', async () => {
    expect((await api.run(['tree', CHILD])).out).toContain(`below ${TOP}`);
    const told = JSON.parse((await api.run(['tree', TOP, '--json'])).out) as object;
    expect(told).toMatchObject({
      ...{ goal: { id: TOP }, children: [{ stepId: 'sub', tree: { goal: { id: CHILD } } }] },
    });
  });
});

describe('goalkeeper tasks', () => {
  it('names what can be asked for, and why something cannot be done here', async () => {
    const { out } = await api.run(['tasks']);
    expect(out).toMatch(/web\.fetch +no +fetches; needs web\.get/);
    expect(out).not.toContain('web.part');
    expect(JSON.parse((await api.run(['tasks', '--json'])).out)).toMatchObject({ pack: 'web', name: 'web.fetch' });
    api.answers['GET /packs'] = { data: [] };
    expect((await api.run(['tasks'])).err).toContain('no worker has told what it can do');
  });
});
