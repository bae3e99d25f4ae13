import type { Condition, Term } from '../pddl/model';

/** All terms that a condition speaks of, variables of quantifiers among them. */
export function conditionTerms(condition: Condition): Term[] {
  switch (condition.kind) {
    case 'true':
      return [];
    case 'atom':
      return [...condition.atom.args];
    case 'equal':
      return [condition.left, condition.right];
    case 'not':
    case 'forall':
    case 'exists':
      return conditionTerms(condition.of);
    case 'imply':
      return [...conditionTerms(condition.if), ...conditionTerms(condition.then)];
    default:
      return condition.parts.flatMap(conditionTerms);
  }
}
