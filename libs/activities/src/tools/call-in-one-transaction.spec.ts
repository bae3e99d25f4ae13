import { setTimeout as sleep } from 'node:timers/promises';
import type { BegunCall, FinishCall, FrameTx } from '@goalkeeper/persistence';
import { aDecision, anObservation, aPlanStep } from '@goalkeeper/testing';
import type { ToolContext } from '@goalkeeper/tools';
import { z } from 'zod';
import type { ActivityDeps } from '../deps';
import { callInOneTransaction, type CallWatch } from './call-in-one-transaction';
import type { ToolCall } from './tool-call';

const GRANTED: BegunCall = {
  attempts: 1,
  stored: null,
  claimed: { granted: true, state: 'dispatched', result: null, attempts: 1 },
};

interface Closing {
  readonly name: string;
  readonly input: FinishCall;
}

/**
 * A store that knows of nothing yet and grants everything, unless told; `sent` is every statement that reaches it, in short, and
 * `closings` what it is to store. Without a closing, or when the closing is refused, it keeps nothing.
 */
function aStore(told: { readonly begun?: BegunCall; readonly noted?: BegunCall; readonly refusal?: Error } = {}) {
  const sent: string[] = [];
  const closings: FinishCall[] = [];
  const tx: FrameTx = {
    query: async (sql) => {
      sent.push(sql);
      return [];
    },
    undo: async () => void sent.push('undo'),
  };
  const framed = async (
    { call: opening }: { readonly call: { readonly name: string } },
    work: (begun: BegunCall, tx: FrameTx) => Promise<{ readonly result: unknown; readonly closing: Closing | null }>,
  ) => {
    sent.push(opening.name);
    const { result, closing } = await work(told.begun ?? GRANTED, tx);
    sent.push(closing?.name ?? 'ROLLBACK');
    if (told.refusal) throw told.refusal;
    if (closing) closings.push(closing.input);
    return result;
  };
  const perform = async ({ name }: { readonly name: string }): Promise<BegunCall> => {
    sent.push(`${name} by itself`);
    return told.noted ?? { attempts: 1, stored: null };
  };
  const deps = { database: { framed, perform }, files: { roots: [], scratchDir: '' } } as unknown as ActivityDeps;
  return { sent, closings, deps };
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

const watch: CallWatch = { isSuspect: false, cameBack: () => undefined };
const pulse = { signal: new AbortController().signal, beat: () => undefined };
const insert = (sql: string) => async (query: NonNullable<ToolContext['query']>) => void (await query(sql));

describe('a call in one transaction', () => {
  it('keeps what the tool wrote, with its result', async () => {
    const { deps, sent, closings } = aStore();
    const { observation } = await callInOneTransaction(deps, aCall(insert('INSERT 1')), watch, pulse);
    expect(observation.outcome).toBe('success');
    expect(sent).toEqual(['gk_open_call', 'INSERT 1', 'gk_close_call']);
    expect(closings).toMatchObject([{ stepId: 'write#0', callNo: 1, observation, state: 'succeeded', output: {} }]);
    expect(closings[0]?.effect).toMatchObject({ state: 'confirmed', result: { ok: true } });
    const told = [...(closings[0]?.eventsBefore ?? []), ...(closings[0]?.eventsAfter ?? [])];
    expect(told.map(({ type }) => type)).toEqual([
      'step.started',
      'effect.recorded',
      'observation.recorded',
      'step.completed',
    ]);
  });

  it('lets a tool that ran out of time write nothing behind the record of its failure', async () => {
    const { deps, sent, closings } = aStore();
    let late: unknown = null;
    const call = aCall(async (query) => {
      await query('INSERT 1');
      await sleep(60);
      await query('INSERT 2').catch((error: unknown) => (late = error));
    });
    const { observation } = await callInOneTransaction(deps, call, watch, pulse);
    expect(observation).toMatchObject({ outcome: 'failure', error: { code: 'tool.timeout' } });
    await sleep(80);
    expect(late).toEqual(new Error('The call of test.write is over; it can write no more'));
    expect(sent).toEqual(['gk_open_call', 'INSERT 1', 'undo', 'gk_close_call']);
    expect(closings).toMatchObject([{ observation, state: 'failed', output: null, files: [] }]);
  });

  it('answers a call that is finished from its record, and stores nothing', async () => {
    const stored = anObservation('write#0', { summary: 'was there' });
    const { deps, sent, closings } = aStore({ begun: { attempts: 0, stored } });
    const answer = await callInOneTransaction(deps, aCall(insert('INSERT 1')), watch, pulse);
    expect(answer).toEqual({ observation: { ...stored, replayed: true }, refused: false });
    expect([sent, closings]).toEqual([['gk_open_call', 'ROLLBACK'], []]);
  });

  it('answers an effect that is confirmed from the ledger, and leaves the ledger as it is', async () => {
    const first = aStore();
    await callInOneTransaction(first.deps, aCall(insert('INSERT 1')), watch, pulse);
    const result = first.closings[0]?.effect?.result ?? null;
    const claimed = { granted: false, state: 'confirmed', result, attempts: 1 } as const;
    const { deps, sent, closings } = aStore({ begun: { attempts: 2, stored: null, claimed } });
    const { observation } = await callInOneTransaction(deps, aCall(insert('INSERT 2')), watch, pulse);
    expect(observation).toMatchObject({ outcome: 'success', replayed: true });
    expect(sent).toEqual(['gk_open_call', 'gk_close_call']);
    expect(closings[0]).not.toHaveProperty('effect');
  });

  it('fails when the result lacks what another step refers to', async () => {
    const { deps, closings } = aStore();
    const call = { ...aCall(insert('INSERT 1')), needs: ['table.id'] };
    const { observation } = await callInOneTransaction(deps, call, watch, pulse);
    expect(observation).toMatchObject({ outcome: 'failure', error: { kind: 'silent', code: 'result.contradicted' } });
    expect(observation.error?.message).toContain('output.table.id is present');
    expect(closings).toMatchObject([{ state: 'failed', output: null }]);
  });

  it('says that the goal is being stopped when the store takes no result', async () => {
    const refusal = Object.assign(new Error('goal g takes no further result'), { code: 'GK409' });
    const { deps, closings } = aStore({ refusal });
    const answer = await callInOneTransaction(deps, aCall(insert('INSERT 1')), watch, pulse);
    expect(answer).toMatchObject({ refused: true, observation: { error: { code: 'goal.stopping' } } });
    expect(closings).toEqual([]);
    const broken = aStore({ refusal: new Error('away') });
    await expect(callInOneTransaction(broken.deps, aCall(insert('INSERT 1')), watch, pulse)).rejects.toThrow('away');
  });

  describe('that may have killed a process before', () => {
    const suspect = (told: Partial<CallWatch> = {}): CallWatch => ({ ...watch, isSuspect: true, ...told });

    it('is counted by itself first, and by the process once it came back', async () => {
      const { deps, sent, closings } = aStore({ noted: { attempts: 12, stored: null } });
      const cameBack = jest.fn(() => void sent.push('came back'));
      await callInOneTransaction(deps, aCall(insert('INSERT 1')), suspect({ cameBack }), pulse);
      expect(sent).toEqual(['gk_begin_call by itself', 'gk_open_call', 'INSERT 1', 'came back', 'gk_close_call']);
      expect(closings).toMatchObject([{ state: 'succeeded' }]);
    });

    it('is not made once more after twelve times', async () => {
      const { deps, sent, closings } = aStore({ noted: { attempts: 13, stored: null } });
      const cameBack = jest.fn();
      const call = aCall(insert('INSERT 1'));
      const { observation } = await callInOneTransaction(deps, call, suspect({ cameBack }), pulse);
      expect(observation).toMatchObject({
        outcome: 'failure',
        error: { code: 'step.poisoned', duration: 'permanent' },
      });
      expect(sent).toEqual(['gk_begin_call by itself', 'gk_open_call', 'gk_close_call']);
      expect(closings).toMatchObject([{ state: 'failed', effect: { state: 'failed' } }]);
      expect(cameBack).not.toHaveBeenCalled();
    });

    it('answers from its record when it is finished', async () => {
      const stored = anObservation('write#0', { summary: 'was there' });
      const { deps, sent } = aStore({ noted: { attempts: 0, stored } });
      const answer = await callInOneTransaction(deps, aCall(insert('INSERT 1')), suspect(), pulse);
      expect(answer).toEqual({ observation: { ...stored, replayed: true }, refused: false });
      expect(sent).toEqual(['gk_begin_call by itself']);
    });
  });
});
