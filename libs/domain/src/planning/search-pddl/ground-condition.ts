import type { Atom, Condition, Typed } from '../pddl/model';
import type { GroundAxiom } from './ground-problem';
import type { Meter } from './meter';
import type { Relation, Relations } from './relation';
import type { World } from './world';

/** Values of variables by name. */
export type Binding = ReadonlyMap<string, number>;

/** Disjunction of conjunctions of facts; empty: never true. */
export type Dnf = readonly (readonly number[])[];

const TRUE: Dnf = [[]];
const FALSE: Dnf = [];
/** Larger disjunctions become facts of their own that axioms decide. */
const MAX_DISJUNCTS = 24;

/** Numbers the facts that conditions speak of, and grounds conditions to facts. */
export class ConditionGrounder {
  readonly negationOf: number[] = [];
  readonly auxiliary: GroundAxiom[] = [];
  private readonly ids = new Map<Relation, number[]>();
  readonly facts: { predicate: string; args: readonly number[]; of: number }[] = [];

  constructor(
    private readonly world: World,
    private readonly relations: Relations,
    private readonly meter: Meter,
    /** Stratum of the facts made up for large disjunctions: after all others. */
    private readonly lastStratum: number,
  ) {}

  /** Grounds a condition in negation normal form. */
  ground(condition: Condition, binding: Binding): Dnf {
    this.meter.spend(1);
    switch (condition.kind) {
      case 'true':
        return TRUE;
      case 'atom':
        return this.atom(condition.atom, binding, true);
      case 'equal':
        return this.value(condition.left, binding) === this.value(condition.right, binding) ? TRUE : FALSE;
      case 'not': {
        if (condition.of.kind === 'atom') return this.atom(condition.of.atom, binding, false);
        return this.ground(condition.of, binding).length === 0 ? TRUE : FALSE;
      }
      case 'and':
        return this.conjunction(condition.parts.map((part) => () => this.ground(part, binding)));
      case 'or':
        return this.disjunction(condition.parts.map((part) => () => this.ground(part, binding)));
      case 'imply':
        throw new Error('Implications are removed by the normal form');
      default: {
        const cases = this.cases(condition.vars, binding).map((inner) => () => this.ground(condition.of, inner));
        return condition.kind === 'forall' ? this.conjunction(cases) : this.disjunction(cases);
      }
    }
  }

  /** Number of a fact when some condition speaks of it, or −1. */
  known({ predicate, args }: Atom, binding: Binding): number {
    const relation = this.relations.of(predicate, args.length);
    const row = relation.row(args.map((term) => this.value(term, binding)));
    return row < 0 ? -1 : (this.ids.get(relation)?.[row] ?? -1);
  }

  /** All values of some typed variables, added to a binding. */
  cases(vars: readonly Typed[], binding: Binding): Binding[] {
    return vars.reduce<Binding[]>(
      (all, { name, types }) =>
        all.flatMap((one) => {
          const members = this.world.membersOf(types);
          this.meter.spend(members.length); // as many as the product of all: seen to before they are made
          return members.map((object) => new Map(one).set(name, object));
        }),
      [binding],
    );
  }

  /** The fact that stands for the negation of another. */
  negation(fact: number): number {
    const known = this.negationOf[fact] ?? -1;
    if (known >= 0) return known;
    const made = this.newFact('', [], fact);
    this.negationOf[fact] = made;
    return made;
  }

  /** A fact without a name, for axioms to decide. */
  madeUpFact(): number {
    return this.newFact('', [], -1);
  }

  private value(term: string, binding: Binding): number {
    return binding.get(term) ?? this.world.objectIds.get(term) ?? -1;
  }

  private atom({ predicate, args }: Atom, binding: Binding, positive: boolean): Dnf {
    const relation = this.relations.of(predicate, args.length);
    const values = args.map((term) => this.value(term, binding));
    const row = relation.row(values);
    if (row < 0) return positive ? FALSE : TRUE;
    if (this.world.isStatic(predicate)) return positive ? TRUE : FALSE;
    let ids = this.ids.get(relation);
    if (!ids) this.ids.set(relation, (ids = []));
    const fact = (ids[row] ??= this.newFact(predicate, values, -1));
    return [[positive ? fact : this.negation(fact)]];
  }

  private newFact(predicate: string, args: readonly number[], of: number): number {
    this.facts.push({ predicate, args, of });
    this.negationOf.push(-1);
    return this.facts.length - 1;
  }

  private conjunction(parts: readonly (() => Dnf)[]): Dnf {
    let result: (readonly number[])[] = [[]];
    for (const part of parts) {
      let right = part();
      if (right.length === 0) return FALSE;
      if (result.length * right.length > MAX_DISJUNCTS) right = this.asFact(right);
      if (result.length * right.length > MAX_DISJUNCTS) result = [...this.asFact(result)];
      const [only] = right;
      if (right.length === 1 && only && result.length === 1) result = [[...(result[0] ?? []), ...only]];
      else result = result.flatMap((left) => right.map((one) => [...left, ...one]));
    }
    return result.map((facts) => [...new Set(facts)]);
  }

  private disjunction(parts: readonly (() => Dnf)[]): Dnf {
    const result: (readonly number[])[] = [];
    for (const part of parts) {
      for (const one of part()) {
        if (one.length === 0) return TRUE;
        result.push(one);
      }
    }
    return result.length > MAX_DISJUNCTS ? this.asFact(result) : result;
  }

  private asFact(dnf: Dnf): Dnf {
    if (dnf.length <= 1) return dnf;
    const head = this.newFact('', [], -1);
    for (const body of dnf) this.auxiliary.push({ head, body, stratum: this.lastStratum });
    return [[head]];
  }
}
