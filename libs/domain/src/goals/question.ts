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
