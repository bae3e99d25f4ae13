import { canonicalJson, type Json } from '../json';
import type { DomainPack, MethodDef, OperatorDef, ParamDef, Subtask } from './pack';
import { withDerived } from './axioms';
import type { State } from './state';
import { fill, fillObject, fromStep, variablesIn, type Bindings } from './terms';

/** One task instance of the network being decomposed. */
export interface Node {
  /** Path of methods and members from the root; a repeated compound member carries its index, `loop[2]`. */
  readonly lineage: string;
  readonly occurrence: number;
  /** True when the member repeats, so that labels count. */
  readonly repeats: boolean;
  /** The member's id in its method; the task's name for the root. */
  readonly member: string;
  readonly task: string;
  readonly args: Bindings;
  readonly depth: number;
  readonly parent: Node | null;
  /** Keys of the members that must be complete before this one begins. */
  readonly before: readonly string[];
  /** This node's own key and those of all it belongs to: it keeps each of them open. */
  readonly keys: readonly string[];
}

/** The definitions of one pack, prepared for decomposition. */
export interface Network {
  /** The state with what follows from it. */
  derive(state: State): State;
  readonly operators: ReadonlyMap<string, OperatorDef>;
  readonly methods: ReadonlyMap<string, readonly MethodDef[]>;
  /** Variables of a method's conditions that are not parameters of its task. */
  freeVariables(method: MethodDef): readonly string[];
  /** How many members `expand` would make: a pack or a client may name any number of repetitions. */
  sizeOf(method: MethodDef, variables: Bindings): number;
  /** The members of a method for this node, in declared order, repetitions unrolled. */
  expand(node: Node, method: MethodDef, variables: Bindings): Node[];
}

/** The network that contains one task alone. */
export function rootNode(task: string, args: Bindings): Node {
  return {
    lineage: task,
    occurrence: 0,
    repeats: false,
    member: task,
    task,
    args,
    depth: 0,
    parent: null,
    before: [],
    keys: [task],
  };
}

/** Lineage of a member of a method, without the index of repetition. */
export function memberLineage(lineage: string, method: string, member: string): string {
  return `${lineage}:${method}/${member}`;
}

/** Prepares a pack for {@link search}. */
export function networkOf(pack: DomainPack): Network {
  const operators = new Map(pack.operators.map((operator) => [operator.name, operator]));
  const params = new Map<string, readonly ParamDef[]>(
    [...pack.tasks, ...pack.operators].map((def) => [def.name, def.params]),
  );
  const methods = new Map<string, MethodDef[]>();
  for (const method of pack.methods) methods.set(method.task, [...(methods.get(method.task) ?? []), method]);
  const free = new Map<MethodDef, string[]>();
  for (const method of pack.methods) {
    const own = new Set((params.get(method.task) ?? []).map((param) => param.name));
    const asked = method.when.flatMap((literal) => variablesIn(literal.args));
    free.set(
      method,
      [...new Set(asked)].filter((name) => !own.has(name)),
    );
  }
  const axioms = pack.axioms ?? [];
  const derived = new WeakMap<State, State>();
  const derive = (state: State): State => {
    const known = derived.get(state) ?? withDerived(state, axioms);
    derived.set(state, known);
    return known;
  };
  return {
    operators,
    methods,
    derive: axioms.length === 0 ? (state) => state : derive,
    freeVariables: (method) => free.get(method) ?? [],
    sizeOf: (method, variables) => method.subtasks.reduce((sum, member) => sum + repetitions(member, variables), 0),
    expand: (node, method, variables) => expand({ node, method, variables, params, operators }),
  };
}

interface Expansion {
  readonly node: Node;
  readonly method: MethodDef;
  readonly variables: Bindings;
  readonly params: ReadonlyMap<string, readonly ParamDef[]>;
  readonly operators: ReadonlyMap<string, OperatorDef>;
}

function expand(expansion: Expansion): Node[] {
  const { method, variables } = expansion;
  const counts = new Map(method.subtasks.map((member) => [member.id, repetitions(member, variables)]));
  return method.subtasks.flatMap((member) => {
    const before = (member.after ?? []).flatMap((id) => keysOf(id, expansion, counts));
    return Array.from({ length: counts.get(member.id) ?? 0 }, (_, index) =>
      instance(expansion, member, { index, before }),
    );
  });
}

/** A member that is done no time at all hands its own predecessors on, so that order survives. */
function keysOf(id: string, expansion: Expansion, counts: ReadonlyMap<string, number>): string[] {
  const { node, method } = expansion;
  if (counts.get(id) !== 0) return [memberLineage(node.lineage, method.name, id)];
  const member = method.subtasks.find((candidate) => candidate.id === id);
  return (member?.after ?? []).flatMap((previous) => keysOf(previous, expansion, counts));
}

function repetitions(member: Subtask, variables: Bindings): number {
  if (!member.repeat) return 1;
  const count = fill(member.repeat.count, variables, () => null);
  return typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : 0;
}

function instance(expansion: Expansion, member: Subtask, at: { index: number; before: readonly string[] }): Node {
  const { node, method } = expansion;
  const bare = memberLineage(node.lineage, method.name, member.id);
  const isOperator = expansion.operators.has(member.task);
  const repeats = member.repeat !== undefined;
  const lineage = repeats && !isOperator ? `${bare}[${at.index}]` : bare;
  const previous = `${bare}[${at.index - 1}]`;
  const waits = repeats && !member.repeat.parallel && at.index > 0;
  return {
    lineage,
    occurrence: isOperator ? at.index : 0,
    repeats,
    member: member.id,
    task: member.task,
    args: argsOf(expansion, member, at.index),
    depth: node.depth + 1,
    parent: node,
    before: waits ? [...at.before, previous] : at.before,
    keys: repeats ? [...node.keys, bare, `${bare}[${at.index}]`] : [...node.keys, bare],
  };
}

function argsOf(expansion: Expansion, member: Subtask, index: number): Bindings {
  const { node, method, variables } = expansion;
  const inner: Bindings = member.repeat ? { ...variables, [member.repeat.as]: index } : variables;
  const given = fillObject(member.args, inner, ({ id, path }) =>
    fromStep(memberLineage(node.lineage, method.name, id), path),
  );
  return withDefaults(given, expansion.params.get(member.task) ?? []);
}

/** The arguments with the defaults of those not given. */
export function withDefaults(args: Bindings, params: readonly ParamDef[]): Bindings {
  const result: Record<string, Json> = { ...args };
  for (const param of params) {
    if (result[param.name] === undefined && param.default !== undefined) result[param.name] = param.default;
  }
  return result;
}

/**
 * One text for an open network, the same for networks that differ in lineage alone: recursion that comes back to
 * where it was is seen by it.
 */
export function networkKey(open: readonly Node[]): string {
  const holders = new Map<string, number[]>();
  open.forEach((node, index) => {
    for (const key of node.keys) {
      const held = holders.get(key);
      if (held) held.push(index);
      else holders.set(key, [index]);
    }
  });
  const lines = open.map((node) => {
    const before = node.before.flatMap((key) => holders.get(key) ?? []);
    return `${node.task} ${canonicalJson(node.args)} <${[...new Set(before)].sort((a, b) => a - b).join(',')}`;
  });
  return lines.join('\n');
}
