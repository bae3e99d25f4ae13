import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toPublicId } from '@goalkeeper/domain';
import { ArtifactRepository, newId } from '@goalkeeper/persistence';
import { aDecision, aPlanStep, openTestStore, type StoredGoal, type TestStore } from '@goalkeeper/testing';
import type { ToolContext, ToolDefinition } from '@goalkeeper/tools';
import { z } from 'zod';
import type { ActivityDeps } from '../deps';
import { callInOneTransaction } from './call-in-one-transaction';
import type { ToolCall } from './tool-call';

const POOL = 2;
const step = aPlanStep('work');
const watch = { isSuspect: false, cameBack: () => undefined };
const pulse = { signal: new AbortController().signal, beat: () => undefined };

interface Told {
  readonly effect: 'pure' | 'transactional';
  readonly timeoutMs?: number;
  readonly run: (context: ToolContext) => Promise<unknown>;
}

function aCall(ref: StoredGoal, { effect, timeoutMs = 3_000, run }: Told): ToolCall {
  const tool: ToolDefinition = {
    ...{ name: 'test.work', version: '1.0.0', summary: 'works' },
    input: z.object({}),
    output: z.object({}),
    ...{ effect, boundMs: 10, timeoutMs, costUsd: 0 },
    async run(_args, context) {
      await run(context);
      return { output: {}, summary: 'worked' };
    },
  };
  const told = { planRevision: 1, callNo: 1, analyses: [], lane: 'fast' as const };
  return { ref, step, decision: aDecision(step.id), ...told, tool };
}

describe('calls in transactions of their own', () => {
  let store: TestStore;
  let folder: string;
  let deps: ActivityDeps;
  const rowsOf = (tool: string) => store.server.query('SELECT tool FROM tool_stat WHERE tool = $1', [tool]);

  beforeAll(async () => {
    store = await openTestStore(POOL);
    folder = await mkdtemp(join(tmpdir(), 'gk-calls-'));
    const blobs = { path: async () => join(folder, 'data.csv') };
    const files = { roots: [], scratchDir: folder };
    deps = { database: store.database, blobs, files } as unknown as ActivityDeps;
    await writeFile(join(folder, 'data.csv'), 'a,b\n');
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('find an uploaded file with the connection they hold, however many of them run', async () => {
    const id = newId();
    const file = { id, goalId: null, stepId: null, name: 'data.csv', mediaType: 'text/csv', sizeBytes: 4 } as const;
    await store.inTenant((tx) => new ArtifactRepository(tx).add({ ...file, sha256: '0'.repeat(64), direction: 'in' }));
    let running = 0;
    let all = (): void => undefined;
    const allRun = new Promise<void>((resolve) => (all = resolve));
    const found: unknown[] = [];
    const call = async () =>
      aCall(await store.planned([step]), {
        effect: 'pure',
        async run({ sources }) {
          if (++running === POOL) all();
          await allRun;
          found.push((await sources.resolve(toPublicId('art', id))).name);
        },
      });
    const calls = await Promise.all(Array.from({ length: POOL }, call));
    const results = await Promise.all(calls.map((one) => callInOneTransaction(deps, one, watch, pulse)));
    expect(results.map(({ observation }) => observation.outcome)).toEqual(Array(POOL).fill('success'));
    expect(found).toEqual(Array(POOL).fill('data.csv'));
  });

  it("do not find another tenant's file", async () => {
    const id = newId();
    const other = await store.addTenant();
    const file = { id, goalId: null, stepId: null, name: 'theirs.csv', mediaType: 'text/csv', sizeBytes: 4 } as const;
    await store.database.tenant(other, (tx) =>
      new ArtifactRepository(tx).add({ ...file, sha256: '0'.repeat(64), direction: 'in' }),
    );
    const run = ({ sources }: ToolContext) => sources.resolve(toPublicId('art', id));
    const call = aCall(await store.planned([step]), { effect: 'pure', run });
    const { observation } = await callInOneTransaction(deps, call, watch, pulse);
    expect(observation).toMatchObject({ outcome: 'failure', error: { code: 'source.missing' } });
  });

  it('end although a statement of their tool never does', async () => {
    const goal = await store.planned([step]);
    const run = ({ query }: ToolContext) => query?.('SELECT pg_sleep(60)') ?? Promise.reject(new Error('no query'));
    const call = aCall(goal, { effect: 'transactional', timeoutMs: 50, run });
    const { observation } = await callInOneTransaction(deps, call, watch, pulse);
    expect(observation).toMatchObject({ outcome: 'failure', error: { code: 'tool.timeout' } });
    expect(await store.steps(goal)).toMatchObject([{ state: 'failed', calls: 1 }]);
  }, 20_000);

  it('end with a failure where a tool went on after a failed statement: what it wrote is lost anyway', async () => {
    const goal = await store.planned([step]);
    const run = async ({ query }: ToolContext) => {
      await query?.('INSERT INTO tool_stat (tenant_id, tool) VALUES (gk_tenant(), $1)', ['swallowed']);
      await query?.('SELECT 1/0').catch(() => 'ignored');
    };
    const { observation } = await callInOneTransaction(
      deps,
      aCall(goal, { effect: 'transactional', run }),
      watch,
      pulse,
    );
    expect(observation).toMatchObject({ outcome: 'failure', error: { code: 'tool.defect' } });
    expect(await rowsOf('swallowed')).toEqual([]);
    expect(await store.steps(goal)).toMatchObject([{ state: 'failed', calls: 1 }]);
  });

  it('keep the work of a tool that took a failed statement back itself', async () => {
    const goal = await store.planned([step]);
    const run = async ({ query }: ToolContext) => {
      await query?.('INSERT INTO tool_stat (tenant_id, tool) VALUES (gk_tenant(), $1)', ['mended']);
      await query?.('SAVEPOINT own');
      await query?.('SELECT 1/0').catch(() => query('ROLLBACK TO SAVEPOINT own'));
    };
    const { observation } = await callInOneTransaction(
      deps,
      aCall(goal, { effect: 'transactional', run }),
      watch,
      pulse,
    );
    expect(observation.outcome).toBe('success');
    expect(await rowsOf('mended')).toHaveLength(1);
  });
});
