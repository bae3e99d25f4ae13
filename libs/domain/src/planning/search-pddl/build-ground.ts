import { ConditionGrounder } from './ground-condition';
import type { Binding, Dnf } from './ground-condition';
import type { GroundAxiom, GroundEffect, GroundMethod, GroundProblem, Operator } from './ground-problem';
import type { Instances, MethodInstance } from './instances';
import { positionsOf } from './instances';
import type { Lifted, LiftedAction } from './lifted';
import type { Meter } from './meter';
import { Join } from './join';
import { collectDemands, emptyDemands, toNegationNormalForm } from './normal-form';
import { executionOrder } from './order';
import type { Relations } from './relation';
import { stratify } from './strata';

interface RawOperator {
  readonly task: number;
  readonly conditions: Dnf;
  readonly binding: Binding;
  readonly action: LiftedAction;
  readonly whens: { readonly conditions: Dnf; readonly binding: Binding; readonly effect: number }[];
}

/** Turns instances into a ground problem: first all conditions, so that effects on facts nobody asks about can be left out. */
export function buildGround(lifted: Lifted, facts: Relations, instances: Instances, meter: Meter): GroundProblem {
  const strata = stratify(lifted.axioms);
  const lastStratum = Math.max(0, ...strata.values()) + 1;
  const grounder = new ConditionGrounder(lifted.world, facts, meter, lastStratum);
  const raw: RawOperator[] = [];
  instances.tasks.forEach((task, id) => {
    const action = task.primitive ? lifted.actions.get(task.name) : undefined;
    if (action) raw.push(rawOperator(grounder, action, id, task.args));
  });
  const methods = instances.methods.flatMap((instance) => groundMethods(grounder, instance));
  const goal = asConjunction(grounder, lifted);
  const axioms = [...groundAxioms({ lifted, facts, grounder, meter, strata }), ...grounder.auxiliary, ...goal.axioms];
  const operators = raw.flatMap((one) => finishOperator(lifted, grounder, one));
  const derived = new Map(axioms.map(({ head, stratum }) => [head, stratum]));
  grounder.facts.forEach((fact, id) => {
    const stratum = strata.get(fact.predicate);
    if (stratum !== undefined) derived.set(id, stratum);
  });
  return {
    factCount: grounder.facts.length,
    facts: grounder.facts,
    negationOf: Int32Array.from(grounder.negationOf),
    init: initialFacts(lifted, grounder),
    goal: goal.facts,
    axioms: axioms.toSorted((a, b) => a.stratum - b.stratum),
    derived,
    tasks: instances.tasks,
    operators,
    methods,
    operatorsOf: group(instances.tasks.length, operators),
    methodsOf: group(instances.tasks.length, methods),
    root: instances.root,
  };
}

function group(count: number, items: readonly { readonly task: number }[]): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  items.forEach(({ task }, index) => lists[task]?.push(index));
  return lists;
}

function rawOperator(
  grounder: ConditionGrounder,
  action: LiftedAction,
  task: number,
  args: readonly number[],
): RawOperator {
  const binding = new Map(action.def.params.map(({ name }, index) => [name, args[index] ?? -1]));
  const conditions = grounder.ground(action.condition, binding);
  const whens =
    conditions.length === 0
      ? []
      : action.effects.effects.flatMap(({ vars, condition }, effect) => {
          const cases = vars.length === 0 ? [binding] : grounder.cases(vars, binding);
          return cases.flatMap((inner) => {
            const when = grounder.ground(condition, inner);
            return when.length === 0 ? [] : [{ conditions: when, binding: inner, effect }];
          });
        });
  return { task, conditions, binding, action, whens };
}

function finishOperator(lifted: Lifted, grounder: ConditionGrounder, raw: RawOperator): Operator[] {
  const effects: GroundEffect[] = raw.whens.flatMap(({ conditions, binding, effect }) => {
    const flat = raw.action.effects.effects[effect];
    const adds = (flat?.adds ?? []).map((atom) => grounder.known(atom, binding)).filter((fact) => fact >= 0);
    const deletes = (flat?.deletes ?? []).map((atom) => grounder.known(atom, binding)).filter((fact) => fact >= 0);
    if (adds.length + deletes.length === 0) return [];
    return conditions.map((condition) => ({ condition, adds, deletes }));
  });
  const cost = actionCost(lifted, raw);
  return raw.conditions.map((condition) => ({ task: raw.task, condition, effects, cost }));
}

