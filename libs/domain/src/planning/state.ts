import { canonicalJson, type Json } from '../json';
import type { Literal } from './pack';
import type { Fact } from './plan';
import { fill, variableName, type Bindings } from './terms';

/** Predicates that the planner answers itself; packs may ask for them and never add or delete them. */
export const BUILT_IN_PREDICATES = {
  /** `equal [a, b]`: same JSON value; an argument not given counts as null. */
  equal: 2,
  /** `given [$x]`: the optional argument was given. */
  given: 1,
  /** `failed [operator, code]`: a step of this operator failed for good in an earlier revision. */
  failed: 2,
} as const;

/** The facts that hold, by their canonical text. Never changed in place. */
export type State = ReadonlyMap<string, Fact>;

const noReference = (): Json => null;

/** One text for one fact. */
export function factKey(fact: Fact): string {
  return `${fact.predicate} ${canonicalJson(fact.args)}`;
}

/** A fact in the form people read: `profiled(weather.csv)`. */
export function factText(fact: Literal): string {
  const args = fact.args.map((arg) => (typeof arg === 'string' ? arg : canonicalJson(arg)));
  return `${fact.not ? 'not ' : ''}${fact.predicate}(${args.join(', ')})`;
}

/** The state in which exactly these facts hold. */
export function stateOf(facts: readonly Fact[]): State {
  return new Map(facts.map((fact) => [factKey(fact), { predicate: fact.predicate, args: fact.args }]));
}

/** The state after an action: first what it deletes, then what it adds. */
export function nextState(state: State, adds: readonly Fact[], deletes: readonly Fact[]): State {
  if (adds.length === 0 && deletes.length === 0) return state;
  const next = new Map(state);
  for (const fact of deletes) next.delete(factKey(fact));
  for (const fact of adds) next.set(factKey(fact), fact);
  return next;
}

/** One text for one state; what failures taught (`failed`) is left out, for the world is the same. */
export function stateDigest(state: State): string {
  const keys = [...state.entries()].filter(([, fact]) => fact.predicate !== 'failed').map(([key]) => key);
  return keys.sort().join('\n');
}

/** A literal with its variables filled; unbound ones become null (an optional argument not given). */
export function groundLiteral(literal: Literal, bindings: Bindings): Literal {
  const args = literal.args.map((arg) => fill(arg, bindings, noReference) ?? null);
  return literal.not ? { predicate: literal.predicate, args, not: true } : { predicate: literal.predicate, args };
}

/** True when a ground literal holds (closed world). */
export function holds(literal: Literal, state: State): boolean {
  return isTrue(literal, state) !== (literal.not ?? false);
}

function isTrue({ predicate, args }: Literal, state: State): boolean {
  if (predicate === 'equal') return canonicalJson(args[0] ?? null) === canonicalJson(args[1] ?? null);
  if (predicate === 'given') return (args[0] ?? null) !== null;
  return state.has(factKey({ predicate, args }));
}

/** The first literal that does not hold, or null when all do. */
export function firstUnmet(when: readonly Literal[], state: State): Literal | null {
  return when.find((literal) => !holds(literal, state)) ?? null;
}

/**
 * All ways to make a conjunction true: extends `bindings` by values for the names in `free` that positive literals
 * take from the state. Deterministic: facts in the order of their canonical texts.
 *
 * @param free variables that may be bound here; others are ground already
 */
export function solutions(
  when: readonly Literal[],
  free: readonly string[],
  bindings: Bindings,
  state: State,
): Bindings[] {
  // Positive literals first, so that a denial is asked only when its variables are bound.
  const ordered = [...when].sort((a, b) => Number(a.not ?? false) - Number(b.not ?? false));
  let found: Bindings[] = [bindings];
  for (const literal of ordered) found = found.flatMap((binding) => extensions(literal, free, binding, state));
  return found;
}

function extensions(literal: Literal, free: readonly string[], bindings: Bindings, state: State): Bindings[] {
  const open = literal.args.some((arg) => isFree(arg, free, bindings));
  if (!open || literal.not) return holds(groundLiteral(literal, bindings), state) ? [bindings] : [];
  const matches: Bindings[] = [];
  for (const key of [...state.keys()].sort()) {
    const fact = state.get(key);
    if (fact?.predicate !== literal.predicate) continue;
    const extended = unify(literal, fact, free, bindings);
    if (extended) matches.push(extended);
  }
  return matches;
}

function isFree(arg: Json, free: readonly string[], bindings: Bindings): boolean {
  const name = typeof arg === 'string' ? variableName(arg) : null;
  return name !== null && free.includes(name) && !(name in bindings);
}

function unify(literal: Literal, fact: Fact, free: readonly string[], bindings: Bindings): Bindings | null {
  if (literal.args.length !== fact.args.length) return null;
  const extended: Record<string, Json> = { ...bindings };
  for (const [index, arg] of literal.args.entries()) {
    const value = fact.args[index] ?? null;
    if (isFree(arg, free, extended)) extended[variableName(arg as string) ?? ''] = value;
    else if (canonicalJson(fill(arg, extended, noReference) ?? null) !== canonicalJson(value)) return null;
  }
  return extended;
}
