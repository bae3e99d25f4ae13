import { plural } from '../../counting';
import { InvalidDefinitionError } from '../../errors';
import type { DomainPack, OperatorDef, ParamDef, TaskDef } from '../pack';
import type { Declared, PddlDomain } from '../pddl/model';
import { parseDomain } from '../pddl/parse-domain';
import type { Problem } from '../shape';
import { variablesIn } from '../terms';
import { problemText } from './problem-text';
import { parseProblem } from '../pddl/parse-problem';
import { PddlSyntaxError } from '../pddl/syntax/pddl-syntax-error';
import { readBindings, type Bindings, type PrimitiveBinding, type TaskBinding } from './read-bindings';

/** The task that takes any problem of the domain: objects, facts, goal, and the network of tasks to be done. */
export const PROBLEM_TASK = 'problem';
/** The success predicate of goals over a planning domain: what must hold, judged by what was observed. */
export const FACTS_HOLD = 'plan.facts_hold';

/**
 * Makes a pack of a planning domain and its bindings. Each compound task can be asked for as `PACK.TASK`, and `PACK.problem`
 * takes a whole problem. Every primitive must be bound to a tool.
 *
 * @param fileNames of the two parts, for messages
 * @throws {PddlSyntaxError} for the first mistake of the domain: file, line, column, what was expected
 * @throws {InvalidDefinitionError} `details.problems` has each mistake of the bindings with its place
 */
export function packOfDomain(
  source: { readonly domain: string; readonly bindings: unknown },
  fileNames: { readonly domain: string; readonly bindings: string } = { domain: 'domain', bindings: 'bindings.json' },
): DomainPack {
  const domain = parseDomain(source.domain, fileNames.domain);
  const problems: Problem[] = [];
  const bindings = readBindings(source.bindings, problems);
  if (problems.length === 0) problems.push(...checkBindings(domain, bindings));
  if (problems.length === 0) problems.push(...checkWorld(domain, bindings));
  if (problems.length > 0) throw broken(fileNames.bindings, bindings, problems);
  const shared = bindings.params ?? [];
  return {
    name: bindings.name,
    version: bindings.version,
    summary: bindings.summary,
    tasks: [
      ...domain.tasks.map((task) => taskOf(task, bindings, shared)),
      problemTask(bindings, shared, domain.tasks.length > 0),
    ],
    methods: [],
    operators: domain.actions.map((action) => operatorOf(action, bindings, shared)),
    pddl: {
      domain: source.domain,
      world: bindings.world ?? { objects: {}, init: [] },
      goals: Object.fromEntries(Object.entries(bindings.tasks ?? {}).map(([name, { goal = [] }]) => [name, goal])),
    },
  };
}

/** A parameter's name in templates: without the question mark. */
export function paramName(variable: string): string {
  return variable.replace(/^\?/, '').replaceAll('-', '_');
}

function taskOf(task: Declared, bindings: Bindings, shared: readonly ParamDef[]): TaskDef {
  const own: TaskBinding = bindings.tasks?.[task.name] ?? {};
  const params: ParamDef[] = task.params.map(({ name, types }) => {
    const param = paramName(name);
    return {
      name: param,
      type: own.types?.[param] ?? 'text',
      required: true,
      summary: `an object of type ${types.join(' or ')}`,
    };
  });
  return {
    name: `${bindings.name}.${task.name}`,
    summary: own.summary ?? `${task.written ?? task.name} of ${bindings.name}`,
    params: [...params, ...shared, problemParam(bindings)],
    phrasings: own.phrasings ?? [],
    success: [factsHold(bindings.name), ...(own.success ?? [])],
  };
}

function problemTask(bindings: Bindings, shared: readonly ParamDef[], isHierarchical: boolean): TaskDef {
  const own: TaskBinding = bindings.tasks?.[PROBLEM_TASK] ?? {};
  const what = isHierarchical ? 'the tasks of a problem' : 'the goal of a problem';
  return {
    name: `${bindings.name}.${PROBLEM_TASK}`,
    summary: own.summary ?? `does ${what} of ${bindings.name}`,
    params: [...shared, { ...problemParam(bindings), required: true }],
    phrasings: own.phrasings ?? [],
    success: [factsHold(bindings.name), ...(own.success ?? [])],
  };
}

function problemParam({ world }: Bindings): ParamDef {
  return {
    name: PROBLEM_TASK,
    type: 'any',
    ...(world ? {} : { required: true }),
    summary: 'a problem: text of the planning language, or { objects, init, goal, tasks, ordering }',
  };
}

function factsHold(name: string): TaskDef['success'][number] {
  return { name: FACTS_HOLD, summary: `the goal of ${name} holds by what was observed`, args: {} };
}

