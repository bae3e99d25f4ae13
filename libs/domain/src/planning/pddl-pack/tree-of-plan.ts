import type { JsonObject } from '../../json';
import { memberLineage, type Node } from '../network';
import type { DomainPack, MethodDef as PackMethod, OperatorDef } from '../pack';
import type { GroundTask, HierarchicalPlan, MethodDef, TaskNetwork } from '../pddl/model';
import { paramName } from './pack-of-domain';
import type { PddlGoal } from './problem-of-goal';

/** Name of the only way to do the network of a problem, and of the way of a classical plan. */
export const NETWORK_METHOD = 'network';
export const SEARCH_METHOD = 'search';

/** One action of a plan, in order of execution, with its place in the network. */
export interface PlacedAction {
  readonly id: number;
  readonly task: GroundTask;
  readonly node: Node;
  readonly operator: OperatorDef;
  readonly args: JsonObject;
}

/** A decomposition with its place; `method` is null for the network of the problem itself. */
export interface PlacedMethod {
  readonly node: Node;
  readonly task: GroundTask | null;
  readonly method: MethodDef | null;
  readonly network: TaskNetwork;
  readonly children: readonly GroundTask[];
  /** Positions of the first action below it, and of the first at which it may begin. */
  readonly first: number;
  readonly earliest: number;
  readonly definition: PackMethod;
}

export interface PlacedPlan {
  readonly actions: readonly PlacedAction[];
  readonly methods: readonly PlacedMethod[];
}

interface Request {
  readonly name: string;
  readonly args: JsonObject;
}

/** Places the actions of a plan in the network of the request: lineages, order, arguments as the client spells them. */
export function placePlan(
  pack: DomainPack,
  goal: PddlGoal,
  request: Request,
  plan: HierarchicalPlan | readonly GroundTask[],
): PlacedPlan {
  return isSequence(plan)
    ? placeSequence({ pack, goal, request }, plan)
    : new Placing({ pack, goal, request }, plan).run();
}

function isSequence(plan: HierarchicalPlan | readonly GroundTask[]): plan is readonly GroundTask[] {
  return Array.isArray(plan);
}

interface Scene {
  readonly pack: DomainPack;
  readonly goal: PddlGoal;
  readonly request: Request;
}

function rootOf({ request }: Scene): Node {
  const { name } = request;
  return {
    lineage: name,
    occurrence: 0,
    repeats: false,
    member: name,
    task: name,
    args: request.args,
    depth: 0,
    parent: null,
    before: [],
    keys: [name],
  };
}

function placeSequence(scene: Scene, plan: readonly GroundTask[]): PlacedPlan {
  const root = rootOf(scene);
  const counts = new Map<string, number>();
  const actions = plan.map((task, id): PlacedAction => {
    const lineage = memberLineage(root.lineage, SEARCH_METHOD, task.name);
    const occurrence = counts.get(lineage) ?? 0;
    counts.set(lineage, occurrence + 1);
    const { operator, args } = operatorOf(scene, task);
    const keys = [root.lineage, lineage];
    const node = {
      ...root,
      lineage,
      occurrence,
      member: task.name,
      task: operator.name,
      args,
      depth: 1,
      parent: root,
      keys,
    };
    return { id, task, node, operator, args };
  });
  const definition = definitionOf(scene.request.name, SEARCH_METHOD, []);
  const network: TaskNetwork = { members: [], ordering: [], constraints: { kind: 'true' } };
  const method = { node: root, task: null, method: null, network, children: [], first: 0, earliest: 0, definition };
  return { actions, methods: [method] };
}

/** The operator of the pack that an action is, with the arguments of the action and what the request hands on. */
function operatorOf({ pack, goal, request }: Scene, task: GroundTask): { operator: OperatorDef; args: JsonObject } {
  const name = `${pack.name}.${task.name}`;
  const operator = pack.operators.find((candidate) => candidate.name === name);
  if (!operator) throw new TypeError(`The pack ${pack.name} has no operator ${name}`);
  const own = goal.domain.actions.find((action) => action.name === task.name)?.params ?? [];
  const args: Record<string, JsonObject[string]> = {};
  own.forEach((param, index) => {
    const object = task.args[index] ?? '';
    args[paramName(param.name)] = goal.spelling.get(object) ?? object;
  });
  for (const { name: param } of operator.params) {
    const value = request.args[param];
    if (value !== undefined && args[param] === undefined) args[param] = value;
  }
  return { operator, args };
}

function definitionOf(task: string, name: string, members: TaskNetwork['members']): PackMethod {
  const subtasks = members.map((member) => ({ id: member.id, task: member.task, args: {} }));
  return { name, task, summary: '', when: [], subtasks, cost: 0 };
}

