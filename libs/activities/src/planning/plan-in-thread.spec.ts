import { parsePack } from '@goalkeeper/domain';
import { planInThread, type ThreadRequest } from './plan-in-thread';

const pack = parsePack({
  ...{ name: 'own', version: '1.0.0', summary: 's' },
  tasks: [{ name: 'own.do', summary: 's' }],
  methods: [{ name: 'm', task: 'own.do', summary: 's', cost: 1, subtasks: [{ id: 'a', task: 'own.op', args: {} }] }],
  operators: [{ name: 'own.op', summary: 's', tools: [{ tool: 'test.echo' }] }],
});
const request: ThreadRequest = {
  ...{ kind: 'plan', timeMs: 10_000, maxNodes: 1_000 },
  input: { packs: [pack], request: { name: 'own.do', args: {} } },
};

describe('a search in a thread of its own', () => {
  it('does not begin when it was called off before', async () => {
    expect((await planInThread(request, 'tenant', new AbortController().signal)).steps).toHaveLength(1);
    const looked = jest.fn();
    const watched = new Proxy(request, { get: (target, key) => (looked(key), Reflect.get(target, key)) });
    await expect(planInThread(watched, 'tenant', AbortSignal.abort(new Error('called off')))).rejects.toThrow(
      'called off',
    );
    expect(looked).not.toHaveBeenCalled();
  });
});
