import { resolve } from 'node:path';
import { type DomainPack, parsePack } from '@goalkeeper/domain';
import type * as PlanInThread from './plan-in-thread';

/** The built module: from the sources there is no thread. */
const BUILT = resolve('dist/libs/activities/src/planning/plan-in-thread.js');
const { planInThread } = jest.requireActual<typeof PlanInThread>(BUILT);

const pack: DomainPack = parsePack({
  ...{ name: 'own', version: '1.0.0', summary: 's' },
  tasks: [{ name: 'own.do', summary: 's' }],
  methods: [{ name: 'm', task: 'own.do', summary: 's', cost: 1, subtasks: [{ id: 'a', task: 'own.op', args: {} }] }],
  operators: [{ name: 'own.op', summary: 's', tools: [{ tool: 'test.echo' }] }],
});
const request: PlanInThread.ThreadRequest = {
  ...{ kind: 'plan', timeMs: 60_000, maxNodes: 1_000_000 },
  input: { packs: [pack], request: { name: 'own.do', args: {} } },
};

describe('a search in a thread, built', () => {
  it('plans there', async () => {
    expect((await planInThread(request, 'tenant', new AbortController().signal)).steps).toHaveLength(1);
  });

  it('is ended mid-way when it is called off, for the reason that is given', async () => {
    const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const off = new AbortController();
    const search = planInThread(request, 'tenant', off.signal);
    await new Promise((resolve) => setImmediate(resolve)); // its turn has come; the thread is at its start
    off.abort(new Error('called off'));
    await expect(search).rejects.toThrow('called off');
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')).toHaveLength(timers);
    const next = await planInThread(request, 'tenant', new AbortController().signal);
    expect(next.steps).toHaveLength(1);
  });
});
