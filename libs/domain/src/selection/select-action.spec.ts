import { assert, double, property } from 'fast-check';
import type { PlanStep } from '../planning/plan';
import type { ToolDescriptor } from '../tools/effect';
import { actionKey } from './gates';
import { scoreOf } from './posterior';
import { selectAction, type SelectInput } from './select-action';
import type { ToolStat } from './selection';

const aTool = (name: string, more: Partial<ToolDescriptor> = {}): ToolDescriptor => ({
  name,
  version: '1.0.0',
  summary: name,
  kind: 'real',
  effect: 'pure',
  boundMs: 1000,
  timeoutMs: 5000,
  costUsd: 0,
  ...more,
});
const aStep = (...tools: string[]): PlanStep => ({
  id: 'root:m/fetch#0',
  label: 'fetch',
  summary: '',
  operator: 'fetch',
  lineage: 'root:m/fetch',
  occurrence: 0,
  args: {},
  tools: tools.map((tool) => ({ tool, args: { url: 'x' } })),
  after: [],
  when: [],
  adds: [],
  deletes: [],
});
const stat = (tool: string, successes: number, failures: number, meanDurationMs = 1000): ToolStat => ({
  tool,
  successes,
  failures,
  meanDurationMs,
});
const select = (input: Partial<SelectInput>) =>
  selectAction({
    goalId: 'g',
    step: aStep('a', 'b'),
    tools: [aTool('a'), aTool('b')],
    stats: [],
    episodes: [],
    banned: [],
    facts: [],
    ...input,
  });

describe('selecting an action', () => {
  it('takes the binding declared first when nothing tells them apart', () => {
    expect(select({}).chosen).toEqual({ tool: 'a', bindingIndex: 0 });
    expect(select({ step: aStep('b', 'a') }).chosen).toEqual({ tool: 'b', bindingIndex: 0 });
  });

  it('prefers what worked, and says what it would have taken without that knowledge', () => {
    const decision = select({ stats: [stat('a', 1, 9), stat('b', 9, 1)] });
    expect(decision.chosen?.tool).toBe('b');
    expect(decision.confidence).toBeCloseTo(13 / 15, 10);
    expect(decision.reason).toContain('Without what was learned from earlier calls it would have been a.');
    expect(decision.reason).toContain('mostly for its success rate');
  });

  it('stores every factor, so that each score can be computed again', () => {
    const decision = select({
      tools: [aTool('a', { costUsd: 0.02, effect: 'once' }), aTool('b')],
      stats: [stat('a', 3, 1, 250)],
    });
    for (const { score, factors } of decision.candidates) {
      if (!factors || score === null) throw new Error('gated');
      expect(factors.p).toBeCloseTo(
        (factors.priorSuccesses + factors.successes) /
          (factors.priorSuccesses + factors.priorFailures + factors.successes + factors.failures),
        12,
      );
      expect(score).toBeCloseTo(
        factors.p -
          factors.costWeight * factors.costUsd -
          factors.latencyWeight * factors.expectedSeconds -
          factors.risk,
        12,
      );
    }
    expect(decision.candidates[0]?.factors?.expectedSeconds).toBeCloseTo((4 * 0.25 + 1) / 5, 10);
  });

  it.each([
    ['its cost', { costUsd: 0.5 }],
    ['its speed', { boundMs: 60_000 }],
    ['its lower risk', { effect: 'once' as const }],
  ])('names %s when that decides, and without the difference the choice flips', (factor, worse) => {
    const decided = select({ tools: [aTool('a', worse), aTool('b')] });
    expect(decided.chosen?.tool).toBe('b');
    expect(decided.reason).toContain(`mostly for ${factor}`);
    expect(select({}).chosen?.tool).toBe('a');
  });

  it('names the p at which the choice would turn, and there it turns', () => {
    const stats = [stat('a', 8, 2), stat('b', 5, 5)];
    const decision = select({ stats });
    const turn = Number(/if p of a fell below (\d+\.\d+)/.exec(decision.reason)?.[1]);
    const [best, second] = decision.candidates.map(({ factors }) => factors);
    if (!best || !second) throw new Error('gated');
    expect(scoreOf({ ...best, p: turn - 0.002 })).toBeLessThan(scoreOf(second));
    expect(scoreOf({ ...best, p: turn + 0.002 })).toBeGreaterThan(scoreOf(second));
  });

  it('never weighs a gate: unknown, banned and unmet candidates are out, however good', () => {
    const best = [stat('a', 1000, 0)];
    expect(select({ stats: best, tools: [aTool('b')] }).chosen?.tool).toBe('b');
    expect(select({ stats: best, banned: ['a'] }).chosen?.tool).toBe('b');
    expect(select({ stats: best, banned: [actionKey('a', { url: 'x' })] }).chosen?.tool).toBe('b');
    expect(select({ stats: best, banned: [actionKey('a', { url: 'other' })] }).chosen?.tool).toBe('a');
    const needy = { ...aStep('a', 'b'), when: [{ predicate: 'key', args: ['door'] }] };
    const shut = select({ step: needy, stats: best });
    expect(shut).toMatchObject({ chosen: null, confidence: 0 });
    expect(shut.reason).toContain('key(door) does not hold');
    expect(select({ step: needy, facts: [{ predicate: 'key', args: ['door'] }] }).chosen?.tool).toBe('a');
    expect(select({ tools: [] }).candidates.map(({ gates }) => gates[0]?.gate)).toEqual([
      'unknown_tool',
      'unknown_tool',
    ]);
  });

  it('keeps p within 0 and 1 and the score below 1, whatever the record', () => {
    const count = double({ min: 0, max: 1e9, noNaN: true });
    assert(
      property(count, count, double({ min: 0, max: 1e7, noNaN: true }), (successes, failures, ms) => {
        const { factors, score } = select({ stats: [stat('a', successes, failures, ms)] }).candidates[0] ?? {};
        expect(factors?.p).toBeGreaterThan(0);
        expect(factors?.p).toBeLessThan(1);
        expect(score).toBeLessThan(1);
      }),
      { seed: 1 },
    );
  });

  it('never trusts a tool less after a success, nor more after a failure', () => {
    const count = double({ min: 0, max: 1e4, noNaN: true });
    const p = (record: ToolStat) => select({ stats: [record] }).candidates[0]?.factors?.p ?? 0;
    assert(
      property(count, count, (successes, failures) => {
        const before = p(stat('a', successes, failures));
        expect(p(stat('a', successes + 1, failures))).toBeGreaterThanOrEqual(before - 1e-12);
        expect(p(stat('a', successes, failures + 1))).toBeLessThanOrEqual(before + 1e-12);
      }),
      { seed: 2 },
    );
  });
});
