import { InvalidTaskArgumentsError, UnavailableTaskError, UnknownTaskError } from '../errors';
import type { Goal, TaskRequest } from '../goals/goal';
import type { Json, JsonObject } from '../json';
import { type Learned, lessonsOf } from '../learning/lesson';
import { withDefaults } from '../planning/network';
import { offerOf, type Unavailable } from '../planning/offer';
import type { DomainPack, ParamDef, TaskDef } from '../planning/pack';
import { describe, isOfType } from '../planning/param-type';
import { distance } from './distance';
import { findMaybePath } from './extract';
import { matchIntent, type IntentMatch, type IntentOption } from './match-intent';

export interface ResolvedTask {
  readonly pack: DomainPack;
  readonly task: TaskDef;
  /** With defaults filled in and checked. */
  readonly request: TaskRequest;
  /** 1 when the client named the task, else that of the match. */
  readonly confidence: number;
}

/** What there is besides packs when a goal is understood. */
export interface ResolveOptions {
  /** Names of the tools that are installed; without it every task counts as available. */
  readonly tools?: readonly string[];
  /** What goals taught about words. */
  readonly learned?: Learned;
}

interface Offered {
  readonly pack: DomainPack;
  readonly task: TaskDef;
}

function offeredIn(
  packs: readonly DomainPack[],
  { tools }: ResolveOptions,
): { all: readonly Offered[]; unavailable: readonly Unavailable[] } {
  const all = packs.flatMap((pack) =>
    pack.tasks.filter(({ success }) => success.length > 0).map((task) => ({ pack, task })),
  );
  return { all, unavailable: tools ? offerOf(packs, tools).unavailable : [] };
}

/** How the words of a goal are read among all tasks that the packs offer, those that lack their tools barred. */
export function readWords(objective: string, packs: readonly DomainPack[], options: ResolveOptions = {}): IntentMatch {
  const { all, unavailable } = offeredIn(packs, options);
  return matchWords(objective, all, { unavailable, options });
}

function matchWords(
  objective: string,
  all: readonly Offered[],
  { unavailable, options }: { readonly unavailable: readonly Unavailable[]; readonly options: ResolveOptions },
): IntentMatch {
  const learned = lessonsOf(options.learned, 'intent').map(({ body }) => body);
  return matchIntent(
    objective,
    all.map(({ task }) => task),
    { unavailable, learned },
  );
}

/**
 * The task that a goal means: the one it names, else the one its words match. Only tasks with success predicates can be
 * asked for; the others are parts of methods.
 *
 * @throws {UnknownTaskError} no such task, or words that match none clearly; `details.nearest` has the three nearest
 * @throws {UnavailableTaskError} a task that needs tools which are not installed; `details.reason` names them
 * @throws {InvalidTaskArgumentsError} with `pointer`, `expected` and `got`
 */
export function resolveTask(
  goal: Pick<Goal, 'objective' | 'task'>,
  packs: readonly DomainPack[],
  options: ResolveOptions = {},
): ResolvedTask {
  const { all, unavailable } = offeredIn(packs, options);
  if (goal.task) {
    const { name, args } = goal.task;
    const found = all.find(({ task }) => task.name === name);
    const able = all.map(({ task }) => task).filter((task) => !unavailable.some((one) => one.task === task.name));
    if (!found)
      throw unknownName(
        name,
        able,
        packs.flatMap(({ tasks }) => tasks),
      );
    const bar = unavailable.find((one) => one.task === name);
    if (bar) throw unavailableTask(bar.task, bar.reason);
    return { ...found, request: { name, args: checkArguments(found.task, args) }, confidence: 1 };
  }
  const match = matchWords(goal.objective, all, { unavailable, options });
  if (match.kind === 'unknown') throw unknownWords(goal.objective, match.nearest);
  if (match.kind === 'unavailable') throw unavailableTask(match.option.task.name, match.reason);
  const [first] = match.kind === 'ask' ? match.options : [];
  const request = match.kind === 'task' ? match.task : first && first.missing.length > 0 ? first.task : null;
  const found = all.find(({ task }) => task.name === request?.name);
  if (!request || !found)
    throw unclearWords(goal.objective, match.kind === 'ask' ? match : { question: '', options: [] });
  const confidence = match.kind === 'task' ? match.confidence : (first?.confidence ?? 0);
  const args = checkArguments(found.task, request.args, pathHint(goal.objective));
  return { ...found, request: { name: request.name, args }, confidence };
}

function unavailableTask(task: string, reason: string): UnavailableTaskError {
  return new UnavailableTaskError(
    `This would be ${task}, which is not available because it ${reason}`,
    { task, reason },
    'Ask for something else, or install what it needs.',
  );
}

