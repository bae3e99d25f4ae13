import { QUESTION_KINDS } from '@goalkeeper/domain';
import { z } from 'zod';
import { publicId } from './ids';
import { JsonRecord, JsonValue } from './json';

const Time = z.iso.datetime({ offset: true });
export const QUESTION_STATES = ['open', 'answered', 'expired'] as const;

/** The body of an answer: a choice, or a value that the question's schema takes. */
export const AnswerRequest = z
  .strictObject({
    questionId: publicId('qst').optional().meta({ description: 'May be left out while the goal asks one thing only' }),
    choice: z.string().min(1).max(300).optional().meta({ description: 'The id of a choice' }),
    value: JsonValue.optional().meta({ description: 'A free answer, where the question has a schema' }),
    reason: z.string().max(500).default(''),
  })
  .refine(({ choice, value }) => (choice === undefined) !== (value === undefined || value === null), {
    message: 'give exactly one of choice and value',
    path: ['choice'],
  })
  .meta({ id: 'AnswerRequest', description: 'Exactly one of `choice` and `value`' });
export type AnswerRequest = z.output<typeof AnswerRequest>;
export type AnswerInput = z.input<typeof AnswerRequest>;

const GivenAnswer = z.object({ choice: z.string().nullable(), value: JsonValue.nullable() });

export const QuestionView = z
  .object({
    id: publicId('qst'),
    goalId: publicId('goal'),
    kind: z.enum(QUESTION_KINDS).meta({
      description:
        'What is in doubt: the words, an argument, an effect, a choice that may fail, a dependency that failed',
    }),
    text: z.string(),
    choices: z.array(z.object({ id: z.string(), label: z.string() })),
    schema: JsonRecord.nullable().meta({ description: 'JSON Schema of a free answer; null where only choices answer' }),
    onExpiry: GivenAnswer.meta({ description: 'What counts as answered when nobody answers in time' }),
    state: z.enum(QUESTION_STATES),
    askedAt: Time,
    expiresAt: Time,
    answeredAt: Time.nullable(),
    answer: GivenAnswer.nullable(),
    answeredBy: z.string().nullable(),
  })
  .meta({ id: 'Question', description: 'What a goal asks people' });
export type QuestionView = z.output<typeof QuestionView>;

export const QuestionList = z.object({ data: z.array(QuestionView) }).meta({ id: 'QuestionList' });
export type QuestionList = z.output<typeof QuestionList>;

export const ListQuestionsQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });
export type ListQuestionsQuery = z.output<typeof ListQuestionsQuery>;
