import { observe } from '@goalkeeper/domain';
import { defineTool, runTool, type ToolContext, type ToolDefinition } from '@goalkeeper/tools';
import { z } from 'zod';
import { aPlanStep } from '../builders';
import { type Fault, FAULT_KINDS, type FaultKind, perturb, spoilt } from './perturb';

const seed = Number(process.env.GK_SEED ?? 20261123);

/** A world of keys, and a tool that puts its key there and looks whether it is. */
function aWorld(effect: 'idempotent' | 'pure' = 'idempotent') {
  const written: string[] = [];
  const tool = defineTool({
    ...{ name: 'world.write', version: '1.0.0', summary: 'writes', boundMs: 10, timeoutMs: 1000, costUsd: 0, effect },
    input: z.object({ n: z.int() }),
    output: z.object({ n: z.int() }),
    postcondition: ({ n }, output) => [
      { check: 'it is there', holds: written.includes(`${n}`) && output.n === n, seen: `${written.length}` },
    ],
    async run({ n }) {
      written.push(`${n}`);
      return { output: { n }, summary: 'written' };
    },
  });
  return { written, tool: tool as unknown as ToolDefinition };
}

const contextOf = (n: number) =>
  ({
    ...{ tenantId: 't', goalId: `g${n}`, stepId: 's', idempotencyKey: `key ${n}` },
    ...{ signal: new AbortController().signal, heartbeat: () => undefined },
  }) as unknown as ToolContext;

async function call(tool: ToolDefinition, n: number) {
  const run = await runTool(tool, { n }, contextOf(n));
  return observe({ step: aPlanStep('s'), tool, report: run, summary: run.summary, facts: run.facts, replayed: false });
}

describe('a perturbed tool', () => {
  it.each<[FaultKind, object]>([
    ['explicit-transient', { kind: 'explicit', duration: 'transient', code: 'fault.busy' }],
    ['explicit-permanent', { kind: 'explicit', duration: 'permanent', code: 'fault.refused' }],
    ['silent-transient', { kind: 'silent', duration: 'permanent', code: 'result.contradicted' }],
    ['silent-permanent', { kind: 'silent', duration: 'permanent', code: 'result.contradicted' }],
  ])('fails as %s, and every fault is noticed', async (kind, error) => {
    const { tool, written } = aWorld();
    const told: Fault[] = [];
    const broken = perturb(tool, { kind, seed, rate: 0.4, told: (fault) => told.push(fault) });
    const first = await Promise.all(Array.from({ length: 200 }, (_, n) => call(broken, n)));
    const failed = first.filter(({ outcome }) => outcome === 'failure');
    expect(failed).toHaveLength(told.length);
    expect(told.length).toBeGreaterThan(50);
    expect(told.length).toBeLessThan(110);
    for (const observation of failed) expect(observation.error).toMatchObject(error);
    const happened = told.filter(({ hasEffect }) => hasEffect).length;
    expect(written).toHaveLength(200 - told.length + happened);
    if (kind === 'explicit-transient') expect(Math.abs(happened - told.length / 2)).toBeLessThan(told.length / 3);
    else expect(happened).toBe(0);
  });

  it.each(FAULT_KINDS)('%s: passes after a call or two, or never', async (kind) => {
    const broken = perturb(aWorld().tool, { kind, seed, rate: 1 });
    const outcomes = [];
    for (let n = 0; n < 4; n += 1) outcomes.push((await call(broken, 1)).outcome);
    const last = kind.endsWith('permanent') ? 'failure' : 'success';
    expect([outcomes[0], outcomes[2], outcomes[3]]).toEqual(['failure', last, last]);
  });

  it('hits the same effects for the same seed, others for another, none at rate 0', async () => {
    const hits = async (of: number, rate = 0.3) => {
      const broken = perturb(aWorld().tool, { kind: 'explicit-permanent', seed: of, rate });
      const seen = await Promise.all(Array.from({ length: 60 }, (_, n) => call(broken, n)));
      return seen.map(({ outcome }) => outcome).join();
    };
    expect(await hits(1)).toBe(await hits(1));
    expect(await hits(1)).not.toBe(await hits(2));
    expect(await hits(1, 0)).not.toContain('failure');
  });

  it('spoils what a reading tool returns, in its shape', async () => {
    const { tool } = aWorld('pure');
    const seen = await call(perturb(tool, { kind: 'silent-permanent', seed, rate: 1 }), 7);
    expect(seen).toMatchObject({ outcome: 'failure', error: { kind: 'silent' } });
    expect(spoilt({ rows: [1, 2], text: 'x', n: 5, deep: { ok: true, none: null } })).toEqual({
      ...{ rows: [], text: '', n: 0 },
      deep: { ok: true, none: null },
    });
  });
});
