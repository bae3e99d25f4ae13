import type { Atom, Condition, Term } from '../pddl/model';

export interface Literal {
  readonly atom: Atom;
  readonly positive: boolean;
}

/** Pushes negations down to atoms and equalities, and removes implications (negation normal form). */
export function toNegationNormalForm(condition: Condition, positive = true): Condition {
  switch (condition.kind) {
    case 'true':
      return positive ? condition : { kind: 'or', parts: [] };
    case 'atom':
    case 'equal':
      return positive ? condition : { kind: 'not', of: condition };
    case 'not':
      return toNegationNormalForm(condition.of, !positive);
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => toNegationNormalForm(part, positive));
      return { kind: positive === (condition.kind === 'and') ? 'and' : 'or', parts };
    }
    case 'imply': {
      const parts = [{ kind: 'not', of: condition.if } as const, condition.then];
      return toNegationNormalForm({ kind: 'or', parts }, positive);
    }
    case 'forall':
    case 'exists': {
      const of = toNegationNormalForm(condition.of, positive);
      return { kind: positive === (condition.kind === 'forall') ? 'forall' : 'exists', vars: condition.vars, of };
    }
  }
}

/** What a condition in normal form demands in every case: literals and (in)equalities of its outermost conjunction. */
export interface Demands {
  readonly atoms: Atom[];
  readonly negative: Atom[];
  readonly equalities: { readonly left: Term; readonly right: Term; readonly same: boolean }[];
  /** False when there is also something else: a disjunction or a quantifier. */
  complete: boolean;
  impossible: boolean;
}

export function emptyDemands(): Demands {
  return { atoms: [], negative: [], equalities: [], complete: true, impossible: false };
}

/** Adds the demands of a condition (in negation normal form), its variables renamed by `rename`. */
export function collectDemands(condition: Condition, into: Demands, rename: (term: Term) => Term = (t) => t): Demands {
  const renamed = (atom: Atom): Atom => ({ predicate: atom.predicate, args: atom.args.map(rename) });
  if (condition.kind === 'and') for (const part of condition.parts) collectDemands(part, into, rename);
  else if (condition.kind === 'atom') into.atoms.push(renamed(condition.atom));
  else if (condition.kind === 'equal') {
    into.equalities.push({ left: rename(condition.left), right: rename(condition.right), same: true });
  } else if (condition.kind === 'not' && condition.of.kind === 'atom') into.negative.push(renamed(condition.of.atom));
  else if (condition.kind === 'not' && condition.of.kind === 'equal') {
    into.equalities.push({ left: rename(condition.of.left), right: rename(condition.of.right), same: false });
  } else if (condition.kind === 'or' && condition.parts.length === 0) into.impossible = true;
  else if (condition.kind === 'or' && condition.parts.length === 1 && condition.parts[0]) {
    collectDemands(condition.parts[0], into, rename);
  } else if (condition.kind !== 'true') into.complete = false;
  return into;
}
