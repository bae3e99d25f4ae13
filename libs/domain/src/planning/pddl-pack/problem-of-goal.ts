import { InvalidTaskArgumentsError } from '../../errors';
import type { TaskRequest } from '../../goals/goal';
import type { Json, JsonObject } from '../../json';
import type { DomainPack, Fact, Literal, PddlSource } from '../pack';
import type { Atom, PddlDomain, PddlProblem } from '../pddl/model';
import { parseDomain } from '../pddl/parse-domain';
import { parseProblem } from '../pddl/parse-problem';
import { PddlSyntaxError } from '../pddl/syntax/pddl-syntax-error';
import { fill, isObject } from '../terms';
import { paramName, PROBLEM_TASK } from './pack-of-domain';
import { problemText } from './problem-text';

/** A goal over a planning domain as a planning problem. */
export interface PddlGoal {
  readonly domain: PddlDomain;
  readonly problem: PddlProblem;
  /** Names of objects as the client writes them, by the names of the model. */
  readonly spelling: ReadonlyMap<string, string>;
}

const domains = new WeakMap<PddlSource, PddlDomain>();

/** The domain of a pack, read once. */
export function domainOf(source: PddlSource): PddlDomain {
  const known = domains.get(source);
  if (known) return known;
  const domain = parseDomain(source.domain);
  domains.set(source, domain);
  return domain;
}

/**
 * The planning problem that a request means: the pack's world, what the request adds to it, and the task or the network.
 *
 * @throws {InvalidTaskArgumentsError} with `pointer`, `expected`, `got`; for a problem as text also `line` and `column`
 */
export function problemOfGoal(pack: DomainPack, source: PddlSource, request: TaskRequest): PddlGoal {
  const domain = domainOf(source);
  const given = request.args[PROBLEM_TASK];
  const task = request.name.slice(pack.name.length + 1);
  const problem =
    typeof given === 'string'
      ? fromText(domain, request, given, source.goals[task])
      : fromParts({ domain, source, request, task }, isObject(given) ? given : {});
  const typed = [...domain.constants, ...problem.objects];
  const spelling = new Map(typed.map(({ name, written }) => [name, written ?? name]));
  return { domain, problem, spelling };
}

function fromText(
  domain: PddlDomain,
  request: TaskRequest,
  text: string,
  goals: readonly Json[] | undefined,
): PddlProblem {
  const problem = read(request, () => parseProblem(text, domain, 'problem'));
  const task = taskOf(domain, request);
  if (!task) return problem;
  // The objects and facts of the text, the task of the request.
  const objects = Object.fromEntries(problem.objects.map(({ name, types }) => [name, types[0] ?? 'object']));
  const goal = ['and', ...goalsOf(goals, request)];
  const own = read(request, () =>
    parseProblem(problemText(domain, { objects, init: [], goal, tasks: [task], ordering: null }), domain, 'goal'),
  );
  return { ...problem, goal: { kind: 'and', parts: [problem.goal, own.goal] }, network: own.network };
}

interface Asked {
  readonly domain: PddlDomain;
  readonly source: PddlSource;
  readonly request: TaskRequest;
  readonly task: string;
}

function fromParts({ domain, source, request, task }: Asked, parts: JsonObject): PddlProblem {
  const known = ['objects', 'init', 'goal', 'tasks', 'ordering'];
  for (const key of Object.keys(parts))
    if (!known.includes(key)) throw invalid(request, `/${key}`, { expected: `one of ${known.join(', ')}`, got: key });
  const own = taskOf(domain, request);
  const tasks = own ? [own] : listAt(request, parts, 'tasks');
  const isHierarchical = domain.tasks.length > 0;
  if (isHierarchical && tasks.length === 0 && parts['goal'] === undefined)
    throw invalid(request, '/tasks', { expected: 'the tasks to be done, [["deliver", "p1", "b"]]', got: 'nothing' });
  const goal = ['and', ...conditionsOf(parts['goal']), ...goalsOf(source.goals[task], request)];
  return read(request, () =>
    parseProblem(
      problemText(domain, {
        objects: { ...source.world.objects, ...objectsOf(request, parts['objects']) },
        init: [...source.world.init, ...listAt(request, parts, 'init')],
        goal,
        tasks: isHierarchical ? tasks : null,
        ordering: orderingOf(request, parts['ordering'], tasks.length),
      }),
      domain,
      'problem',
    ),
  );
}

