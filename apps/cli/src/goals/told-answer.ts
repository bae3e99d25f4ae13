import type { GoalResponse } from '@goalkeeper/contracts';

/** The sentence that the last step to tell one leaves behind. */
export function answerIn(steps: NonNullable<GoalResponse['steps']>): string | null {
  const told = steps.flatMap(({ output }) =>
    typeof output === 'object' && output !== null && 'answer' in output ? [output.answer] : [],
  );
  return told.filter((one) => typeof one === 'string').at(-1) ?? null;
}
