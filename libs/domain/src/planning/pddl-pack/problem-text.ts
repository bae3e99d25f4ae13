import type { Json } from '../../json';
import type { PddlDomain } from '../pddl/model';

/** A problem in JSON, ready to be written in the language. */
export interface ProblemParts {
  readonly objects: Readonly<Record<string, string>>;
  readonly init: readonly Json[];
  /** One condition, `["and", …]`. */
  readonly goal: Json;
  /** Tasks to be done, `["deliver", "p1", "b"]`; null in a classical problem. */
  readonly tasks: readonly Json[] | null;
  /** Pairs of positions in `tasks`, the first before the second; null: one after the other as they stand. */
  readonly ordering: readonly (readonly [number, number])[] | null;
}

const WORD = /^[^\s()";]+$/;

/**
 * Writes a problem in the planning language, so that it is read and checked by the same reader as files.
 *
 * @throws {TypeError} for what cannot be a word of the language
 */
export function problemText(domain: PddlDomain, parts: ProblemParts): string {
  const objects = Object.entries(parts.objects).map(([name, type]) => `${word(name)} - ${word(type)}`);
  return [
    `(define (problem goal) (:domain ${domain.name})`,
    `(:objects ${objects.join(' ')})`,
    ...(parts.tasks ? [networkText(parts.tasks, parts.ordering)] : []),
    `(:init ${parts.init.map(expression).join(' ')})`,
    `(:goal ${expression(parts.goal)}))`,
  ].join('\n');
}

function networkText(tasks: readonly Json[], ordering: ProblemParts['ordering']): string {
  const members = tasks.map((task, index) => `(task${index} ${expression(task)})`).join(' ');
  if (ordering === null) return `(:htn :ordered-subtasks (and ${members}))`;
  const pairs = ordering.map(([first, second]) => `(< task${first} task${second})`).join(' ');
  return `(:htn :subtasks (and ${members}) :ordering (and ${pairs}))`;
}

/** A JSON list as a list of the language; texts and numbers are its words; a text in parentheses is taken as it is. */
function expression(value: Json): string {
  if (Array.isArray(value)) return `(${(value as readonly Json[]).map(expression).join(' ')})`;
  if (typeof value === 'string' && value.startsWith('(') && isBalanced(value)) return value;
  return word(value);
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const [index, char] of [...text].entries()) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (depth < 0 || (depth === 0 && index < text.trimEnd().length - 1)) return false;
  }
  return depth === 0;
}

function word(value: Json): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !WORD.test(text))
    throw new TypeError(`${JSON.stringify(value)} cannot be a word of a problem: no spaces, quotes or parentheses`);
  return text;
}