/** The task that the request names, as a list of the language; null for a whole problem. */
function taskOf(domain: PddlDomain, request: TaskRequest): Json[] | null {
  const name = request.name.slice(request.name.indexOf('.') + 1);
  const task = domain.tasks.find((candidate) => request.name.endsWith(`.${candidate.name}`) && name !== PROBLEM_TASK);
  if (!task) return null;
  return [
    task.name,
    ...task.params.map((param): Json => {
      const value = request.args[paramName(param.name)];
      if (value !== undefined && value !== null) return value;
      throw new InvalidTaskArgumentsError(
        `${request.name}: /args/${paramName(param.name)} should name an object`,
        { task: request.name, pointer: `/args/${paramName(param.name)}`, expected: 'an object', got: 'nothing' },
        '',
      );
    }),
  ];
}

function conditionsOf(goal: Json | undefined): readonly Json[] {
  if (goal === undefined || goal === null) return [];
  if (!Array.isArray(goal)) return [goal];
  const list = goal as readonly Json[];
  return typeof list[0] === 'string' ? [goal] : list;
}

function goalsOf(templates: readonly Json[] | undefined, { args }: TaskRequest): readonly Json[] {
  return (templates ?? []).map((template) => fill(template, args, () => null) ?? null);
}

function objectsOf(request: TaskRequest, objects: Json | undefined): Record<string, string> {
  if (objects === undefined || objects === null) return {};
  if (!isObject(objects))
    throw invalid(request, '/objects', { expected: 'types by name, {"truck1": "truck"}', got: 'something else' });
  return Object.fromEntries(
    Object.entries(objects).map(([name, type]) => {
      if (typeof type === 'string') return [name, type];
      throw invalid(request, `/objects/${name}`, { expected: 'the name of a type', got: JSON.stringify(type) });
    }),
  );
}

function listAt(request: TaskRequest, parts: JsonObject, key: string): readonly Json[] {
  const value = parts[key] ?? [];
  if (Array.isArray(value)) return value as readonly Json[];
  throw invalid(request, `/${key}`, { expected: 'a list of lists', got: JSON.stringify(value).slice(0, 80) });
}

function orderingOf(
  request: TaskRequest,
  ordering: Json | undefined,
  count: number,
): readonly (readonly [number, number])[] | null {
  if (ordering === undefined || ordering === null) return null;
  const isPlace = (place: unknown): place is number => Number.isInteger(place) && Number(place) < count;
  const pairs = Array.isArray(ordering) ? (ordering as readonly Json[]) : [null];
  return pairs.map((pair) => {
    const [first, second] = Array.isArray(pair) ? (pair as readonly Json[]) : [];
    if (isPlace(first) && isPlace(second) && first >= 0 && second >= 0) return [first, second];
    throw invalid(request, '/ordering', {
      expected: `pairs of places in tasks, from 0 to ${count - 1}`,
      got: JSON.stringify(pair),
    });
  });
}

function read<T>(request: TaskRequest, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof TypeError) throw invalid(request, '', { expected: 'words', got: error.message });
    if (!(error instanceof PddlSyntaxError)) throw error;
    const { expected, found, line, column, hint } = error;
    const isText = typeof request.args[PROBLEM_TASK] === 'string';
    throw new InvalidTaskArgumentsError(
      `${request.name}: the problem${isText ? ` (line ${line}, column ${column})` : ''} should have ${expected}, got ${found}`,
      {
        task: request.name,
        pointer: `/args/${PROBLEM_TASK}`,
        expected,
        got: found,
        ...(isText ? { line, column } : {}),
      },
      hint,
    );
  }
}

function invalid(
  request: TaskRequest,
  pointer: string,
  { expected, got }: { expected: string; got: string },
): InvalidTaskArgumentsError {
  const place = `/args/${PROBLEM_TASK}${pointer}`;
  return new InvalidTaskArgumentsError(
    `${request.name}: ${place} should be ${expected}, got ${got}`,
    { task: request.name, pointer: place, expected, got },
    'See docs/extend.md for the form of a problem.',
  );
}

/** A fact of the model as plans write it. */
export function factOf({ predicate, args }: Atom, spelling: PddlGoal['spelling']): Fact {
  return { predicate, args: args.map((arg) => spelling.get(arg) ?? arg) };
}

/** A fact of a plan as the model has it; null for one that is no fact of a planning domain. */
export function atomOf({ predicate, args }: Fact | Literal): Atom | null {
  const terms = args.map((arg) => (typeof arg === 'string' ? arg.toLowerCase() : null));
  return terms.includes(null) ? null : { predicate: predicate.toLowerCase(), args: terms as string[] };
}
