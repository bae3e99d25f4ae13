import type { Literal } from '../pack';
import { valuesOf, type Binding } from '../pddl-plan/conditions';
import { bindingsOf, findBinding, holds } from '../pddl-plan/evaluate';
import type { World } from '../pddl-plan/world';
import type { Atom, Condition, Effect, PddlDomain, Typed } from '../pddl/model';

/** What a ground action does in one state, and the facts of that state on which this depends. */
export interface Deed {
  readonly adds: readonly Atom[];
  readonly deletes: readonly Atom[];
  readonly needs: readonly Need[];
}

/** A ground fact that must hold, or must not. */
export interface Need {
  readonly atom: Atom;
  readonly not: boolean;
}

/** Names a ground fact. */
export function atomKey({ predicate, args }: Atom): string {
  return `${predicate} ${args.join(' ')}`;
}

/**
 * Tells why conditions have the value they have: a set of ground facts that alone settles it, so that whatever leaves these
 * facts as they are leaves the condition as it is. Facts that no action changes are left out.
 */
export class Reasons {
  private readonly changing: ReadonlySet<string>;
  /** Predicates from which a derived one follows, by its name. */
  private readonly below: ReadonlyMap<string, ReadonlySet<string>>;

  /** @param touched ground facts that the plan writes: derived facts depend on all of these that their axioms mention */
  constructor(
    domain: PddlDomain,
    private readonly touched: ReadonlyMap<string, Atom>,
  ) {
    this.changing = new Set([...touched.values()].map(({ predicate }) => predicate));
    this.below = derivations(domain);
  }

  /** Why the condition is what it is now; every open variable is bound. */
  of(world: World, condition: Condition, binding: Binding): Need[] {
    return [...this.collect(world, condition, binding, holds(world, condition, binding))];
  }

  private collect(world: World, condition: Condition, binding: Binding, value: boolean): Need[] {
    switch (condition.kind) {
      case 'true':
      case 'equal':
        return [];
      case 'atom':
        return this.atom(world, condition.atom, binding, value);
      case 'not':
        return this.collect(world, condition.of, binding, !value);
      case 'and':
      case 'or':
        return this.parts(world, condition, binding, value);
      case 'imply': {
        const parts = [{ kind: 'not' as const, of: condition.if }, condition.then];
        return this.parts(world, { kind: 'or', parts }, binding, value);
      }
      default:
        return this.quantified(world, condition, binding, value);
    }
  }

  private parts(
    world: World,
    { kind, parts }: { kind: 'and' | 'or'; parts: readonly Condition[] },
    binding: Binding,
    value: boolean,
  ): Need[] {
    if ((kind === 'and') === value) return parts.flatMap((part) => this.collect(world, part, binding, value));
    const telling = parts.filter((part) => holds(world, part, binding) === value);
    const reasons = telling.map((part) => this.collect(world, part, binding, value));
    return reasons.reduce((best, other) => (other.length < best.length ? other : best), reasons[0] ?? []);
  }

  private quantified(
    world: World,
    condition: Condition & { kind: 'forall' | 'exists' },
    binding: Binding,
    value: boolean,
  ): Need[] {
    const { vars, of } = condition;
    if ((condition.kind === 'forall') === value)
      return [...bindingsOf(world, vars, binding)].flatMap((inner) => this.collect(world, of, inner, value));
    const asked: Condition = value ? of : { kind: 'not', of };
    const witness = firstBinding(world, vars, asked, binding);
    return witness ? this.collect(world, of, witness, value) : [];
  }

  private atom(world: World, atom: Atom, binding: Binding, value: boolean): Need[] {
    const ground = { predicate: atom.predicate, args: valuesOf(atom.args, binding) };
    const below = this.below.get(atom.predicate);
    if (below) {
      const written = [...this.touched.values()].filter(({ predicate }) => below.has(predicate));
      return written.map((one) => ({ atom: one, not: !world.has(one.predicate, one.args) }));
    }
    return this.changing.has(atom.predicate) ? [{ atom: ground, not: !value }] : [];
  }

  /** What an effect does now, and what that depends on. */
  effect(world: World, effect: Effect, binding: Binding): Deed {
    const deed = { adds: [] as Atom[], deletes: [] as Atom[], needs: [] as Need[] };
    const walk = (part: Effect, bound: Binding): void => {
      if (part.kind === 'and') part.parts.forEach((one) => walk(one, bound));
      else if (part.kind === 'forall') for (const inner of bindingsOf(world, part.vars, bound)) walk(part.of, inner);
      else if (part.kind === 'when') {
        deed.needs.push(...this.of(world, part.if, bound));
        if (holds(world, part.if, bound)) walk(part.then, bound);
      } else if (part.kind !== 'cost') {
        const list = part.kind === 'add' ? deed.adds : deed.deletes;
        list.push({ predicate: part.atom.predicate, args: valuesOf(part.atom.args, bound) });
      }
    };
    walk(effect, binding);
    const added = new Set(deed.adds.map(atomKey));
    return {
      adds: distinct(deed.adds),
      deletes: distinct(deed.deletes).filter((atom) => !added.has(atomKey(atom))),
      needs: deed.needs,
    };
  }
}

/** The first objects for the variables under which the condition holds, or null. */
export function firstBinding(
  world: World,
  open: readonly Typed[],
  condition: Condition,
  binding: Binding,
): Binding | null {
  let found: Binding | null = null;
  const rest = new Map(binding);
  open.forEach(({ name }) => rest.delete(name));
  findBinding(world, { open, condition, binding: rest }, (full) => {
    found = full;
    return true;
  });
  return found;
}

/** Each fact once. */
export function distinct(atoms: readonly Atom[]): Atom[] {
  return [...new Map(atoms.map((atom) => [atomKey(atom), atom])).values()];
}

/** Needs, each once, as literals of a plan. */
export function literalsOf(needs: readonly Need[], spelling: ReadonlyMap<string, string>): Literal[] {
  const byKey = new Map(needs.map((need) => [`${need.not} ${atomKey(need.atom)}`, need]));
  return [...byKey.values()].map(({ atom, not }) => {
    const args = atom.args.map((arg) => spelling.get(arg) ?? arg);
    return not ? { predicate: atom.predicate, args, not } : { predicate: atom.predicate, args };
  });
}

function derivations(domain: PddlDomain): ReadonlyMap<string, ReadonlySet<string>> {
  const direct = new Map<string, Set<string>>();
  for (const { name, condition } of domain.axioms) {
    const own = direct.get(name) ?? new Set<string>();
    predicatesIn(condition).forEach((predicate) => own.add(predicate));
    direct.set(name, own);
  }
  for (const own of direct.values())
    for (const predicate of own) direct.get(predicate)?.forEach((further) => own.add(further));
  return direct;
}

function predicatesIn(condition: Condition): string[] {
  if (condition.kind === 'atom') return [condition.atom.predicate];
  if (condition.kind === 'and' || condition.kind === 'or') return condition.parts.flatMap(predicatesIn);
  if (condition.kind === 'imply') return [...predicatesIn(condition.if), ...predicatesIn(condition.then)];
  return 'of' in condition ? predicatesIn(condition.of) : [];
}