/** What one execution of an action costs; 1 where the problem does not ask for cheap plans. */
export function actionCost(lifted: Lifted, { action, binding }: Pick<RawOperator, 'action' | 'binding'>): number {
  const { world } = lifted;
  if (!world.problem.minimizesCost) return 1;
  return action.effects.costs.reduce<number>((sum, term) => {
    if (typeof term === 'number') return sum + term;
    const args = term.args.map((arg) => world.objects[binding.get(arg) ?? world.objectIds.get(arg) ?? -1]);
    return sum + (costTable(lifted).get([term.function, ...args].join(' ')) ?? 0);
  }, 0);
}

const costTables = new WeakMap<Lifted, Map<string, number>>();

function costTable(lifted: Lifted): Map<string, number> {
  const known = costTables.get(lifted);
  if (known) return known;
  const { values } = lifted.world.problem;
  const made = new Map(values.map((value) => [[value.function, ...value.args].join(' '), value.value]));
  costTables.set(lifted, made);
  return made;
}

function groundMethods(
  grounder: ConditionGrounder,
  { lifted, task, binding, members }: MethodInstance,
): GroundMethod[] {
  const { penalty, sequence: linear } = lifted;
  const positions = positionsOf(lifted);
  const values = new Map([...positions].map(([name, position]) => [name, binding[position] ?? -1]));
  const { ordering, sequence } = executionOrder(lifted.network);
  const conditions = grounder.ground(lifted.condition, values);
  return conditions.map((condition) => ({
    task,
    name: lifted.name,
    condition,
    members,
    ordering,
    sequence,
    linear,
    penalty,
  }));
}

function asConjunction(
  grounder: ConditionGrounder,
  lifted: Lifted,
): { facts: readonly number[]; axioms: GroundAxiom[] } {
  const dnf = grounder.ground(toNegationNormalForm(lifted.world.problem.goal), new Map());
  if (dnf.length === 1) return { facts: dnf[0] ?? [], axioms: [] };
  const head = grounder.madeUpFact();
  return { facts: [head], axioms: dnf.map((body) => ({ head, body, stratum: Number.MAX_SAFE_INTEGER })) };
}

interface AxiomContext {
  readonly lifted: Lifted;
  readonly facts: Relations;
  readonly grounder: ConditionGrounder;
  readonly meter: Meter;
  readonly strata: ReadonlyMap<string, number>;
}

function groundAxioms({ lifted, facts, grounder, meter, strata }: AxiomContext): GroundAxiom[] {
  const found: GroundAxiom[] = [];
  for (const { def, condition } of lifted.axioms) {
    const query = { vars: def.params, demands: collectDemands(condition, emptyDemands()) };
    const head = { kind: 'atom' as const, atom: { predicate: def.name, args: def.params.map(({ name }) => name) } };
    new Join(lifted.world, facts, query, meter).run([], -1, null, (row) => {
      const binding = new Map(def.params.map(({ name }, index) => [name, row[index] ?? -1]));
      const fact = grounder.ground(head, binding)[0]?.[0];
      if (fact === undefined) return;
      const stratum = strata.get(def.name) ?? 0;
      for (const body of grounder.ground(condition, binding)) found.push({ head: fact, body, stratum });
    });
  }
  return found;
}

function initialFacts(lifted: Lifted, grounder: ConditionGrounder): number[] {
  const { problem } = lifted.world;
  const init = new Set(problem.init.map((atom) => grounder.known(atom, new Map())).filter((fact) => fact >= 0));
  grounder.facts.forEach((fact, id) => {
    if (fact.of >= 0 && !init.has(fact.of)) init.add(id);
  });
  return [...init];
}