class Placing {
  private readonly actions = new Map<number, PlacedAction>();
  private readonly methods: PlacedMethod[] = [];
  private readonly position: ReadonlyMap<number, number>;
  private readonly decomposition: ReadonlyMap<number, HierarchicalPlan['decompositions'][number]>;
  private readonly task: ReadonlyMap<number, GroundTask>;

  constructor(
    private readonly scene: Scene,
    private readonly plan: HierarchicalPlan,
  ) {
    this.position = new Map(plan.actions.map(({ id }, index) => [id, index]));
    this.decomposition = new Map(plan.decompositions.map((one) => [one.id, one]));
    this.task = new Map([...plan.actions, ...plan.decompositions].map(({ id, task }) => [id, task]));
  }

  run(): PlacedPlan {
    const { goal } = this.scene;
    const root = rootOf(this.scene);
    const network = goal.problem.network;
    if (!network) throw new TypeError('A hierarchical plan needs a problem with a network');
    this.method(root, { name: NETWORK_METHOD, task: null, method: null, network, ids: this.plan.roots, earliest: 0 });
    const actions = this.plan.actions.flatMap(({ id }) => this.actions.get(id) ?? []);
    return { actions, methods: this.methods };
  }

  private method(
    node: Node,
    made: Pick<PlacedMethod, 'task' | 'method' | 'network' | 'earliest'> & { name: string; ids: readonly number[] },
  ): void {
    const { name, ids, network, task, method, earliest } = made;
    const order = topological(network);
    const spans = new Map<string, { first: number; last: number }>();
    ids.forEach((id, index) => spans.set(network.members[index]?.id ?? '', this.span(id)));
    this.methods.push({
      node,
      task,
      method,
      network,
      earliest,
      children: ids.flatMap((id) => this.task.get(id) ?? []),
      first: Math.min(...[...spans.values()].map(({ first }) => first)),
      definition: definitionOf(node.task, name, network.members),
    });
    const begins = new Map<string, number>();
    for (const index of order) {
      const member = network.members[index];
      const id = ids[index];
      if (!member || id === undefined) continue;
      const before = network.ordering.filter(([, later]) => later === member.id).map(([earlier]) => earlier);
      const start = Math.max(
        earliest,
        ...before.map((one) => Math.max(begins.get(one) ?? 0, (spans.get(one)?.last ?? -1) + 1)),
      );
      begins.set(member.id, start);
      this.place(node, { name, id, member: member.id, before, earliest: start });
    }
  }

  private place(
    parent: Node,
    at: { name: string; id: number; member: string; before: readonly string[]; earliest: number },
  ): void {
    const task = this.task.get(at.id);
    if (!task) throw new TypeError(`The plan names a part ${at.id} that it does not have`);
    const lineage = memberLineage(parent.lineage, at.name, at.member);
    const before = at.before.map((one) => memberLineage(parent.lineage, at.name, one));
    const base = { lineage, occurrence: 0, repeats: false, member: at.member, depth: parent.depth + 1, parent, before };
    const keys = [...parent.keys, lineage];
    const decomposition = this.decomposition.get(at.id);
    if (!decomposition) {
      const { operator, args } = operatorOf(this.scene, task);
      const node: Node = { ...base, task: operator.name, args, keys };
      this.actions.set(at.id, { id: at.id, task, node, operator, args });
      return;
    }
    const { goal, pack } = this.scene;
    const method = goal.domain.methods.find(
      ({ name, task: done }) => name === decomposition.method && done.name === task.name,
    );
    if (!method) throw new TypeError(`The domain has no method ${decomposition.method} for ${task.name}`);
    const node: Node = { ...base, task: `${pack.name}.${task.name}`, args: {}, keys };
    const { name, network } = method;
    this.method(node, { name, task, method, network, ids: decomposition.children, earliest: at.earliest });
  }

  /** Positions of the first and the last action below. */
  private span(id: number): { first: number; last: number } {
    const own = this.position.get(id);
    if (own !== undefined) return { first: own, last: own };
    const spans = (this.decomposition.get(id)?.children ?? []).map((child) => this.span(child));
    return {
      first: Math.min(Infinity, ...spans.map(({ first }) => first)),
      last: Math.max(-1, ...spans.map(({ last }) => last)),
    };
  }
}

/** Positions of the members so that whatever comes before another is listed before it. */
function topological({ members, ordering }: TaskNetwork): number[] {
  const left = new Set(members.keys());
  const result: number[] = [];
  while (left.size > 0) {
    const open = new Set([...left].map((index) => members[index]?.id));
    const next = [...left].find((index) =>
      ordering.every(([earlier, later]) => later !== members[index]?.id || !open.has(earlier)),
    );
    if (next === undefined) throw new TypeError('The members of a network wait for each other');
    left.delete(next);
    result.push(next);
  }
  return result;
}
