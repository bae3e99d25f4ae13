import type { Atom, Effect, NumericTerm } from '../model';
import { readCondition } from './conditions';
import {
  asList,
  asName,
  endsAfter,
  headOf,
  itemAt,
  MAX_COST,
  numberOf,
  unknownName,
  unsupported,
  wrong,
} from './forms';
import { describeNode, type List, type Node } from './s-expression';
import { readArguments, readAtom, scopeOf, type Scope, type Symbols } from './symbols';
import { readVariables } from './typed-lists';

export const NO_EFFECT: Effect = { kind: 'and', parts: [] };
export const TOTAL_COST = 'total-cost';

/**
 * An effect; `()` and `(and)` change nothing.
 *
 * @throws {PddlSyntaxError} also for unknown names, wrong numbers or types of arguments, derived predicates, and numbers other than cost
 */
export function readEffect(node: Node, symbols: Symbols, scope: Scope): Effect {
  const list = asList(node, 'an effect such as "(and (p ?x) (not (q ?x)))"');
  if (list.items.length === 0) return NO_EFFECT;
  const head = headOf(list)?.text ?? '';
  switch (head) {
    case 'and':
      return { kind: 'and', parts: list.items.slice(1).map((part) => readEffect(part, symbols, scope)) };
    case 'not': {
      const atom = asList(itemAt(list, 1, 'an atom to make false'), 'an atom to make false');
      endsAfter(list, 2, 'the atom of not');
      return { kind: 'delete', atom: readChanged(atom, symbols, scope) };
    }
    case 'forall': {
      const vars = readVariables(itemAt(list, 1, 'the variables of forall'), symbols.types);
      const of = itemAt(list, 2, 'an effect for forall');
      endsAfter(list, 3, 'the effect of forall');
      return { kind: 'forall', vars, of: readEffect(of, symbols, scopeOf(vars, scope)) };
    }
    case 'when': {
      const [condition, effect] = [itemAt(list, 1, 'a condition for when'), itemAt(list, 2, 'an effect for when')];
      endsAfter(list, 3, 'the effect of when');
      return {
        kind: 'when',
        if: readCondition(condition, symbols, scope),
        then: readEffect(effect, symbols, scope),
      };
    }
    default:
      return readChange(list, head, symbols, scope);
  }
}

function readChange(list: List, head: string, symbols: Symbols, scope: Scope): Effect {
  if (!symbols.predicates.has(head)) {
    if (head === 'increase') return { kind: 'cost', by: readIncrease(list, symbols, scope) };
    if (['decrease', 'assign', 'scale-up', 'scale-down'].includes(head))
      throw unsupported(list, 'numbers other than a total-cost that increases are not supported');
    if (['at', 'over'].includes(head) && list.items[2]?.kind === 'list')
      throw unsupported(list, 'effects at points in time are not supported');
  }
  return { kind: 'add', atom: readChanged(list, symbols, scope) };
}

function readChanged(list: List, symbols: Symbols, scope: Scope): Atom {
  const atom = readAtom(list, symbols, scope);
  if (!symbols.derived.has(atom.predicate)) return atom;
  const hint = 'What a :derived rule defines changes only through the facts it rests on.';
  throw wrong(list, 'a predicate that no :derived rule defines', { found: describeNode(list), hint });
}

function readIncrease(list: List, symbols: Symbols, scope: Scope): NumericTerm {
  const target = itemAt(list, 1, '"(total-cost)"');
  const by = itemAt(list, 2, 'a number or the value of a function');
  endsAfter(list, 3, 'the amount');
  if (!isTotalCost(target)) throw unsupported(target, 'numbers other than total-cost are not supported');
  if (by.kind === 'word') {
    const number = numberOf(by);
    if (number === null) throw wrong(by, 'a number or the value of a function such as "(distance ?a ?b)"');
    if (number < 0) throw wrong(by, 'a cost of 0 or more');
    if (number > MAX_COST) throw wrong(by, `a cost of at most ${MAX_COST}`);
    return number;
  }
  return readFunction(by, symbols, scope);
}

/** Whether a node is `(total-cost)`, or the word alone. */
export function isTotalCost(node: Node): boolean {
  if (node.kind === 'word') return node.text === TOTAL_COST;
  return node.items.length === 1 && headOf(node)?.text === TOTAL_COST;
}

/** `(f ?a b)` with a declared function; total-cost needs no declaration. */
export function readFunction(list: List, symbols: Symbols, scope: Scope): Exclude<NumericTerm, number> {
  const head = asName(itemAt(list, 0, 'a function'), 'a function');
  if (['+', '-', '*', '/'].includes(head.text)) throw unsupported(list, 'arithmetic is not supported');
  if (isTotalCost(list)) return { function: TOTAL_COST, args: [] };
  const declared = symbols.functions.get(head.text);
  if (!declared) throw unknownName(head, 'function', symbols.functions.keys(), 'Declare it in :functions.');
  return { function: head.text, args: readArguments(list, [declared], symbols, scope) };
}
