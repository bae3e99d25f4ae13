import type {
  ActionDef,
  Atom,
  Condition,
  Decomposition,
  GroundTask,
  HierarchicalPlan,
  Member,
  MethodDef,
  PddlDomain,
  PddlProblem,
  Position,
} from '../pddl/model';
import type { Route } from './route';

/** Steps that a new plan must begin with, and what they do to the world; what was found out between them is part of that. */
export interface PastStep {
  readonly task: GroundTask;
  readonly adds: readonly Atom[];
  readonly deletes: readonly Atom[];
}

export interface History {
  readonly past: readonly PastStep[];
  /** What was found out before the first of them. */
  readonly start?: { readonly adds: readonly Atom[]; readonly deletes: readonly Atom[] };
  /** Actions that must not come again. */
  readonly banned: readonly GroundTask[];
}

/** Names that this transformation adds begin so. */
const MARK = 'gk-';
const NOWHERE: Position = { line: 0, column: 0 };
const moment = (index: number): Atom => ({ predicate: `${MARK}now-${index}`, args: [] });
const isNow = (index: number): Condition => ({ kind: 'atom', atom: moment(index) });

/**
 * The problem of going on: every plan of it begins with the past steps, each in its place of the hierarchy, and does nothing
 * that is banned. A primitive becomes a task that is done either by one of the past steps with its arguments or anew.
 *
 * @see Höller, Bercher, Behnke, Biundo: HTN Plan Repair via Model Transformation (KI 2020)
 */
export function withHistory(
  domain: PddlDomain,
  problem: PddlProblem,
  { past, start, banned }: History,
): { domain: PddlDomain; problem: PddlProblem } {
  const fresh = domain.actions.map((action) => freshAction(action, past.length));
  const pastActions = past.map((step, index) => pastAction(step, index));
  const predicates = [
    ...domain.predicates,
    ...past.map((_, index) => declared(moment(index).predicate)),
    declared(moment(past.length).predicate),
    ...domain.actions.map(({ name, params }) => ({ name: banName(name), params, at: NOWHERE })),
  ];
  const gone = new Set(start?.deletes.map(textOf));
  const init = [
    ...problem.init.filter((atom) => !gone.has(textOf(atom))),
    ...(start?.adds ?? []),
    moment(0),
    ...banned.map(({ name, args }) => ({ predicate: banName(name), args: [...args] })),
  ];
  const goal: Condition = { kind: 'and', parts: [problem.goal, isNow(past.length)] };
  const actions = [...fresh, ...pastActions];
  if (!problem.network) return { domain: { ...domain, predicates, actions }, problem: { ...problem, init, goal } };
  const { methods, tasks, network } = redirected(domain, problem.network, past);
  return {
    domain: { ...domain, predicates, actions, methods, tasks: [...domain.tasks, ...tasks] },
    problem: { ...problem, init, goal, network },
  };
}

/** Primitives as tasks: done by a past step, or anew. */
function redirected(
  { actions, methods }: PddlDomain,
  network: NonNullable<PddlProblem['network']>,
  past: readonly PastStep[],
): Pick<PddlDomain, 'methods' | 'tasks'> & Pick<PddlProblem, 'network'> {
  const primitive = new Set(actions.map(({ name }) => name));
  const redirect = (members: readonly Member[]): Member[] =>
    members.map((member) => (primitive.has(member.task) ? { ...member, task: taskName(member.task) } : member));
  const own = methods.map((method) => ({
    ...method,
    network: { ...method.network, members: redirect(method.network.members) },
  }));
  const again = past.flatMap(({ task }, index) => {
    const action = actions.find(({ name }) => name === task.name);
    return action ? [pastMethod(action, task, index)] : [];
  });
  return {
    methods: [...own, ...actions.map(anewMethod), ...again],
    tasks: actions.map(({ name, params }) => ({ name: taskName(name), params, at: NOWHERE })),
    network: { ...network, members: redirect(network.members) },
  };
}

/** The same domain and problem, in which some actions cannot be done. */
export function withBans(
  { domain, problem }: { readonly domain: PddlDomain; readonly problem: PddlProblem },
  banned: readonly GroundTask[],
): { domain: PddlDomain; problem: PddlProblem } {
  const names = new Set(banned.map(({ name }) => name));
  if (names.size === 0) return { domain, problem };
  const actions = domain.actions.map((action) =>
    names.has(action.name)
      ? { ...action, precondition: { kind: 'and' as const, parts: [notBanned(action), action.precondition] } }
      : action,
  );
  const marks = banned.map(({ name, args }) => ({ predicate: banName(name), args: [...args] }));
  return { domain: { ...domain, actions }, problem: { ...problem, init: [...problem.init, ...marks] } };
}

