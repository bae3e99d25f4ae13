import { seededRandom } from '../chance';
import type { Fact } from '../planning/plan';
import { actionKey } from '../index';
import { loopBans, type LoopRecord, loopVerdict, NO_LOOPS, noteCall } from './loop-guard';

const binding = (tool: string, args: Record<string, string | number> = {}) => ({ tool, args });
const fact = (name: string): Fact => ({ predicate: name, args: [] });
const failed = (record: LoopRecord, tool: string, facts: readonly Fact[] = [], isFinal = true): LoopRecord =>
  noteCall(record, { binding: binding(tool), facts, worked: false, isFinal, revision: 1 });
const worked = (record: LoopRecord, tool: string, facts: readonly Fact[], revision: number): LoopRecord =>
  noteCall(record, { binding: binding(tool), facts, worked: true, isFinal: true, revision });
const bannedOf = (record: LoopRecord, tool: string, facts: readonly Fact[] = []): boolean =>
  actionKey(tool, {}) in loopBans(record, [binding(tool)], facts);

describe('the loop guard', () => {
  it('bans an action after its second failure in the same state, and in no other state', () => {
    const [a, b] = [fact('a'), fact('b')];
    const once = failed(NO_LOOPS, 'x', [a, b]);
    expect(bannedOf(once, 'x', [a, b])).toBe(false);
    const twice = failed(once, 'x', [b, a]); // the order in which facts were learned is no state
    expect(bannedOf(twice, 'x', [a, b])).toBe(true);
    expect(bannedOf(twice, 'x', [a])).toBe(false);
    expect(bannedOf(twice, 'y', [a, b])).toBe(false);
    expect(loopBans(twice, [binding('y'), binding('x')], [a, b])).toEqual({
      [actionKey('x', {})]: 'x failed 2 times with these arguments in this state',
    });
  });

  it('takes the same arguments in another order for the same action, and other arguments for another', () => {
    const call = { facts: [], worked: false, isFinal: true, revision: 1 };
    let record = noteCall(NO_LOOPS, { ...call, binding: binding('x', { p: 1, q: 2 }) });
    record = noteCall(record, { ...call, binding: binding('x', { q: 2, p: 1 }) });
    const others = [binding('x', { p: 1, q: 2 }), binding('x', { p: 1, q: 3 })];
    expect(Object.keys(loopBans(record, others, []))).toEqual([actionKey('x', { q: 2, p: 1 })]);
  });

  it('lets what may pass be tried four times, over all steps and revisions', () => {
    let record = NO_LOOPS;
    for (const expected of [false, false, false, true]) {
      record = failed(record, 'x', [], false);
      expect(bannedOf(record, 'x')).toBe(expected);
    }
  });

  it('forgets nothing on the way through JSON', () => {
    const record = failed(failed(NO_LOOPS, 'x', [fact('a')]), 'x', [fact('a')]);
    expect(bannedOf(JSON.parse(JSON.stringify(record)) as LoopRecord, 'x', [fact('a')])).toBe(true);
  });

  it('sees two actions that undo each other over revisions', () => {
    const [on, off] = [[fact('on')], []];
    let record = NO_LOOPS;
    const verdicts: unknown[] = [];
    for (const revision of [2, 3, 4]) {
      record = worked(worked(record, 'switch-on', off, revision), 'switch-off', on, revision);
      verdicts.push(loopVerdict(record, 2)?.code ?? null);
    }
    expect(verdicts).toEqual([null, 'goal.loop', 'goal.loop']);
  });

  it('lets one plan do the same things again and again as it means to', () => {
    let record = NO_LOOPS;
    for (let round = 0; round < 50; round += 1)
      record = worked(worked(record, 'switch-on', [], 2), 'switch-off', [fact('on')], 2);
    expect(loopVerdict({ ...record, idle: 0 }, 100)).toBeNull();
  });

  it('ends a goal that gets no further, later for longer plans, and counts anew after a success', () => {
    let record = NO_LOOPS;
    for (let n = 0; n < 19; n += 1) record = failed(record, `tool-${n}`);
    expect(loopVerdict(record, 5)).toBeNull();
    const again = worked(record, 'something-new', [], 1);
    expect(again.idle).toBe(0);
    record = failed(record, 'tool-19');
    expect(loopVerdict(record, 5)).toEqual({
      code: 'goal.no_progress',
      message: '20 calls in a row brought the goal no further',
    });
    expect(loopVerdict(record, 11)).toBeNull();
  });

  it('costs nothing while a first plan works', () => {
    expect(worked(NO_LOOPS, 'x', [fact('a')], 1)).toBe(NO_LOOPS);
  });
});

describe('whatever happens to a goal', () => {
  it.each(Array.from({ length: 200 }, (_, index) => 1000 + index))(
    'no failing action goes out a third time in one state, and a goal that achieves nothing ends (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const pick = (n: number): number => Math.floor(random() * n);
      const dispatched = new Map<string, { final: number; all: number }>();
      let record = NO_LOOPS;
      let calls = 0;
      const chance = random() * 0.3;
      for (; calls < 500 && !loopVerdict(record, 3); calls += 1) {
        const tools = [binding('a', { n: pick(2) }), binding('b', { n: pick(2) })];
        const facts = [fact(`s${pick(3)}`)];
        const bans = loopBans(record, tools, facts);
        const index = [0, 1].find((at) => !(actionKey(tools[at]?.tool ?? '', tools[at]?.args ?? {}) in bans));
        if (index === undefined) continue;
        const chosen = tools[index] ?? binding('');
        const hasWorked = random() < chance;
        const isFinal = hasWorked || random() < 0.5;
        const key = JSON.stringify([chosen.tool, chosen.args.n, facts]);
        const before = dispatched.get(key) ?? { final: 0, all: 0 };
        expect(before.final).toBeLessThan(2);
        expect(before.all).toBeLessThan(4);
        if (!hasWorked) dispatched.set(key, { final: before.final + Number(isFinal), all: before.all + 1 });
        record = noteCall(record, { binding: chosen, facts, worked: hasWorked, isFinal, revision: 1 + pick(3) });
      }
      const failures = [...dispatched.values()].reduce((sum, { all }) => sum + all, 0);
      expect(failures).toBeLessThanOrEqual(4 * 4 * 3); // actions × states × tries
    },
  );
});
