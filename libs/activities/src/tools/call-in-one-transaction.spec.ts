import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@goalkeeper/persistence';
import { aDecision, aPlanStep } from '@goalkeeper/testing';
import type { ToolContext } from '@goalkeeper/tools';
import { z } from 'zod';
import type { ActivityDeps } from '../deps';
import { callInOneTransaction } from './call-in-one-transaction';
import type { ToolCall } from './tool-call';

/** A store that knows of nothing yet and grants everything; `sent` is every statement that reaches it, in short. */
function aStore() {
  const sent: string[] = [];
  const answers: readonly [RegExp, object][] = [
    [/gk:begin_step/, { attempts: 1, stored: null }],
    [/gk:claim_effect/, { granted: true, state: 'dispatched', result: null, attempts: 1 }],
    [/gk:finish_step/, { stored: 1 }],
    [/gk:append_events/, { event_seq: '1' }],
  ];
  const query = async (sql: string) => {
    sent.push(/gk:\w+/.exec(sql)?.[0] ?? sql);
    return answers.filter(([pattern]) => pattern.test(sql)).map(([, answer]) => answer);
  };
  const tenant = async (_id: string, work: (tx: EntityManager) => unknown) => work({ query } as never);
  return { sent, deps: { database: { tenant }, files: { roots: [], scratchDir: '' } } as unknown as ActivityDeps };
}

/** A call of a transactional tool that may take 20 ms. */
function aCall(run: (query: NonNullable<ToolContext['query']>) => Promise<void>): ToolCall {
  const step = aPlanStep('write');
  return {
    ref: { tenantId: 't', goalId: 'g' },
    planRevision: 1,
    step,
    decision: aDecision(step.id),
    callNo: 1,
    analyses: [],
    lane: 'fast',
    tool: {
      name: 'test.write',
      version: '1.0.0',
      summary: 'writes a row',
      input: z.object({}),
      output: z.object({}),
      effect: 'transactional',
      boundMs: 10,
      timeoutMs: 20,
      costUsd: 0,
      async run(_args, { query }) {
        if (!query) throw new Error('a transactional tool gets a way to write');
        await run(query);
        return { output: {}, summary: 'wrote' };
      },
    },
  };
}

const pulse = { signal: new AbortController().signal, beat: () => undefined };

describe('a call in one transaction', () => {
  it('keeps what the tool wrote, with its result', async () => {
    const { deps, sent } = aStore();
    const call = aCall(async (query) => void (await query('INSERT 1')));
    const { observation } = await callInOneTransaction(deps, call, pulse);
    expect(observation.outcome).toBe('success');
    expect(sent.slice(2)).toEqual([
      'SAVEPOINT tool',
      'INSERT 1',
      'RELEASE SAVEPOINT tool',
      'gk:finish_step',
      'gk:append_events',
    ]);
  });

  it('lets a tool that ran out of time write nothing behind the record of its failure', async () => {
    const { deps, sent } = aStore();
    let late: unknown = null;
    const call = aCall(async (query) => {
      await query('INSERT 1');
      await sleep(60);
      await query('INSERT 2').catch((error: unknown) => (late = error));
    });
    const { observation } = await callInOneTransaction(deps, call, pulse);
    expect(observation).toMatchObject({ outcome: 'failure', error: { code: 'tool.timeout' } });
    await sleep(80);
    expect(late).toEqual(new Error('The call of test.write is over; it can write no more'));
    expect(sent).toContain('ROLLBACK TO SAVEPOINT tool');
    expect(sent).not.toContain('INSERT 2');
  });
});