/** {@link withHistory} with the way back from its plans. */
export function historyRoute(domain: PddlDomain, problem: PddlProblem, history: History): Route {
  return {
    ...withHistory(domain, problem, history),
    decode: (answer) =>
      answer.kind === 'hierarchical' ? withoutHistory(answer.plan, history) : sequenceOf(answer.plan, history),
  };
}

function sequenceOf(actions: readonly GroundTask[], { past }: History): ReturnType<Route['decode']> {
  const pastOf = new Map<number, number>();
  const plan = actions.map((task, position) => {
    const index = pastIndex(task.name);
    if (index === null) return task;
    pastOf.set(position, index);
    return past[index]?.task ?? task;
  });
  return { plan, pastOf };
}

/** A plan of the original problem from one of the problem of going on; `pastOf` says which past step an action is. */
export function withoutHistory(
  plan: HierarchicalPlan,
  { past }: History,
): { plan: HierarchicalPlan; pastOf: ReadonlyMap<number, number> } {
  const stands = new Map<number, number>();
  const decompositions: Decomposition[] = [];
  for (const one of plan.decompositions) {
    if (one.task.name.startsWith(`${MARK}do-`)) stands.set(one.id, one.children[0] ?? -1);
    else decompositions.push(one);
  }
  const real = (id: number): number => stands.get(id) ?? id;
  const pastOf = new Map<number, number>();
  const actions = plan.actions.map(({ id, task }) => {
    const index = pastIndex(task.name);
    if (index === null) return { id, task };
    pastOf.set(id, index);
    return { id, task: past[index]?.task ?? task };
  });
  return {
    plan: {
      actions,
      roots: plan.roots.map(real),
      decompositions: decompositions.map((one) => ({ ...one, children: one.children.map(real) })),
    },
    pastOf,
  };
}

/** Which past step an action of the transformed problem is, from 0; null for an action anew. */
export function pastIndex(name: string): number | null {
  const match = /^gk-past-(\d+)$/.exec(name);
  return match ? Number(match[1]) : null;
}

const textOf = ({ predicate, args }: Atom): string => [predicate, ...args].join(' ');

function declared(name: string): PddlDomain['predicates'][number] {
  return { name, params: [], at: NOWHERE };
}

const taskName = (action: string): string => `${MARK}do-${action}`;
const banName = (action: string): string => `${MARK}ban-${action}`;

function freshAction(action: ActionDef, now: number): ActionDef {
  return { ...action, precondition: { kind: 'and', parts: [isNow(now), notBanned(action), action.precondition] } };
}

function notBanned({ name, params }: ActionDef): Condition {
  const args = params.map((param) => param.name);
  return { kind: 'not', of: { kind: 'atom', atom: { predicate: banName(name), args } } };
}

/** What it did is known, so nothing is asked of the state but that it is its turn. */
function pastAction({ adds, deletes }: PastStep, index: number): ActionDef {
  return {
    name: `${MARK}past-${index}`,
    params: [],
    at: NOWHERE,
    precondition: isNow(index),
    effect: {
      kind: 'and',
      parts: [
        ...deletes.map((atom) => ({ kind: 'delete' as const, atom })),
        ...adds.map((atom) => ({ kind: 'add' as const, atom })),
        { kind: 'delete', atom: moment(index) },
        { kind: 'add', atom: moment(index + 1) },
      ],
    },
  };
}

function anewMethod({ name, params }: ActionDef): MethodDef {
  const args = params.map((param) => param.name);
  return {
    name: `${MARK}anew-${name}`,
    params,
    at: NOWHERE,
    task: { name: taskName(name), args },
    precondition: { kind: 'true' },
    network: { members: [{ id: 'anew', task: name, args, at: NOWHERE }], ordering: [], constraints: { kind: 'true' } },
  };
}

function pastMethod({ name, params }: ActionDef, task: GroundTask, index: number): MethodDef {
  const same = params.map((param, at): Condition => ({ kind: 'equal', left: param.name, right: task.args[at] ?? '' }));
  return {
    name: `${MARK}past-${index}`,
    params,
    at: NOWHERE,
    task: { name: taskName(name), args: params.map((param) => param.name) },
    precondition: { kind: 'and', parts: same },
    network: {
      members: [{ id: 'past', task: `${MARK}past-${index}`, args: [], at: NOWHERE }],
      ordering: [],
      constraints: { kind: 'true' },
    },
  };
}
