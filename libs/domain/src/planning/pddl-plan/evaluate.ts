import type { Condition, Typed } from '../pddl/model';
import {
  type Binding,
  conditionText,
  conjuncts,
  freeVariables,
  isVariable,
  valueOf,
  valuesOf,
  without,
} from './conditions';
import type { World } from './world';

/** Does the condition hold now? Every variable that it leaves open must be bound. */
export function holds(world: World, condition: Condition, binding: Binding): boolean {
  switch (condition.kind) {
    case 'true':
      return true;
    case 'atom':
      return world.has(condition.atom.predicate, valuesOf(condition.atom.args, binding));
    case 'equal': {
      const [left, right] = valuesOf([condition.left, condition.right], binding);
      return left === right;
    }
    case 'not':
      return !holds(world, condition.of, binding);
    case 'and':
      return condition.parts.every((part) => holds(world, part, binding));
    case 'or':
      return condition.parts.some((part) => holds(world, part, binding));
    case 'imply':
      return !holds(world, condition.if, binding) || holds(world, condition.then, binding);
    case 'exists':
      return isPossible(world, condition.vars, condition.of, binding);
    case 'forall':
      return !isPossible(world, condition.vars, { kind: 'not', of: condition.of }, binding);
  }
}

/** Is there a choice of objects for the variables under which the condition holds now? */
export function isPossible(world: World, open: readonly Typed[], condition: Condition, binding: Binding): boolean {
  return findBinding(world, { open, condition, binding: without(binding, open) }, () => true);
}

/** The part of a condition that does not hold, in words. */
export function whyNot(world: World, condition: Condition, binding: Binding): string {
  if (condition.kind === 'and') {
    const failing = condition.parts.find((part) => !holds(world, part, binding));
    if (failing) return whyNot(world, failing, binding);
  }
  if (condition.kind === 'not' && condition.of.kind === 'atom') return `${conditionText(condition.of, binding)} holds`;
  return `${conditionText(condition, binding)} does not hold`;
}

export interface BindingQuestion {
  /** Variables to be bound, each to an object of its types. */
  readonly open: readonly Typed[];
  readonly condition: Condition;
  /** What is bound already; none of `open`. */
  readonly binding: Binding;
}

/**
 * Searches for objects under which a condition holds now. What is fully bound is checked at once, and the next variables
 * are bound where the fewest choices are: by the facts of an atom, by an equality, or by the objects of a type.
 *
 * @param visit told of each binding that fits; true ends the search
 * @returns whether a visit ended the search
 */
export function findBinding(world: World, question: BindingQuestion, visit: (binding: Binding) => boolean): boolean {
  return search(world, { ...question, parts: conjuncts(question.condition) }, visit);
}

interface Search {
  readonly open: readonly Typed[];
  readonly parts: readonly Condition[];
  readonly binding: Binding;
}

function search(world: World, { open, parts, binding }: Search, visit: (binding: Binding) => boolean): boolean {
  const names = new Set(open.map(({ name }) => name));
  const rest: Condition[] = [];
  for (const part of parts) {
    if ([...freeVariables(part)].some((name) => names.has(name))) rest.push(part);
    else if (!holds(world, part, binding)) return false;
  }
  if (open.length === 0) return visit(binding);
  for (const extension of extensions(world, { open, parts: rest, binding })) {
    const extended = new Map([...binding, ...extension]);
    const left = open.filter(({ name }) => !extended.has(name));
    if (search(world, { open: left, parts: rest, binding: extended }, visit)) return true;
  }
  return false;
}

type Extension = ReadonlyMap<string, string>;

/** The ways to bind one or more open variables, by whatever leaves the fewest. */
function extensions(world: World, state: Search): Iterable<Extension> {
  const { open, parts, binding } = state;
  const [first] = open;
  if (!first) return [];
  const narrow = open.reduce((best, one) => (sizeOf(world, one) < sizeOf(world, best) ? one : best), first);
  let fewest = sizeOf(world, narrow);
  let way: Condition | null = null;
  for (const part of parts) {
    const count = choices(world, part, binding);
    if (count >= fewest) continue;
    fewest = count;
    way = part;
  }
  if (way?.kind === 'equal') return byEquality(world, way, state);
  if (way?.kind === 'atom') return byFacts(world, way, state);
  return world.objectsOf(narrow.types).map((object) => new Map([[narrow.name, object]]));
}

const sizeOf = (world: World, { types }: Typed): number => world.objectsOf(types).length;

/** In how many ways a part can be met at most; infinite where it does not say. */
function choices(world: World, part: Condition, binding: Binding): number {
  if (part.kind === 'atom') {
    const known = part.atom.args.map((arg) => valueOf(arg, binding));
    return world.candidateCount(part.atom.predicate, known);
  }
  if (part.kind !== 'equal') return Infinity;
  const known = [part.left, part.right].some((term) => valueOf(term, binding) !== undefined);
  return known ? 1 : Infinity;
}

function byEquality(world: World, part: Condition & { kind: 'equal' }, { open, binding }: Search): Extension[] {
  const left = valueOf(part.left, binding);
  const [name, value] = left === undefined ? [part.left, valueOf(part.right, binding)] : [part.right, left];
  const variable = open.find((one) => one.name === name);
  if (!variable || value === undefined || !world.isOfType(value, variable.types)) return [];
  return [new Map([[name, value]])];
}

function* byFacts(world: World, part: Condition & { kind: 'atom' }, { open, binding }: Search): Iterable<Extension> {
  const { predicate, args } = part.atom;
  const typesOf = new Map(open.map(({ name, types }) => [name, types]));
  const known = args.map((arg) => valueOf(arg, binding));
  for (const fact of world.candidates(predicate, known)) {
    const made = new Map<string, string>();
    const fits = args.every((arg, index) => {
      const object = fact[index];
      const value = valueOf(arg, binding) ?? made.get(arg);
      if (object === undefined || (value !== undefined && value !== object)) return false;
      if (value !== undefined || !isVariable(arg)) return true;
      made.set(arg, object);
      return world.isOfType(object, typesOf.get(arg) ?? []);
    });
    if (fits && fact.length === args.length) yield made;
  }
}

/** Every choice of objects for the variables, added to what is bound. */
export function* bindingsOf(world: World, vars: readonly Typed[], binding: Binding): Iterable<Binding> {
  const [first, ...rest] = vars;
  if (!first) {
    yield binding;
    return;
  }
  for (const object of world.objectsOf(first.types)) {
    yield* bindingsOf(world, rest, new Map([...binding, [first.name, object]]));
  }
}
