import {
  type Answer,
  type Choice,
  type GivenAnswer,
  type GoalState,
  type JsonObject,
  type NewQuestion,
  NOBODY,
  type QuestionKind,
  toPublicId,
} from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { MissingRowError } from '../errors';
import { json, row, rows, text } from '../sql';
import type { NewEvent } from './event';
import { EventRepository } from './event.repository';
import { GoalRepository } from './goal.repository';

/** A question as it is stored. */
export interface QuestionRecord extends NewQuestion {
  readonly id: string;
  readonly goalId: string;
  readonly askedAt: Date;
  readonly expiresAt: Date;
  readonly answeredAt: Date | null;
  /** Null until it is answered, or its time is over. */
  readonly answer: Answer | null;
}

interface QuestionData {
  id: string;
  goal_id: string;
  key: string;
  kind: QuestionKind;
  text: string;
  choices: Choice[];
  answer_schema: JsonObject | null;
  on_expiry: GivenAnswer;
  context: JsonObject;
  asked_at: Date;
  expires_at: Date;
  answered_at: Date | null;
  answer: GivenAnswer | null;
  answered_by: string | null;
}

const COLUMNS = `q.id, q.goal_id, q.key, q.kind, q.text, q.choices, q.answer_schema, q.on_expiry, q.context, q.asked_at, q.expires_at,
  q.answered_at, q.answer, q.answered_by`;
/** A goal that somebody stopped or lets rest stays so while it asks. */
const MAY_WAIT: readonly GoalState[] = ['queued', 'planning', 'running', 'waiting_dependency'];

