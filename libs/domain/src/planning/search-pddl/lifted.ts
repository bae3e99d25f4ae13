import { compoundTask } from './compound-task';
import type { ActionDef, Axiom, Condition, MethodDef, TaskNetwork, Term, Typed } from '../pddl/model';
import type { FlatEffects } from './effects';
import { flattenEffect } from './effects';
import type { Query, QueryVar } from './join';
import { linearOrders } from './linear-order';
import { collectDemands, emptyDemands, toNegationNormalForm } from './normal-form';
import { addMemberDemands, inferTaskDemands } from './task-demands';
import type { World } from './world';

export interface LiftedAction {
  readonly def: ActionDef;
  readonly condition: Condition;
  readonly effects: FlatEffects;
}

export interface LiftedMethod {
  /** Null: the initial network, seen as the only method of an artificial task. */
  readonly def: MethodDef | null;
  readonly name: string;
  readonly params: readonly Typed[];
  readonly head: readonly Term[];
  readonly condition: Condition;
  readonly network: TaskNetwork;
  /** What a ground instance must satisfy, also on behalf of its primitive members. */
  readonly query: Query;
  /** Steps that choosing it counts for beyond those of its members. */
  readonly penalty: number;
  /** Positions of the members in an order that the network allows: see {@link linearOrders}. */
  sequence: readonly number[];
}

export interface LiftedAxiom {
  readonly def: Axiom;
  readonly condition: Condition;
}

/** The domain with its conditions in normal form. */
export interface Lifted {
  readonly world: World;
  readonly actions: ReadonlyMap<string, LiftedAction>;
  /** By name of the task. */
  readonly methods: ReadonlyMap<string, readonly LiftedMethod[]>;
  readonly axioms: readonly LiftedAxiom[];
  readonly root: LiftedMethod | null;
  /** What every way to do a compound task needs. */
  readonly taskDemands: ReturnType<typeof inferTaskDemands>;
}

/**
 * @param penalties steps that methods count for beyond those of their members, by `TASK METHOD`
 * @param poll called now and then: very many methods or members take their time
 */
export function buildLifted(
  world: World,
  penalties: ReadonlyMap<string, number> = new Map(),
  poll: () => void = () => undefined,
): Lifted {
  const { domain, problem } = world;
  const actions = new Map(
    domain.actions.map((def) => {
      const condition = toNegationNormalForm(def.precondition);
      return [def.name, { def, condition, effects: flattenEffect(def.effect) }] as const;
    }),
  );
  const methods = new Map<string, LiftedMethod[]>();
  for (const def of domain.methods) {
    const list = methods.get(def.task.name) ?? [];
    methods.set(def.task.name, list);
    const penalty = penalties.get(`${def.task.name} ${def.name}`) ?? 0;
    list.push(buildMethod(world, actions, { ...def, head: def.task.args, def, penalty }));
    poll();
  }
  const axioms = domain.axioms.map((def) => ({ def, condition: toNegationNormalForm(def.condition) }));
  const { network } = problem;
  const initial = network && {
    def: null,
    name: '',
    params: network.params,
    head: [],
    precondition: { kind: 'true' as const },
    network,
    penalty: 0,
  };
  const root = initial && buildMethod(world, actions, initial);
  const taskDemands = inferTaskDemands({ world, actions, methods });
  const linear = linearOrders({ actions, methods });
  for (const method of [...[...methods.values()].flat(), ...(root ? [root] : [])]) {
    addMemberDemands(method, taskDemands, method.query.demands);
    method.sequence = linear(method.network);
    poll();
  }
  return { world, actions, methods, axioms, root, taskDemands };
}

interface RawMethod {
  readonly def: MethodDef | null;
  readonly name: string;
  readonly params: readonly Typed[];
  readonly head: readonly Term[];
  readonly precondition: Condition;
  readonly network: TaskNetwork;
  readonly penalty: number;
}

function buildMethod(world: World, actions: ReadonlyMap<string, LiftedAction>, raw: RawMethod): LiftedMethod {
  const { def, name, params, head, network, penalty } = raw;
  const condition = toNegationNormalForm({ kind: 'and', parts: [raw.precondition, network.constraints] });
  const demands = collectDemands(condition, emptyDemands());
  const also = new Map<string, (readonly string[])[]>(params.map((param) => [param.name, []]));
  const task = def && compoundTask(world.domain, def.task.name);
  head.forEach((term, index) => also.get(term)?.push(task?.params[index]?.types ?? ['object']));
  for (const member of network.members) {
    const action = actions.get(member.task);
    const declared = action?.def ?? compoundTask(world.domain, member.task);
    member.args.forEach((term, index) => also.get(term)?.push(declared?.params[index]?.types ?? ['object']));
    if (!action) continue;
    const renaming = new Map(action.def.params.map((param, index) => [param.name, member.args[index] ?? '']));
    collectDemands(action.condition, demands, (term) => renaming.get(term) ?? term);
  }
  const vars: QueryVar[] = params.map((param) => ({ ...param, also: also.get(param.name) ?? [] }));
  return { def, name, params, head, condition, network, penalty, sequence: [], query: { vars, demands } };
}
