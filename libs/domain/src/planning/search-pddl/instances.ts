import { compoundTask } from './compound-task';
import { worthOf } from './consumables';
import { Join } from './join';
import type { Lifted, LiftedMethod } from './lifted';
import { TooLarge } from './meter';
import type { Meter } from './meter';
import type { TaskInstance } from './ground-problem';
import { collectDemands, emptyDemands } from './normal-form';
import type { Relations } from './relation';
import { Relation } from './relation';

export interface MethodInstance {
  readonly lifted: LiftedMethod;
  readonly task: number;
  readonly binding: readonly number[];
  readonly members: readonly number[];
}

export interface Instances {
  readonly tasks: readonly TaskInstance[];
  readonly methods: readonly MethodInstance[];
  readonly root: number;
}

/** Numbers ground tasks. */
export class TaskTable {
  readonly tasks: TaskInstance[] = [];
  private readonly rows = new Map<string, { relation: Relation; ids: number[] }>();

  constructor(private readonly lifted: Lifted) {}

  /** Number of a task, or −1 when its arguments do not fit the declared types. */
  idOf(name: string, args: readonly number[]): number {
    const { world, actions } = this.lifted;
    let rows = this.rows.get(name);
    if (!rows)
      this.rows.set(name, (rows = { relation: new Relation(name, args.length, world.objects.length), ids: [] }));
    const row = rows.relation.row(args);
    if (row >= 0) return rows.ids[row] ?? -1;
    const action = actions.get(name);
    const params = (action?.def ?? compoundTask(world.domain, name))?.params ?? [];
    const fits = params.every(({ types }, index) => world.isOf(args[index] ?? -1, types));
    const id = fits ? this.tasks.length : -1;
    if (fits) this.tasks.push({ name, args, primitive: action !== undefined });
    rows.relation.add(args);
    rows.ids.push(id);
    return id;
  }
}

/**
 * Ground tasks and methods that the initial network can be refined to, top-down. A method's free parameters are bound by a join of
 * its precondition and those of its primitive members over the reachable facts.
 *
 * @throws {TooLarge} when there are more than `maxMethods`
 */
export function decomposeFromRoot(lifted: Lifted, facts: Relations, meter: Meter, maxMethods: number): Instances {
  const table = new TaskTable(lifted);
  const methods: MethodInstance[] = [];
  const joins = new Map<LiftedMethod, Join>();
  const root = table.idOf('', []);
  const worth = worthOf(lifted.world);
  for (let task = 0; task < table.tasks.length; task += 1) {
    const instance = table.tasks[task];
    if (!instance || instance.primitive) continue;
    const candidates = task === root ? (lifted.root ? [lifted.root] : []) : (lifted.methods.get(instance.name) ?? []);
    for (const method of candidates) {
      let join = joins.get(method);
      if (!join) joins.set(method, (join = new Join(lifted.world, facts, method.query, meter)));
      const bound = bindHead(lifted, method, instance.args);
      if (!bound) continue;
      const found: (MethodInstance & { worth: number })[] = [];
      join.run(bound, -1, null, (row) => {
        const members = memberTasks(lifted, table, method, row);
        if (members) found.push({ lifted: method, task, binding: row.slice(), members, worth: worth(row) });
        if (methods.length + found.length > maxMethods) throw new TooLarge();
      });
      for (const one of found.sort((a, b) => a.worth - b.worth)) methods.push(one);
    }
  }
  return { tasks: table.tasks, methods, root };
}

/** Values of a method's parameters that its task fixes (−1: free), or null when the task does not fit its head. */
export function bindHead(lifted: Lifted, method: LiftedMethod, args: readonly number[]): number[] | null {
  const positions = positionsOf(method);
  const bound = method.params.map(() => -1);
  for (let index = 0; index < method.head.length; index += 1) {
    const position = positions.get(method.head[index] ?? '');
    const value = args[index] ?? -1;
    const fixed =
      position === undefined ? lifted.world.objectIds.get(method.head[index] ?? '') : (bound[position] ?? -1);
    if (fixed !== undefined && fixed >= 0 && fixed !== value) return null;
    if (position !== undefined) bound[position] = value;
  }
  return bound;
}

const positionCache = new WeakMap<LiftedMethod, Map<string, number>>();

export function positionsOf(method: LiftedMethod): Map<string, number> {
  const known = positionCache.get(method);
  if (known) return known;
  const made = new Map(method.params.map(({ name }, index) => [name, index]));
  positionCache.set(method, made);
  return made;
}

export function memberTasks(
  lifted: Lifted,
  table: TaskTable,
  method: LiftedMethod,
  row: readonly number[],
): number[] | null {
  const positions = positionsOf(method);
  const members: number[] = [];
  for (const { task, args } of method.network.members) {
    const values = args.map((term) => row[positions.get(term) ?? -1] ?? lifted.world.objectIds.get(term) ?? -1);
    const id = table.idOf(task, values);
    if (id < 0) return null;
    members.push(id);
  }
  return members;
}

/** All ground actions whose preconditions are reachable: the tasks of a classical problem. @throws {TooLarge} */
export function groundActions(lifted: Lifted, facts: Relations, meter: Meter, maxActions: number): Instances {
  const table = new TaskTable(lifted);
  for (const { def, condition } of lifted.actions.values()) {
    const query = { vars: def.params, demands: collectDemands(condition, emptyDemands()) };
    new Join(lifted.world, facts, query, meter).run([], -1, null, (row) => {
      table.idOf(def.name, row.slice());
      if (table.tasks.length > maxActions) throw new TooLarge();
    });
  }
  return { tasks: table.tasks, methods: [], root: -1 };
}
