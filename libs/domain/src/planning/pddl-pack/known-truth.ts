import { isVariable, type Binding } from '../pddl-plan/conditions';
import type { Atom, Condition, Effect, PddlDomain, PddlProblem, Typed } from '../pddl/model';

/** True, false, or not settled by what is known. */
export type Truth = true | false | null;

/**
 * The value of conditions when only part of the facts is known (Kleene's three values). Written for the validator: with the
 * conditions of a step as all that is known, a condition that comes out true is true in every order in which those hold.
 */
export class KnownTruth {
  private readonly objects = new Map<string, readonly string[]>();
  private readonly axioms: ReadonlySet<string>;

  /** @param truthOf the value of a ground fact, null where it is not known */
  constructor(
    private readonly domain: PddlDomain,
    private readonly problem: PddlProblem,
    private readonly truthOf: (atom: Atom) => Truth,
    private readonly derivedTruth: (atom: Atom) => Truth,
  ) {
    this.axioms = new Set(domain.axioms.map(({ name }) => name));
  }

  of(condition: Condition, binding: Binding): Truth {
    switch (condition.kind) {
      case 'true':
        return true;
      case 'equal':
        return ground(condition.left, binding) === ground(condition.right, binding);
      case 'atom': {
        const { predicate } = condition.atom;
        const atom = { predicate, args: condition.atom.args.map((arg) => ground(arg, binding)) };
        return this.axioms.has(predicate) ? this.derivedTruth(atom) : this.truthOf(atom);
      }
      case 'not':
        return opposite(this.of(condition.of, binding));
      case 'and':
        return every(condition.parts.map((part) => this.of(part, binding)));
      case 'or':
        return opposite(every(condition.parts.map((part) => opposite(this.of(part, binding)))));
      case 'imply':
        return opposite(every([this.of(condition.if, binding), opposite(this.of(condition.then, binding))]));
      case 'forall':
        return every(this.instances(condition.vars, binding).map((inner) => this.of(condition.of, inner)));
      case 'exists':
        return opposite(
          every(this.instances(condition.vars, binding).map((inner) => opposite(this.of(condition.of, inner)))),
        );
    }
  }

  /** The facts that an effect adds and deletes; null when what is known does not settle a condition in it. */
  effect(effect: Effect, binding: Binding): { adds: Atom[]; deletes: Atom[] } | null {
    switch (effect.kind) {
      case 'add':
      case 'delete': {
        const atom = { predicate: effect.atom.predicate, args: effect.atom.args.map((arg) => ground(arg, binding)) };
        return effect.kind === 'add' ? { adds: [atom], deletes: [] } : { adds: [], deletes: [atom] };
      }
      case 'cost':
        return { adds: [], deletes: [] };
      case 'and':
        return together(effect.parts.map((part) => this.effect(part, binding)));
      case 'forall':
        return together(this.instances(effect.vars, binding).map((inner) => this.effect(effect.of, inner)));
      case 'when': {
        const happens = this.of(effect.if, binding);
        if (happens === null) return null;
        return happens ? this.effect(effect.then, binding) : { adds: [], deletes: [] };
      }
    }
  }

  private instances(vars: readonly Typed[], binding: Binding): Binding[] {
    return vars.reduce<Binding[]>(
      (all, { name, types }) =>
        all.flatMap((one) => this.ofTypes(types).map((object) => new Map([...one, [name, object]]))),
      [binding],
    );
  }

  private ofTypes(types: readonly string[]): readonly string[] {
    const key = types.join(' ');
    const known = this.objects.get(key);
    if (known) return known;
    const isBelow = (type: string): boolean =>
      types.includes(type) || types.includes('object') || (this.domain.types.get(type) ?? []).some(isBelow);
    const all = [...this.domain.constants, ...this.problem.objects];
    const found = [...new Set(all.filter((one) => one.types.some(isBelow)).map(({ name }) => name))];
    this.objects.set(key, found);
    return found;
  }
}

function ground(term: string, binding: Binding): string {
  return isVariable(term) ? (binding.get(term) ?? term) : term;
}

function opposite(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(null) ? null : true;
}

function together(
  parts: readonly ({ adds: Atom[]; deletes: Atom[] } | null)[],
): { adds: Atom[]; deletes: Atom[] } | null {
  if (parts.includes(null)) return null;
  return { adds: parts.flatMap((part) => part?.adds ?? []), deletes: parts.flatMap((part) => part?.deletes ?? []) };
}
