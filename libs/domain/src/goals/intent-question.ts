import type { AgentError } from '../errors';
import type { IntentOption } from '../intent/match-intent';
import type { Json, JsonObject } from '../json';
import { readWords, type ResolveOptions } from '../intent/resolve-task';
import type { DomainPack, ParamDef, ParamType, TaskDef } from '../planning/pack';
import type { Goal, TaskRequest } from './goal';
import type { GivenAnswer, NewQuestion } from './question';

/** Options that a person is shown at most. */
const MOST = 3;
const NONE = { id: 'none', label: 'None of these' } as const;
const SCHEMAS: Readonly<Record<ParamType, JsonObject>> = {
  source: { type: 'string', minLength: 1 },
  sources: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
  column: { type: 'string', minLength: 1 },
  text: { type: 'string', minLength: 1 },
  code: { type: 'string', minLength: 1 },
  question: { type: 'string', minLength: 1 },
  language: { type: 'string', minLength: 1 },
  format: { type: 'string', minLength: 1 },
  duration: { type: 'number', minimum: 0 },
  number: { type: 'number' },
  integer: { type: 'integer' },
  url: { type: 'string', format: 'uri' },
  date: { type: 'string', format: 'date' },
  boolean: { type: 'boolean' },
  conditions: { type: 'array', minItems: 1 },
  list: { type: 'array' },
  any: {},
};

/**
 * What to ask a person about a goal in words that could not be understood as they stand.
 *
 * @param packs those that resolving it was given, whole: the words are read again in the same way
 * @param refusal why resolving or planning it was refused
 * @param options what resolving it was given; a task that lacks its tools is never proposed
 * @returns null when no question would help: unknown words, a task that a program named, an argument of the wrong type
 */
export function questionAbout(
  goal: Pick<Goal, 'objective' | 'task'>,
  packs: readonly DomainPack[],
  refusal: Pick<AgentError, 'code' | 'details'>,
  options: ResolveOptions = {},
): NewQuestion | null {
  if (goal.objective === '') return null;
  const tasks = packs.flatMap((pack) => pack.tasks.filter(({ success }) => success.length > 0));
  if (goal.task) return aboutMissing(goal.task, tasks, refusal);
  const match = readWords(goal.objective, packs, options);
  if (match.kind !== 'ask') return null;
  const [first] = match.options;
  if (first && first.missing.length > 0) return argumentQuestion(first.task, first.missing[0] ?? '', tasks);
  return choiceOf(match.question, match.options);
}

/** A task that a person chose may lack an argument that the words do not give. */
function aboutMissing(
  task: TaskRequest,
  tasks: readonly TaskDef[],
  { code, details }: Pick<AgentError, 'code' | 'details'>,
): NewQuestion | null {
  const pointer = typeof details['pointer'] === 'string' ? details['pointer'] : '';
  if (code !== 'task.invalid_arguments' || details['got'] !== 'nothing' || !pointer.startsWith('/args/')) return null;
  return argumentQuestion(task, pointer.slice('/args/'.length), tasks);
}

function choiceOf(text: string, options: readonly IntentOption[]): NewQuestion {
  return {
    key: 'intent',
    kind: 'intent',
    text,
    choices: [
      ...options.slice(0, MOST).map(({ task, summary }) => ({
        id: task.name,
        label: `${summary} (${task.name}${argsText(task.args)})`,
        value: { name: task.name, args: task.args },
      })),
      NONE,
    ],
    schema: null,
    onExpiry: { choice: NONE.id, value: null },
    context: {},
  };
}

function argsText(args: JsonObject): string {
  const given = Object.entries(args).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return given.length > 0 ? `, ${given.join(', ')}` : '';
}

function argumentQuestion(task: TaskRequest, name: string, tasks: readonly TaskDef[]): NewQuestion | null {
  const def = tasks.find((candidate) => candidate.name === task.name);
  const param = def?.params.find((candidate) => candidate.name === name);
  if (!def || !param) return null;
  return {
    key: `argument:${task.name}:${name}`,
    kind: 'argument',
    text: `To do this (${def.summary}) I need ${named(param)}. Which?`,
    choices: [{ id: 'give_up', label: 'End the goal' }],
    schema: SCHEMAS[param.type],
    onExpiry: { choice: 'give_up', value: null },
    context: { task: { name: task.name, args: task.args }, param: name },
  };
}

function named({ name, summary }: ParamDef): string {
  return summary ? `${name} (${summary})` : name;
}

/**
 * The task that an answer to such a question fixes; null when the person wants none of them.
 *
 * @param question as {@link questionAbout} made it
 */
export function taskOf(
  { kind, choices, context }: Pick<NewQuestion, 'kind' | 'choices' | 'context'>,
  { choice, value }: GivenAnswer,
): TaskRequest | null {
  if (kind === 'intent') return asTask(choices.find(({ id }) => id === choice)?.value);
  const task = asTask(context['task']);
  const param = context['param'];
  if (!task || choice !== null || typeof param !== 'string') return null;
  return { name: task.name, args: { ...task.args, [param]: value } };
}

function asTask(value: Json | undefined): TaskRequest | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { name, args } = value as JsonObject;
  return typeof name === 'string' && typeof args === 'object' && args !== null && !Array.isArray(args)
    ? { name, args: args as JsonObject }
    : null;
}
