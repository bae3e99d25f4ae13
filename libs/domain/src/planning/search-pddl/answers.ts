import type { Decomposition, GroundTask, HierarchicalPlan } from '../pddl/model';
import type { TaskInstance } from './ground-problem';
import type { Trace } from './network';
import { isMadeUp } from './split-methods';
import type { World } from './world';

/** What the numbers in a trace mean. */
export interface Numbered {
  readonly tasks: readonly TaskInstance[];
  readonly methods: readonly { readonly name: string }[];
  readonly root: number;
}

/** Events of a trace, oldest first. */
export function eventsOf(trace: Trace | null): Trace[] {
  const events: Trace[] = [];
  for (let event = trace; event; event = event.before) events.push(event);
  return events.reverse();
}

/** A task with its arguments as written. */
export function nameTask(world: World, problem: Numbered, task: number): GroundTask {
  const instance = problem.tasks[task];
  return { name: instance?.name ?? '', args: (instance?.args ?? []).map((object) => world.objects[object] ?? '') };
}

/** The actions of a trace in order of execution. */
export function actionsOf(world: World, problem: Numbered, trace: Trace | null): GroundTask[] {
  return eventsOf(trace).flatMap(({ method, task }) => (method < 0 ? [nameTask(world, problem, task)] : []));
}

/**
 * Turns a trace into a plan: actions are numbered first, in order of execution, then the decompositions. Made-up tasks give way to
 * their one member.
 */
export function hierarchicalPlan(world: World, problem: Numbered, trace: Trace | null): HierarchicalPlan {
  const events = eventsOf(trace);
  const ids = new Map<number, number>();
  const executed = events.filter(({ method }) => method < 0);
  const isMade = (task: number): boolean => isMadeUp(problem.tasks[task]?.name ?? '');
  const decomposed = events.filter(({ method, task }) => method >= 0 && task !== problem.root && !isMade(task));
  const member = new Map(events.flatMap(({ uid, task, children }) => (isMade(task) ? [[uid, children[0] ?? -1]] : [])));
  for (const { uid } of [...executed, ...decomposed]) ids.set(uid, ids.size);
  const idOf = (uid: number): number => {
    const inner = member.get(uid);
    return inner === undefined ? (ids.get(uid) ?? -1) : idOf(inner);
  };
  const decompositions = decomposed.map<Decomposition>(({ uid, task, method, children }) => {
    const name = problem.methods[method]?.name ?? '';
    return { id: idOf(uid), task: nameTask(world, problem, task), method: name, children: children.map(idOf) };
  });
  const root = events.find(({ task, method }) => method >= 0 && task === problem.root);
  return {
    actions: executed.map(({ uid, task }) => ({ id: idOf(uid), task: nameTask(world, problem, task) })),
    roots: (root?.children ?? []).map(idOf),
    decompositions,
  };
}
