import type { Attempt, GoalEvidence } from '../evidence';

let count = 0;

/** A verified goal of `data.report` whose one call worked, of which only what matters to the test is told. */
export function someEvidence(told: Partial<GoalEvidence> = {}): GoalEvidence {
  count += 1;
  return {
    ...{
      goalId: `goal-${count}`,
      atMs: count * 60_000,
      arm: 'on',
      verified: true,
      task: 'data.report',
      bucket: 'source=.csv',
    },
    ...{ pack: 'data', stems: [], calls: 1, taint: [], choices: [], attempts: [], steps: [], versions: {} },
    ...told,
  };
}

export function anAttempt(told: Partial<Attempt> = {}): Attempt {
  return {
    ...{ stepId: 's', operator: 'data.open', tool: 'a', tools: ['a', 'b'], context: 'source=.csv', outcome: 'success' },
    ...{ error: null, durationMs: 10, costUsd: 0, next: 'continue', facts: [] },
    ...told,
  };
}

/** A call that failed for good. */
export function aFailure(told: Partial<Attempt> = {}): Attempt {
  const error = { kind: 'explicit', duration: 'permanent', code: 'x', template: 'it broke', signature: 'sig' } as const;
  return anAttempt({ outcome: 'failure', error, next: 'alternative', ...told });
}