/**
 * The arguments with defaults, checked against the parameters.
 *
 * @param advice what else to say about mistakes, behind the usage of the task
 * @throws {InvalidTaskArgumentsError} for the first one that is missing, unknown or of the wrong type
 */
export function checkArguments(task: TaskDef, given: JsonObject, advice = ''): JsonObject {
  const params = new Map(task.params.map((param) => [param.name, param]));
  for (const name of Object.keys(given)) {
    if (!params.has(name))
      throw invalid(
        task,
        {
          pointer: `/args/${name}`,
          expected: `one of ${[...params.keys()].join(', ')}`,
          got: `an argument named "${name}"`,
        },
        advice,
      );
  }
  // A null stands for "not given", as forms and models write it.
  const args = withDefaults(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
    task.params,
  );
  for (const param of task.params) check(task, param, args[param.name], advice);
  return args;
}

function check(task: TaskDef, param: ParamDef, value: Json | undefined, advice: string): void {
  const pointer = `/args/${param.name}`;
  const expected = param.summary ? `${param.type}: ${param.summary}` : param.type;
  if (value === undefined) {
    if (param.required) throw invalid(task, { pointer, expected, got: 'nothing' }, advice);
  } else if (param.choices && !isChosen(value, param.choices)) {
    const known = Object.keys(param.choices).join(', ');
    throw invalid(task, { pointer, expected: `one or several of ${known}`, got: describe(value) }, advice);
  } else if (!isOfType(value, param.type)) throw invalid(task, { pointer, expected, got: describe(value) }, advice);
}

/** One of the choices, or several with commas between them. */
function isChosen(value: Json, choices: NonNullable<ParamDef['choices']>): boolean {
  return typeof value === 'string' && value.split(',').every((part) => Object.hasOwn(choices, part.trim()));
}

function invalid(
  task: TaskDef,
  details: { pointer: string; expected: string; got: string },
  advice: string,
): InvalidTaskArgumentsError {
  const { pointer, expected, got } = details;
  return new InvalidTaskArgumentsError(
    `${task.name}: ${pointer} should be ${expected}, got ${got}`,
    { task: task.name, ...details },
    `${usage(task)}${advice}`,
  );
}

function usage(task: TaskDef): string {
  const params = task.params.map(({ name, type, required }) => `${name}${required ? '' : '?'}: ${type}`);
  const example = task.phrasings[0];
  return `${task.name} takes { ${params.join(', ')} }${example ? `, or say "${example}"` : ''}.`;
}

function nearestDetails(options: readonly IntentOption[]): Json {
  return options.slice(0, 3).map(({ task, summary, confidence }) => ({ task: task.name, summary, confidence }));
}

function unknownName(name: string, tasks: readonly TaskDef[], every: readonly TaskDef[]): UnknownTaskError {
  const ranked = [...tasks].sort(
    (a, b) => distance(name, a.name) - distance(name, b.name) || (a.name < b.name ? -1 : 1),
  );
  const nearest = ranked.slice(0, 3).map((task) => ({ task: task.name, summary: task.summary }));
  const hint =
    nearest.length > 0 ? `Ask for one of: ${nearest.map(({ task }) => task).join(', ')}.` : 'Load a domain pack.';
  const isPart = every.some((task) => task.name === name);
  const why = isPart ? ': it is a part of others, and nothing says when it succeeded' : '';
  return new UnknownTaskError(`No task named "${name}" can be asked for${why}`, { task: name, nearest }, hint);
}

function unknownWords(words: string, nearest: readonly IntentOption[]): UnknownTaskError {
  const names = nearest.map(({ task, summary }) => `${task.name} (${summary})`).join('; ');
  return new UnknownTaskError(
    `No task matches "${clip(words)}"`,
    { objective: clip(words), nearest: nearestDetails(nearest) },
    nearest.length > 0
      ? `The nearest tasks: ${names}. Say it in their words, or give the task with its arguments.${pathHint(words)}`
      : 'Load a domain pack.',
  );
}

function unclearWords(words: string, ask: { question: string; options: readonly IntentOption[] }): UnknownTaskError {
  return new UnknownTaskError(
    `It is not clear what "${clip(words)}" asks for`,
    { objective: clip(words), question: ask.question, nearest: nearestDetails(ask.options) },
    `${ask.question} Give the task with its arguments, or say it in its words.${pathHint(words)}`,
  );
}

/** A file without an ending looks like words: how to write it so that it is taken for one. */
function pathHint(words: string): string {
  const path = findMaybePath(words);
  return path === null ? '' : ` If ${clip(path)} is a file, write ./${clip(path)} or its full path.`;
}

function clip(words: string): string {
  return words.length > 200 ? `${words.slice(0, 199)}…` : words;
}
