import type { Atom, Condition, Term, Typed } from '../pddl/model';

/** Objects by the variables that stand for them. */
export type Binding = ReadonlyMap<string, string>;

export const isVariable = (term: Term): boolean => term.startsWith('?');

/** The object that a term stands for; undefined for a variable that is not bound. */
export function valueOf(term: Term, binding: Binding): string | undefined {
  return isVariable(term) ? binding.get(term) : term;
}

/** The objects of terms whose variables are all bound. */
export function valuesOf(terms: readonly Term[], binding: Binding): string[] {
  return terms.map((term) => {
    const value = valueOf(term, binding);
    if (value === undefined) throw new Error(`The variable ${term} is not declared where it is used`);
    return value;
  });
}

/** Says the opposite, with the negation pushed inwards so that what must hold can be searched for. */
export function negate(condition: Condition): Condition {
  switch (condition.kind) {
    case 'true':
      return { kind: 'or', parts: [] };
    case 'not':
      return condition.of;
    case 'and':
      return { kind: 'or', parts: condition.parts.map(negate) };
    case 'or':
      return { kind: 'and', parts: condition.parts.map(negate) };
    case 'imply':
      return { kind: 'and', parts: [condition.if, negate(condition.then)] };
    case 'forall':
      return { kind: 'exists', vars: condition.vars, of: negate(condition.of) };
    case 'exists':
      return { kind: 'forall', vars: condition.vars, of: negate(condition.of) };
    default:
      return { kind: 'not', of: condition };
  }
}

/** The parts that must all hold; a negation is pushed inwards first where that opens more parts. */
export function conjuncts(condition: Condition): Condition[] {
  if (condition.kind === 'and') return condition.parts.flatMap(conjuncts);
  if (condition.kind === 'true') return [];
  if (condition.kind !== 'not' || condition.of.kind === 'atom' || condition.of.kind === 'equal') return [condition];
  const opened = negate(condition.of);
  return opened.kind === 'not' ? [opened] : conjuncts(opened);
}

const freeCache = new WeakMap<Condition, ReadonlySet<string>>();

/** The variables that a condition leaves open. */
export function freeVariables(condition: Condition): ReadonlySet<string> {
  const known = freeCache.get(condition);
  if (known) return known;
  const found = new Set(collectFree(condition));
  freeCache.set(condition, found);
  return found;
}

function collectFree(condition: Condition): string[] {
  switch (condition.kind) {
    case 'true':
      return [];
    case 'atom':
      return condition.atom.args.filter(isVariable);
    case 'equal':
      return [condition.left, condition.right].filter(isVariable);
    case 'not':
      return [...freeVariables(condition.of)];
    case 'and':
    case 'or':
      return condition.parts.flatMap((part) => [...freeVariables(part)]);
    case 'imply':
      return [...freeVariables(condition.if), ...freeVariables(condition.then)];
    default: {
      const own = new Set(condition.vars.map(({ name }) => name));
      return [...freeVariables(condition.of)].filter((name) => !own.has(name));
    }
  }
}

/** Every predicate that a condition asks about, with whether it is asked for its absence anywhere. */
export function predicatesOf(condition: Condition, negative = false): { predicate: string; negative: boolean }[] {
  switch (condition.kind) {
    case 'true':
    case 'equal':
      return [];
    case 'atom':
      return [{ predicate: condition.atom.predicate, negative }];
    case 'not':
      return predicatesOf(condition.of, !negative);
    case 'and':
    case 'or':
      return condition.parts.flatMap((part) => predicatesOf(part, negative));
    case 'imply':
      return [...predicatesOf(condition.if, !negative), ...predicatesOf(condition.then, negative)];
    default:
      return predicatesOf(condition.of, negative);
  }
}

/** The condition as PDDL, with the objects of the variables that are bound. */
export function conditionText(condition: Condition, binding: Binding): string {
  const term = (name: Term): string => valueOf(name, binding) ?? name;
  switch (condition.kind) {
    case 'true':
      return '()';
    case 'atom':
      return atomText(condition.atom, binding);
    case 'equal':
      return `(= ${term(condition.left)} ${term(condition.right)})`;
    case 'not':
      return `(not ${conditionText(condition.of, binding)})`;
    case 'and':
    case 'or':
      return `(${[condition.kind, ...condition.parts.map((part) => conditionText(part, binding))].join(' ')})`;
    case 'imply':
      return `(imply ${conditionText(condition.if, binding)} ${conditionText(condition.then, binding)})`;
    default: {
      const inner = without(binding, condition.vars);
      return `(${condition.kind} (${typedText(condition.vars)}) ${conditionText(condition.of, inner)})`;
    }
  }
}

/** `(at truck1 ?where)`. */
export function atomText({ predicate, args }: Atom, binding: Binding): string {
  return `(${[predicate, ...args.map((arg) => valueOf(arg, binding) ?? arg)].join(' ')})`;
}

const typedText = (vars: readonly Typed[]): string =>
  vars.map(({ name, types }) => `${name} - ${types.length > 1 ? `(either ${types.join(' ')})` : types[0]}`).join(' ');

/** A binding in which these variables stand for nothing yet. */
export function without(binding: Binding, vars: readonly Typed[]): Map<string, string> {
  const rest = new Map(binding);
  vars.forEach(({ name }) => rest.delete(name));
  return rest;
}
