import type { Json, JsonObject } from '../json';
import type { GivenAnswer, NewQuestion } from './question';

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
