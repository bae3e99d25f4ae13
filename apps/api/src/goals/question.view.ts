import { toPublicId, type QuestionView } from '@goalkeeper/contracts';
import { NOBODY } from '@goalkeeper/domain';
import type { QuestionRecord } from '@goalkeeper/persistence';
import { isoOrNull } from './goal.view';

/** A question as clients see it: what the goal itself needs of the answer stays inside. */
export function toQuestionView(question: QuestionRecord): QuestionView {
  const { answer, choices, onExpiry } = question;
  return {
    id: toPublicId('qst', question.id),
    goalId: toPublicId('goal', question.goalId),
    kind: question.kind,
    text: question.text,
    choices: choices.map(({ id, label }) => ({ id, label })),
    schema: question.schema,
    onExpiry: { choice: onExpiry.choice, value: onExpiry.value },
    state: answer === null ? 'open' : answer.by === NOBODY ? 'expired' : 'answered',
    askedAt: question.askedAt.toISOString(),
    expiresAt: question.expiresAt.toISOString(),
    answeredAt: isoOrNull(question.answeredAt),
    answer: answer && { choice: answer.choice, value: answer.value },
    answeredBy: answer?.by ?? null,
  };
}
