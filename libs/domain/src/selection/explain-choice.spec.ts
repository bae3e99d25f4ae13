import type { Learned } from '../learning/lesson';
import { selectAction } from './select-action';
import { ranked } from './decisive';

const aTool = (name: string) => ({
  ...{ name, version: '1.0.0', summary: name, kind: 'real' as const, effect: 'pure' as const },
  ...{ boundMs: 1000, timeoutMs: 5000, costUsd: 0 },
});
const learned = (arm: Learned['arm']): Learned => ({ snapshotId: null, arm, lessons: [] });
const choose = (goalId: string, arm: Learned['arm']) =>
  selectAction({
    ...{ goalId, episodes: [], banned: [], facts: [], tools: [aTool('a'), aTool('b')], learned: learned(arm) },
    step: {
      ...{ id: 's', label: 'fetch', summary: '', operator: 'fetch', lineage: 's', occurrence: 0, args: {} },
      ...{ tools: ['a', 'b'].map((tool) => ({ tool, args: {} })), after: [], when: [], adds: [], deletes: [] },
    },
    stats: [
      { tool: 'a', successes: 4, failures: 1, meanDurationMs: 10 },
      { tool: 'b', successes: 3.96, failures: 1.2, meanDurationMs: 10 },
    ],
  });
const goals = Array.from({ length: 200 }, (_, index) => `goal-${index}`);

it('a choice that its draw made is never put down to a success rate', () => {
  const decisions = goals.map((id) => choose(id, 'on'));
  const lucky = decisions.filter(({ candidates }) => {
    const [best, second] = ranked(candidates);
    return (best?.factors?.mean ?? 0) < (second?.factors?.mean ?? 0);
  });
  expect(lucky.length).toBeGreaterThan(20);
  for (const { reason } of lucky) {
    expect(reason).toMatch(/by its draw and not by its record \(expected 0\.\d+ against 0\.\d+\)/);
    expect(reason).not.toContain('mostly for');
  }
  const deserved = decisions.filter((one) => !lucky.includes(one));
  expect(deserved.filter(({ reason }) => reason.includes('by its draw'))).toEqual([]);
});

it('a goal of the control share says that nothing learned takes part, and claims nothing of the record', () => {
  const { reason } = choose('goal', 'off');
  expect(reason).toContain('this goal is one of the control share, or learning is off');
  expect(reason).not.toMatch(/worked|no call of it counts/);
  expect(choose('goal', 'on').reason).toMatch(/[\d.]+ of [\d.]+ counted calls worked/);
});

it('counts are told with one decimal, for they fade', () => {
  expect(goals.map((id) => choose(id, 'on').reason).find((reason) => reason.startsWith('b:'))).toContain(
    '4 of 5.2 counted',
  );
});
