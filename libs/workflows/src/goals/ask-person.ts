import { ANSWER_WITHIN_MS, type Answer, type NewQuestion, unanswered } from '@goalkeeper/domain/workflow';
import { condition } from '@temporalio/workflow';
import { expireQuestion, storeQuestion } from '../activities';
import type { GoalRun } from './goal-run';

/**
 * Asks a person and waits for the answer, as long as the goal gives people for it; whoever may not be asked, or does not answer,
 * has said what the question names as its default. The answer is stored before it arrives here: a goal whose workflow was lost
 * asks the same question and is answered at once.
 */
export async function askPerson(run: GoalRun, question: NewQuestion): Promise<Answer> {
  const { goal, questions } = run;
  if (goal.mayAsk === false) return unanswered(question);
  const ref = { tenantId: goal.tenantId, goalId: goal.id };
  const withinMs = goal.answerWithinMs ?? ANSWER_WITHIN_MS;
  const { id, expiresAtMs, answer } = await storeQuestion({ ref, question, withinMs });
  if (answer) return answer;
  questions.begin(id);
  try {
    const leftMs = Math.max(expiresAtMs - Date.now(), 1);
    await condition(() => questions.answerTo(id) !== null, leftMs);
    return questions.answerTo(id) ?? (await expireQuestion({ ref, questionId: id, state: run.shown(id) }));
  } finally {
    questions.end(id);
  }
}
