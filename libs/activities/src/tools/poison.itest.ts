import { aDecision, aPlanStep, openTestStore, type StoredGoal, type TestStore } from '@goalkeeper/testing';
import { defineTool, type ToolDefinition } from '@goalkeeper/tools';
import { z } from 'zod';
import type { ActivityDeps } from '../deps';
import { callInOneTransaction } from './call-in-one-transaction';

const STEP = aPlanStep('write');
const pulse = { signal: new AbortController().signal, beat: () => undefined };

describe('a call on the fast lane that kills every process that makes it', () => {
  let store: TestStore;
  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  /** As each process makes it that did not see the others die; its end takes the transaction back, as that of its process would. */
  const callIn = (goal: StoredGoal, effect: ToolDefinition['effect'], run: () => Promise<never>) => {
    const deps = { database: store.database, files: { roots: [], scratchDir: '' } } as unknown as ActivityDeps;
    const tool = defineTool({
      ...{ name: 'test.killer', version: '1.0.0', summary: 'Ends its process.', costUsd: 0, effect },
      ...{ input: z.object({}), output: z.object({}), boundMs: 10, timeoutMs: 1_000, run },
    });
    const call = {
      ref: goal,
      planRevision: 1,
      step: STEP,
      decision: aDecision(STEP.id),
      callNo: 1,
      analyses: [],
      tool,
    };
    const watch = { isSuspect: true, cameBack: () => undefined };
    return callInOneTransaction(deps, { ...call, lane: 'fast' }, watch, pulse);
  };

  it.each(['pure', 'transactional'] as const)('is parked after twelve of them: %s', async (effect) => {
    const goal = await store.planned([STEP]);
    let deaths = 0;
    const die = async (): Promise<never> => {
      deaths += 1;
      // PostgreSQL learns of a dead process by its connection alone.
      await store.server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
      throw new Error('dead');
    };
    for (let process = 1; process <= 12; process += 1) await expect(callIn(goal, effect, die)).rejects.toThrow();
    expect(await store.steps(goal)).toMatchObject([{ state: 'running', attempts: 12 }]);
    const { observation } = await callIn(goal, effect, die);
    expect(observation).toMatchObject({ outcome: 'failure', error: { code: 'step.poisoned', duration: 'permanent' } });
    expect(deaths).toBe(12);
    expect(await store.steps(goal)).toMatchObject([{ state: 'failed', attempts: 0 }]);
  });
});
