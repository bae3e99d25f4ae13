import { canonicalJson, type Json, type JsonObject } from '../json';
import type { DomainPack, Literal, OperatorDef } from './pack';
import { isOfType } from './param-type';
import type {
  ActionDef,
  Atom,
  Condition,
  Effect,
  GroundTask,
  PddlDomain,
  PddlProblem,
  PlanningBudget,
} from './pddl/model';
import { solve } from './search-pddl/solve';
import type { State } from './state';
import { fill, variableName, variablesIn, type Bindings } from './terms';

/** An operator with its arguments. */
export interface Act {
  readonly operator: string;
  readonly args: JsonObject;
}

const NOWHERE = { line: 0, column: 0 };
const typeName = (type: string): string => `gk-is-${type}`;

/**
 * Finds operators that bring about facts, by classical search over a pack's operators: for tasks that no method does. Values are
 * those that the state, the task and the definitions mention; operators whose facts are more than names are left out.
 *
 * @param given arguments of the task, handed to operators' parameters of the same name that no fact mentions
 * @returns the operators in order; null when there is no way, or none within the budget
 */
export function achieve(
  pack: DomainPack,
  wanted: { readonly facts: readonly Literal[]; readonly state: State; readonly given: Bindings },
  budget: PlanningBudget,
): readonly Act[] | null {
  const values = new Values();
  const { facts, state, given } = wanted;
  const goal: Condition = { kind: 'and', parts: facts.map((fact) => conditionOf(fact, values)) };
  Object.values(given).forEach((value) => values.nameOf(value));
  const init = [...state.values()].map(({ predicate, args }) => ({
    predicate,
    args: args.map((arg) => values.nameOf(arg)),
  }));
  const usable = pack.operators.filter(isPlain);
  const actions = usable.map((operator) => actionOf(operator, values));
  const types = [...new Set(usable.flatMap(({ params }) => params.map(({ type }) => type)))];
  const typed = types.flatMap((type): Atom[] =>
    values
      .all()
      .flatMap(([name, value]) => (isOfType(value, type) ? [{ predicate: typeName(type), args: [name] }] : [])),
  );
  const domain: PddlDomain = {
    ...{
      name: pack.name,
      requirements: [],
      types: new Map(),
      constants: [],
      functions: [],
      tasks: [],
      methods: [],
      axioms: [],
    },
    predicates: [],
    actions,
  };
  const problem: PddlProblem = {
    ...{ name: 'facts', domain: pack.name, values: [], goal, network: null, minimizesCost: true },
    objects: values.all().map(([name]) => ({ name, types: ['object'] })),
    init: [...init, ...typed],
  };
  const answer = solve(domain, problem, budget);
  return answer.kind === 'classical' ? answer.plan.map((task) => actOf(task, { usable, values, given })) : null;
}

/** The operator that an action of the search is, with its arguments as values again. */
function actOf(
  { name, args }: GroundTask,
  {
    usable,
    values,
    given,
  }: { readonly usable: readonly OperatorDef[]; readonly values: Values; readonly given: Bindings },
): Act {
  const operator = usable.find((candidate) => candidate.name === name);
  const params = operator ? mentioned(operator) : [];
  const own = Object.fromEntries(params.map((param, index) => [param, values.valueOf(args[index] ?? '')]));
  const rest = (operator?.params ?? []).flatMap(({ name: param }) =>
    own[param] === undefined && given[param] !== undefined ? [[param, given[param]] as const] : [],
  );
  return { operator: name, args: { ...Object.fromEntries(rest), ...own } };
}

/** JSON values as objects of a planning problem. */
class Values {
  private readonly names = new Map<string, string>();
  private readonly values = new Map<string, Json>();

  nameOf(value: Json): string {
    const key = canonicalJson(value);
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = `v${this.names.size}`;
    this.names.set(key, name);
    this.values.set(name, value);
    return name;
  }

  valueOf(name: string): Json {
    return this.values.get(name) ?? null;
  }

  all(): [string, Json][] {
    return [...this.values];
  }
}

/** Parameters that an operator's facts mention. */
function mentioned({ params, when, adds, deletes }: OperatorDef): string[] {
  const used = new Set([...when, ...adds, ...deletes].flatMap(({ args }) => variablesIn(args)));
  return params.flatMap(({ name }) => (used.has(name) ? [name] : []));
}

/** Every argument of its facts is a parameter, or a value without any. */
function isPlain({ when, adds, deletes }: OperatorDef): boolean {
  const isName = (arg: Json): boolean =>
    variablesIn(arg).length === 0 || (typeof arg === 'string' && variableName(arg) !== null);
  return [...when, ...adds, ...deletes].every(({ args }) => args.every(isName));
}

function actionOf(operator: OperatorDef, values: Values): ActionDef {
  const names = mentioned(operator);
  const types = operator.params.filter(({ name }) => names.includes(name));
  const typed = types.map(({ name, type }): Condition => ({
    kind: 'atom',
    atom: { predicate: typeName(type), args: [`?${name}`] },
  }));
  const change = (kind: 'add' | 'delete', literals: readonly Literal[]): Effect[] =>
    literals.map((literal) => ({ kind, atom: atomOf(literal, values) }));
  const cost: Effect = { kind: 'cost', by: operator.cost ?? 1 };
  return {
    name: operator.name,
    params: names.map((name) => ({ name: `?${name}`, types: ['object'] })),
    at: NOWHERE,
    precondition: { kind: 'and', parts: [...typed, ...operator.when.map((literal) => conditionOf(literal, values))] },
    effect: { kind: 'and', parts: [...change('delete', operator.deletes), ...change('add', operator.adds), cost] },
  };
}

function atomOf({ predicate, args }: Literal, values: Values): Atom {
  const term = (arg: Json): string => {
    const name = typeof arg === 'string' ? variableName(arg) : null;
    return name === null ? values.nameOf(fill(arg, {}, () => null) ?? null) : `?${name}`;
  };
  return { predicate, args: args.map(term) };
}

function conditionOf(literal: Literal, values: Values): Condition {
  const atom = atomOf(literal, values);
  const [left = '', right = ''] = atom.args;
  const positive: Condition =
    literal.predicate === 'equal'
      ? { kind: 'equal', left, right }
      : literal.predicate === 'given'
        ? { kind: 'not', of: { kind: 'equal', left, right: values.nameOf(null) } }
        : { kind: 'atom', atom };
  return literal.not ? { kind: 'not', of: positive } : positive;
}
