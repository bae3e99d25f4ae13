import type { Condition, Typed } from '../model';
import { isSort, readEquality, readSort, TRUE } from './conditions';
import { asList, endsAfter, headOf, itemAt, wrong } from './forms';
import type { List, Node } from './s-expression';
import { scopeOf, type Symbols } from './symbols';
import type { TypeTree } from './type-tree';

const FORMS = '"(= ?a ?b)", "(not (= ?a ?b))", "(sortof ?a - type)" or "(not (sortof ?a - type))"';

/** The constraints of a network, sorted by who looks after them. */
export interface Constraints {
  /** The variables, with types narrowed by `(sortof ?x - type)`. */
  readonly params: readonly Typed[];
  /** Equalities and their negations. */
  readonly equalities: Condition;
  /** From `(not (sortof ?x - type))`: no object of the type is the value. */
  readonly exclusions: readonly Condition[];
}

/**
 * `:constraints` over the variables of a method or an initial network.
 *
 * @throws {PddlSyntaxError} also for unknown variables, constants and types
 */
export function readConstraints(node: Node | undefined, params: readonly Typed[], symbols: Symbols): Constraints {
  const scope = scopeOf(params);
  const [equalities, exclusions]: [Condition[], Condition[]] = [[], []];
  let narrowed = params;
  for (const list of node ? conjuncts(node) : []) {
    const negated = headOf(list)?.text === 'not';
    const inner = negated ? asList(itemAt(list, 1, FORMS), FORMS) : list;
    if (negated) endsAfter(list, 2, 'the constraint of not');
    if (isSort(inner)) {
      const { variable, type, condition } = readSort(inner, symbols, scope);
      if (negated) exclusions.push({ kind: 'not', of: condition });
      else narrowed = narrow(narrowed, variable, type, symbols.types);
    } else if (headOf(inner)?.text === '=') {
      const equal = readEquality(inner, symbols, scope);
      equalities.push(negated ? { kind: 'not', of: equal } : equal);
    } else throw wrong(inner, FORMS);
  }
  return { params: narrowed, equalities: together(equalities), exclusions };
}

/** All conditions at once. */
export function together(conditions: readonly Condition[]): Condition {
  const parts = conditions.filter(({ kind }) => kind !== 'true');
  const [only] = parts;
  if (!only) return TRUE;
  return parts.length === 1 ? only : { kind: 'and', parts };
}

function conjuncts(node: Node): readonly List[] {
  const list = asList(node, FORMS);
  if (list.items.length === 0) return [];
  return headOf(list)?.text === 'and' ? list.items.slice(1).flatMap(conjuncts) : [list];
}

function narrow(params: readonly Typed[], variable: string, type: string, types: TypeTree): readonly Typed[] {
  return params.map((param) =>
    param.name === variable ? { ...param, types: types.intersect(param.types, [type]) } : param,
  );
}
