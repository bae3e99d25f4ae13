import {
  type Fact,
  type PlanStep,
  selectAction,
  type SelectInput,
  type ToolDescriptor,
  type ToolStat,
} from '../../libs/domain/src';

/** Behaviours of choosing that the brief of this system names, each under its name. */
const tool = (name: string): ToolDescriptor => ({
  ...{ name, version: '1.0.0', summary: name, kind: 'real', effect: 'pure' },
  ...{ boundMs: 10, timeoutMs: 100, costUsd: 0 },
});
const TOOLS = ['a', 'b', 'c'].map(tool);
const needed: Fact = { predicate: 'ready', args: [1] };
const step = (more: Partial<PlanStep> = {}): PlanStep => ({
  ...{ id: 's#0', label: 's', summary: '', operator: 'o', lineage: 's', occurrence: 0, args: {}, after: [] },
  ...{ when: [], adds: [], deletes: [], tools: TOOLS.map(({ name }) => ({ tool: name, args: {} })) },
  ...more,
});
const choose = (more: Partial<SelectInput>) =>
  selectAction({
    ...{ goalId: '01936d3e-9f4a-7c10-b2a4-5d6e7f8091a2', step: step(), tools: TOOLS, stats: [], episodes: [] },
    ...{ banned: [], facts: [] },
    ...more,
  });
const stat = (name: string, successes: number, failures: number): ToolStat => ({
  ...{ tool: name, successes, failures, meanDurationMs: 5 },
});

/** Records of every mixture up to 12 calls, and some long ones. */
const RECORDS = [0, 1, 2, 3, 5, 8, 12, 100, 5000].flatMap((successes) =>
  [0, 1, 2, 3, 5, 8, 12, 100, 5000].map((failures) => [successes, failures] as const),
);

describe('named behaviours', () => {
  it('an unmet prerequisite is never chosen', () => {
    for (const [successes, failures] of RECORDS) {
      const input = { step: step({ when: [needed] }), stats: [stat('a', successes, failures)] };
      const unmet = choose({ ...input, facts: [{ predicate: 'ready', args: [2] }] });
      expect(unmet.chosen).toBeNull();
      expect(unmet.candidates.map(({ gates, score }) => [gates[0]?.gate, score])).toEqual(
        TOOLS.map(() => ['precondition', null]),
      );
      expect(choose({ ...input, facts: [needed] }).chosen).not.toBeNull();
      const denied = step({ when: [{ ...needed, not: true }] });
      expect(choose({ ...input, step: denied, facts: [needed] }).chosen).toBeNull();
    }
  });

  it("a success never lowers that action's probability of success", () => {
    const only = step({ tools: [{ tool: 'a', args: {} }] });
    for (const [successes, failures] of RECORDS) {
      const before = choose({ step: only, stats: [stat('a', successes, failures)] });
      const after = choose({ step: only, stats: [stat('a', successes + 1, failures)] });
      expect(after.confidence).toBeGreaterThanOrEqual(before.confidence);
      const worse = choose({ step: only, stats: [stat('a', successes, failures + 1)] });
      expect(worse.confidence).toBeLessThanOrEqual(before.confidence);
    }
  });
});
