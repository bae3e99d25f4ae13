import type { Json, JsonObject } from '../json';

/** What people are asked for: what the words mean, an argument they lack, what became of an effect, a doubtful choice, a lost dependency. */
export const QUESTION_KINDS = ['intent', 'argument', 'effect', 'confidence', 'dependency'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** One of the answers on offer. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  /** What the goal takes from it; absent where the id says all. */
  readonly value?: Json;
}

/** The id of a choice, or a value that the question's schema takes; exactly one of the two. */
export interface GivenAnswer {
  readonly choice: string | null;
  readonly value: Json;
}

/** A question as a goal puts it. */
export interface NewQuestion {
  /** Unique in its goal: the same question asked again after a crash is the same row. */
  readonly key: string;
  readonly kind: QuestionKind;
  readonly text: string;
  readonly choices: readonly Choice[];
  /** JSON Schema of a free answer; null when only the choices answer it. */
  readonly schema: JsonObject | null;
  /** What counts as answered when nobody answers in time, or nobody may be asked. */
  readonly onExpiry: GivenAnswer;
  /** What the goal needs to act on the answer. */
  readonly context: JsonObject;
}

/** An answer that stands. */
export interface Answer extends GivenAnswer {
  /** Whose it is: a token's name, or `nobody` when time ran out. */
  readonly by: string;
}

/** The answer of someone who was not there. */
export const NOBODY = 'nobody';

/** How long people have to answer unless the goal says otherwise, milliseconds: a day. */
export const ANSWER_WITHIN_MS = 86_400_000;

/** The default answer, given for those who may not be asked or did not answer. */
export function unanswered({ onExpiry }: Pick<NewQuestion, 'onExpiry'>): Answer {
  return { ...onExpiry, by: NOBODY };
}

/**
 * What is wrong with an answer, in words for whoever gave it; null when it can stand.
 */
export function answerProblem(
  { choices, schema }: Pick<NewQuestion, 'choices' | 'schema'>,
  { choice, value }: GivenAnswer,
): string | null {
  const ids = choices.map(({ id }) => id);
  const offered = ids.length > 0 ? `choose one of ${ids.join(', ')}` : '';
  if (choice !== null) {
    if (value !== null) return 'give a choice or a value, not both';
    if (ids.includes(choice)) return null;
    return `there is no choice "${choice}": ${offered || 'give a value'}`;
  }
  if (schema === null) return offered;
  const misfit = schemaProblem(value, schema);
  return misfit && [misfit, offered].filter(Boolean).join('; or ');
}

/** Forms of texts that schemas name. */
const FORMATS: Readonly<Record<string, { readonly pattern: RegExp; readonly words: string }>> = {
  uri: { pattern: /^https?:\/\/\S+$/i, words: 'an address such as https://example.com/page' },
  date: { pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, words: 'a date such as 2026-11-23' },
};

/** The keywords that questions use: type, minLength (of the text without blanks around it) and format. */
function schemaProblem(value: Json, schema: JsonObject): string | null {
  const { type, minLength, format } = schema;
  if (typeof type === 'string' && kindOf(value) !== type && !(type === 'number' && kindOf(value) === 'integer'))
    return `the value must be of type ${type}`;
  if (typeof minLength === 'number' && typeof value === 'string' && value.trim().length < minLength)
    return 'the value must not be empty';
  const form = typeof format === 'string' ? FORMATS[format] : undefined;
  return form && !(typeof value === 'string' && form.pattern.test(value)) ? `the value must be ${form.words}` : null;
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
