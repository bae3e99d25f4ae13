import { type DomainPack, type GoalFailure, NOBODY, questionAbout, taskOf } from '@goalkeeper/domain';
import type { PlanGoalInput, PlanGoalResult } from '@goalkeeper/workflows/ports';

/** The input with the task that a person's answer fixed; a failure when the answer is that none is meant. */
export function understand(input: PlanGoalInput): PlanGoalInput | { readonly failure: GoalFailure } {
  const { asked, goal } = input;
  if (!asked) return input;
  const task = taskOf(asked.question, asked.answer);
  if (task) return { ...input, goal: { ...goal, task } };
  const who =
    asked.answer.by === NOBODY ? 'nobody answered in time' : `${asked.answer.by} wants none of the tasks offered`;
  return { failure: unclear(asked.question, `It stays unclear what the words ask for: ${who}`) };
}

/**
 * The question that may clear up why a goal in words could not be planned; a failure of its own where nobody may be asked.
 *
 * @returns null when a question would not help
 */
export function doubtAbout(
  refusal: GoalFailure,
  { goal, repair, recall }: PlanGoalInput,
  { packs, tools }: { readonly packs: readonly DomainPack[]; readonly tools: readonly string[] },
): Extract<PlanGoalResult, { kind: 'ask' | 'failed' }> | null {
  if (repair || (refusal.code !== 'intent.unknown' && refusal.code !== 'task.invalid_arguments')) return null;
  const { learned } = recall;
  const question = questionAbout(goal, packs, refusal, { tools, ...(learned ? { learned } : {}) });
  if (!question) return null;
  if (goal.mayAsk !== false) return { kind: 'ask', question };
  if (question.kind !== 'intent') return null;
  return { kind: 'failed', failure: { ...unclear(question, refusal.message), hint: refusal.hint } };
}

function unclear(
  { text, choices, kind }: Parameters<typeof taskOf>[0] & { readonly text: string },
  message: string,
): GoalFailure {
  const nearest = choices.flatMap(({ id, label, value }) =>
    value === undefined ? [] : [{ task: id, summary: label }],
  );
  const isIntent = kind === 'intent';
  return {
    code: isIntent ? 'intent.ambiguous' : 'task.invalid_arguments',
    message,
    hint: 'Name the task with its arguments, or say it in its words.',
    details: { question: text, nearest },
  };
}