function operatorOf(action: Declared, bindings: Bindings, shared: readonly ParamDef[]): OperatorDef {
  const own: PrimitiveBinding = bindings.primitives[action.name] ?? { tools: [] };
  const params: ParamDef[] = action.params.map(({ name }) => ({
    name: paramName(name),
    type: 'text',
    required: true,
  }));
  const words = params.map(({ name }) => `\${${name}}`);
  return {
    name: `${bindings.name}.${action.name}`,
    summary: own.summary ?? [action.written ?? action.name, ...words].join(' '),
    params: [...params, ...shared],
    when: [],
    adds: [],
    deletes: [],
    tools: own.tools,
    ...(own.checks ? { checks: own.checks } : {}),
  };
}

function checkBindings(domain: PddlDomain, bindings: Bindings): Problem[] {
  const shared = (bindings.params ?? []).map(({ name }) => name);
  const actions = new Map(domain.actions.map((action) => [action.name, action]));
  const tasks = new Map(domain.tasks.map((task) => [task.name, task]));
  const problems: Problem[] = [];
  for (const { name } of domain.actions) {
    if (!bindings.primitives[name])
      problems.push({ at: 'primitives', problem: `the primitive "${name}" has no binding: say which tool does it` });
  }
  for (const [name, own] of Object.entries(bindings.primitives)) {
    const at = `primitives.${name}`;
    const action = actions.get(name);
    if (!action) problems.push({ at, problem: `the domain has no action "${name}"; known are ${list(actions)}` });
    else problems.push(...checkTemplates(own, [...action.params.map((param) => paramName(param.name)), ...shared], at));
  }
  for (const [name, own] of Object.entries(bindings.tasks ?? {})) {
    const at = `tasks.${name}`;
    const task = tasks.get(name);
    if (!task && name !== PROBLEM_TASK)
      problems.push({ at, problem: `the domain has no task "${name}"; known are ${list(tasks)}` });
    const scope = [...(task?.params ?? []).map((param) => paramName(param.name)), ...shared];
    problems.push(...checkSlots(own, scope, at));
    problems.push(...unbound(own.goal ?? [], scope, `${at}.goal`));
    (own.success ?? []).forEach(({ args }, index) =>
      problems.push(...unbound(args, scope, `${at}.success[${index}].args`)),
    );
  }
  return problems;
}

function list(names: ReadonlyMap<string, unknown>): string {
  return [...names.keys()].join(', ') || 'none';
}

function checkTemplates({ tools, checks = [] }: PrimitiveBinding, scope: readonly string[], at: string): Problem[] {
  return [
    ...tools.flatMap(({ args }, index) => unbound(args, scope, `${at}.tools[${index}].args`)),
    ...checks.flatMap(({ equals = null, otherwise = [] }, index) =>
      unbound([equals, ...otherwise.map(({ args }) => args)], scope, `${at}.checks[${index}]`),
    ),
  ];
}

function unbound(template: Parameters<typeof variablesIn>[0], scope: readonly string[], at: string): Problem[] {
  return variablesIn(template)
    .filter((name) => !scope.includes(name))
    .map((name) => ({ at, problem: `$${name} is no parameter; known are ${scope.join(', ') || 'none'}` }));
}

function checkSlots({ phrasings = [] }: TaskBinding, scope: readonly string[], at: string): Problem[] {
  return phrasings.flatMap((phrasing, index) =>
    [...phrasing.matchAll(/\{([^}:]*)/g)]
      .map((match) => match[1] ?? '')
      .filter((slot) => !scope.includes(slot))
      .map((slot) => ({
        at: `${at}.phrasings[${index}]`,
        problem: `{${slot}} is no parameter; known are ${scope.join(', ') || 'none'}`,
      })),
  );
}

/** The world must be part of a problem that can be read. */
function checkWorld(domain: PddlDomain, { world }: Bindings): Problem[] {
  if (!world) return [];
  try {
    parseProblem(problemText(domain, { ...world, goal: ['and'], tasks: null, ordering: null }), domain, 'world');
    return [];
  } catch (error) {
    if (error instanceof PddlSyntaxError)
      return [{ at: 'world', problem: `expected ${error.expected}, found ${error.found}` }];
    if (error instanceof TypeError) return [{ at: 'world', problem: error.message }];
    throw error;
  }
}

function broken(file: string, { name }: Bindings, problems: readonly Problem[]): InvalidDefinitionError {
  const listed = problems.slice(0, 5).map(({ at, problem }) => `${at === '' ? 'the file' : at}: ${problem}`);
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : '';
  return new InvalidDefinitionError(
    `${file} has ${plural(problems.length, 'problem')}: ${listed.join('; ')}${more}`,
    { pack: name, file, problems: problems.map(({ at, problem }) => ({ at, problem })) },
    'Correct the bindings at the places named.',
  );
}