/** What goals ask people: each question once, answered once. */
export class QuestionRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Stores a question and lets its goal wait for people; one of that key that the goal has asked already is returned as it stands.
   *
   * @param withinMs how long people have to answer
   */
  async ask(
    goalId: string,
    question: NewQuestion & { readonly id: string },
    withinMs: number,
  ): Promise<QuestionRecord> {
    const added = await row<QuestionData>(
      this.tx,
      `INSERT INTO question AS q (id, tenant_id, goal_id, key, kind, text, choices, answer_schema, on_expiry, context, asked_at, expires_at)
       SELECT $1::uuid, tenant_id, id, $3::text, $4::text, $5::text, $6::jsonb, $7::jsonb, $8::jsonb, $9::jsonb, now(),
         now() + $10::double precision * interval '1 millisecond'
       FROM goal WHERE id = $2 ON CONFLICT (goal_id, key) DO NOTHING RETURNING ${COLUMNS}`,
      [
        ...[question.id, goalId, text(question.key), question.kind, text(question.text), json(question.choices)],
        ...[json(question.schema), json(question.onExpiry), json(question.context), withinMs],
      ],
    );
    if (added) {
      const record = toRecord(added);
      await new EventRepository(this.tx).append(goalId, [requested(record)]);
    }
    const known =
      added ??
      (await row<QuestionData>(this.tx, `SELECT ${COLUMNS} FROM question q WHERE q.goal_id = $1 AND q.key = $2`, [
        goalId,
        text(question.key),
      ]));
    if (!known) throw new MissingRowError(`Nothing can be asked: goal ${goalId} is not stored`, { goalId });
    const record = toRecord(known);
    if (!record.answer)
      await new GoalRepository(this.tx).transition(goalId, {
        to: 'waiting_input',
        reason: record.text,
        from: MAY_WAIT,
      });
    return record;
  }

  /**
   * Keeps the answer, once. Three statements.
   *
   * @returns false when it was answered before, or its time is over; nothing was changed then
   */
  async answer(question: QuestionRecord, given: GivenAnswer, by: string): Promise<boolean> {
    const changed = await row<{ id: string }>(
      this.tx,
      `UPDATE question SET answer = $2, answered_by = $3, answered_at = now()
       WHERE id = $1 AND answered_at IS NULL AND expires_at > now() RETURNING id`,
      [question.id, json(given), text(by)],
    );
    if (!changed) return false;
    await new EventRepository(this.tx).append(question.goalId, [answered(question, given, by)]);
    return true;
  }

  /**
   * Ends a question whose time is over with its default, and lets the goal go on.
   *
   * @param state where the goal stands then
   * @returns the answer that stands: the default, or what somebody said in the last moment
   */
  async expire(questionId: string, state: GoalState): Promise<Answer> {
    const changed = await row<QuestionData>(
      this.tx,
      `UPDATE question q SET answer = on_expiry, answered_by = $2, answered_at = now()
       WHERE id = $1 AND answered_at IS NULL RETURNING ${COLUMNS}`,
      [questionId, NOBODY],
    );
    const record = changed ? toRecord(changed) : await this.get(questionId);
    if (!record?.answer) throw new MissingRowError(`Question ${questionId} is not stored`, { questionId });
    const { goalId, answer } = record;
    if (changed) await new EventRepository(this.tx).append(goalId, [expired(record, answer)]);
    const reason = changed ? 'nobody answered in time' : 'a question was answered';
    await new GoalRepository(this.tx).transition(goalId, { to: state, reason, from: ['waiting_input'] });
    return answer;
  }

  /** The question, or null when the tenant has none of that id. One statement. */
  async get(questionId: string): Promise<QuestionRecord | null> {
    const found = await row<QuestionData>(this.tx, `SELECT ${COLUMNS} FROM question q WHERE q.id = $1`, [questionId]);
    return found && toRecord(found);
  }

  /** All questions of a goal, oldest first. One statement. */
  async ofGoal(goalId: string): Promise<QuestionRecord[]> {
    const found = await rows<QuestionData>(
      this.tx,
      `SELECT ${COLUMNS} FROM question q WHERE q.goal_id = $1 ORDER BY q.asked_at, q.id`,
      [goalId],
    );
    return found.map(toRecord);
  }

  /** Open questions of unfinished goals, those that expire first in front. One statement. */
  async open(limit: number): Promise<QuestionRecord[]> {
    const found = await rows<QuestionData>(
      this.tx,
      `SELECT ${COLUMNS} FROM question q JOIN goal g ON g.id = q.goal_id
       WHERE q.answered_at IS NULL AND g.finished_at IS NULL ORDER BY q.expires_at, q.id LIMIT $1`,
      [limit],
    );
    return found.map(toRecord);
  }
}

function toRecord(data: QuestionData): QuestionRecord {
  const { id, key, kind, context, choices } = data;
  return {
    ...{ id, key, kind, context, choices, text: data.text },
    goalId: data.goal_id,
    schema: data.answer_schema,
    onExpiry: data.on_expiry,
    askedAt: data.asked_at,
    expiresAt: data.expires_at,
    answeredAt: data.answered_at,
    answer: data.answer && { ...data.answer, by: data.answered_by ?? NOBODY },
  };
}

function requested({ id, kind, text: words, choices, schema, onExpiry, expiresAt, context }: QuestionRecord): NewEvent {
  const stepId = typeof context['stepId'] === 'string' ? context['stepId'] : null;
  const data = {
    ...{ questionId: toPublicId('qst', id), kind, text: words, schema },
    choices: choices.map((choice) => ({ id: choice.id, label: choice.label })),
    onExpiry: { ...onExpiry },
    expiresAt: expiresAt.toISOString(),
  };
  return { type: 'input.requested', stepId, data };
}

function answered({ id, kind, choices }: QuestionRecord, { choice, value }: GivenAnswer, by: string): NewEvent {
  const label = choices.find((other) => other.id === choice)?.label ?? null;
  return { type: 'input.answered', actor: by, data: { questionId: toPublicId('qst', id), kind, choice, value, label } };
}

function expired({ id, kind }: QuestionRecord, { choice, value }: Answer): NewEvent {
  return { type: 'input.expired', data: { questionId: toPublicId('qst', id), kind, choice, value } };
}
