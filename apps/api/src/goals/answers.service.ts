import { Inject, Injectable } from '@nestjs/common';
import { answerProblem, type GivenAnswer, isTerminal, taskOf } from '@goalkeeper/domain';
import { parsePublicId, toPublicId, type AnswerRequest, type QuestionList } from '@goalkeeper/contracts';
import {
  AuditRepository,
  CommandRepository,
  GoalRepository,
  OutboxRepository,
  QuestionRepository,
  type Database,
  type EntityManager,
  type IdempotencyRequest,
  type QuestionRecord,
} from '@goalkeeper/persistence';
import type { Principal } from '../auth/principal';
import { DATABASE } from '../core/tokens';
import { HOLD_MS } from '../engine/delivery.service';
import { ApiProblem } from '../http/api-problem';
import type { Origin } from '../http/origin';
import { type CarriedCommand, CommandsService } from './commands.service';
import { auditEntry } from './goals.service';
import { toQuestionView } from './question.view';

export interface AnswerOrder {
  readonly body: AnswerRequest;
  readonly idempotency: IdempotencyRequest | null;
  readonly origin: Origin;
}

/** What goals ask people, and what people say. */
@Injectable()
export class AnswersService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly commands: CommandsService,
  ) {}

  /** Keeps the answer and the command that carries it to the goal in one transaction; the rest is as for every command. */
  async answer(caller: Principal, goalId: string, order: AnswerOrder): Promise<CarriedCommand> {
    return this.commands.carry(caller, goalId, order.idempotency, (tx, commandId) =>
      this.store(tx, { caller, goalId, commandId, order }),
    );
  }

  async ofGoal(caller: Principal, goalId: string): Promise<QuestionList> {
    const questions = await this.database.tenant(caller.tenantId, async (tx) => {
      if (!(await new GoalRepository(tx).get(goalId))) throw new ApiProblem('goal.not_found');
      return new QuestionRepository(tx).ofGoal(goalId);
    });
    return { data: questions.map(toQuestionView) };
  }

  async open(caller: Principal, limit: number): Promise<QuestionList> {
    const questions = await this.database.tenant(caller.tenantId, (tx) => new QuestionRepository(tx).open(limit));
    return { data: questions.map(toQuestionView) };
  }

  private async store(
    tx: EntityManager,
    { caller, goalId, commandId, order }: { caller: Principal; goalId: string; commandId: string; order: AnswerOrder },
  ): Promise<void> {
    const { body, origin } = order;
    const goals = new GoalRepository(tx);
    const questions = new QuestionRepository(tx);
    const record = await goals.get(goalId);
    if (!record) throw new ApiProblem('goal.not_found');
    const question = questionMeant(await questions.ofGoal(goalId), body);
    const given: GivenAnswer = { choice: body.choice ?? null, value: body.value ?? null };
    if (question.answer) throw decided(question);
    if (isTerminal(record.state))
      throw new ApiProblem('goal.terminal', { detail: `The goal has ended already: ${record.state}` });
    const problem = answerProblem(question, given);
    if (problem)
      throw new ApiProblem('request.invalid', {
        detail: `"${question.text}" cannot be answered so`,
        errors: [{ pointer: given.choice === null ? '/value' : '/choice', message: problem }],
      });
    if (!(await questions.answer(question, given, caller.name))) {
      const now = await questions.get(question.id); // somebody was faster, or the clock
      throw now?.answer ? decided(now) : new ApiProblem('question.expired');
    }
    const task = taskOf(question, given);
    if (task) await goals.fixTask(goalId, task);
    const payload = { questionId: question.id, ...given, by: caller.name };
    const command = { id: commandId, goalId, kind: 'answer', reason: body.reason, payload, requestedBy: caller.name };
    await new CommandRepository(tx).add(command);
    await new OutboxRepository(tx).add({ id: commandId, kind: 'command', goalId, payload: {} }, HOLD_MS);
    const entry = auditEntry(caller, 'goal.answer', toPublicId('goal', goalId), origin);
    await new AuditRepository(tx).add({ ...entry, reason: body.reason });
  }
}

function decided({ answer, answeredAt }: QuestionRecord): ApiProblem {
  const said = answer?.choice ?? JSON.stringify(answer?.value ?? null);
  return new ApiProblem('question.decided', {
    detail: `${answer?.by ?? ''} answered ${said} at ${answeredAt?.toISOString() ?? ''}`,
  });
}

/** The question named; without a name the only one that is open, or else the only one there was. */
function questionMeant(all: readonly QuestionRecord[], { questionId }: AnswerRequest): QuestionRecord {
  if (questionId !== undefined) {
    const named = all.find(({ id }) => id === parsePublicId('qst', questionId));
    if (!named) throw new ApiProblem('question.not_found');
    return named;
  }
  const open = all.filter(({ answer }) => answer === null);
  if (open.length > 1) {
    const ids = open.map(({ id }) => toPublicId('qst', id)).join(', ');
    throw new ApiProblem('request.invalid', {
      detail: 'The goal asks several questions',
      errors: [{ pointer: '/questionId', message: `must be one of ${ids}` }],
    });
  }
  const meant = open[0] ?? all.at(-1);
  if (!meant) throw new ApiProblem('question.not_found');
  return meant;
}
