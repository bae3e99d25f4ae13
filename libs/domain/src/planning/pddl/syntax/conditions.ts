import type { Condition } from '../model';
import { asList, asName, endsAfter, headOf, isVariable, itemAt, unknownName, unsupported, wrong } from './forms';
import type { List, Node } from './s-expression';
import { readAtom, readTerm, scopeOf, type Scope, type Symbols } from './symbols';
import { readVariables } from './typed-lists';

export const TRUE: Condition = { kind: 'true' };

const NUMERIC = new Set(['<', '>', '<=', '>=', '+', '*', '/', '-']);
const TEMPORAL = new Set([
  'preference',
  'always',
  'sometime',
  'within',
  'at-most-once',
  'sometime-after',
  'sometime-before',
  'always-within',
  'hold-during',
  'hold-after',
]);

/**
 * A condition; `()` and `(and)` are true.
 *
 * @throws {PddlSyntaxError} also for unknown names, wrong numbers or types of arguments, and numeric or temporal conditions
 */
export function readCondition(node: Node, symbols: Symbols, scope: Scope): Condition {
  const list = asList(node, 'a condition such as "(and (p ?x))"');
  if (list.items.length === 0) return TRUE;
  const head = headOf(list)?.text ?? '';
  const inner = (index: number): Condition =>
    readCondition(itemAt(list, index, `a condition for ${head}`), symbols, scope);
  switch (head) {
    case 'and':
    case 'or': {
      const parts = list.items.slice(1).map((part) => readCondition(part, symbols, scope));
      return head === 'and' && parts.length === 0 ? TRUE : { kind: head, parts };
    }
    case 'not': {
      endsAfter(list, 2, 'the condition of not');
      return { kind: 'not', of: inner(1) };
    }
    case 'imply': {
      endsAfter(list, 3, 'the two conditions of imply');
      return { kind: 'imply', if: inner(1), then: inner(2) };
    }
    case 'forall':
    case 'exists': {
      const vars = readVariables(itemAt(list, 1, `the variables of ${head}`), symbols.types);
      const of = itemAt(list, 2, `a condition for ${head}`);
      endsAfter(list, 3, `the condition of ${head}`);
      return { kind: head, vars, of: readCondition(of, symbols, scopeOf(vars, scope)) };
    }
    default:
      return readLiteral(list, symbols, scope);
  }
}

function readLiteral(list: List, symbols: Symbols, scope: Scope): Condition {
  const head = headOf(list)?.text ?? '';
  if (head === '=') return readEquality(list, symbols, scope);
  if (!symbols.predicates.has(head)) {
    if (isSort(list)) return readSort(list, symbols, scope).condition;
    if (NUMERIC.has(head)) throw unsupported(list, 'numeric conditions are not supported');
    if (TEMPORAL.has(head)) throw unsupported(list, 'preferences and constraints over time are not supported');
  }
  return { kind: 'atom', atom: readAtom(list, symbols, scope) };
}

export function readEquality(list: List, symbols: Symbols, scope: Scope): Condition {
  const [left, right] = [itemAt(list, 1, 'a term'), itemAt(list, 2, 'a second term')];
  endsAfter(list, 3, 'the two terms of =');
  if (left.kind === 'list' || right.kind === 'list') throw unsupported(list, 'numeric conditions are not supported');
  return { kind: 'equal', left: readTerm(left, symbols, scope), right: readTerm(right, symbols, scope) };
}

/** Whether this is `(sortof ?x - type)`, also spelled `typeof`, `sort` or `type`. */
export function isSort(list: List): boolean {
  const [head, , dash] = list.items;
  if (head?.kind !== 'word' || !['sortof', 'typeof', 'sort', 'type'].includes(head.text)) return false;
  return dash?.kind === 'word' && dash.text === '-';
}

/** `(sortof ?x - type)`: what is asked of which variable, and the same as a condition that needs no word of its own. */
export function readSort(
  list: List,
  symbols: Symbols,
  scope: Scope,
): { variable: string; type: string; condition: Condition } {
  const variable = itemAt(list, 1, 'a variable');
  if (variable.kind !== 'word' || !isVariable(variable)) throw wrong(variable, 'a variable such as "?x"');
  const left = readTerm(variable, symbols, scope);
  const type = asName(itemAt(list, 3, 'a type'), 'a type');
  if (!symbols.types.has(type.text)) throw unknownName(type, 'type', symbols.types.names(), 'Declare it in :types.');
  endsAfter(list, 4, 'the type');
  const right = `${left}-of-type`;
  const of: Condition = { kind: 'equal', left, right };
  const condition: Condition = { kind: 'exists', vars: [{ name: right, types: [type.text] }], of };
  return { variable: left, type: type.text, condition };
}
