import type { Atom, Condition } from '../pddl/model';
import type { FlatEffects } from './effects';
import type { Binding } from './ground-condition';
import { Relations } from './relation';
import type { Digest } from './state';
import { scatter } from './state';
import type { World } from './world';

interface Change {
  readonly predicate: string;
  readonly tuple: readonly number[];
  readonly added: boolean;
}

/** One state as relations, changed in place and taken back to an earlier mark. */
export class Database {
  readonly relations: Relations;
  private readonly log: Change[] = [];
  private readonly predicateIds = new Map<string, number>();
  /** For each object a digest of the facts about it, with itself left blank: equal ones cannot be told apart by the state. */
  readonly profiles: Int32Array;
  private high = 0;
  private low = 0;

  constructor(private readonly world: World) {
    this.relations = new Relations(world.objects.length);
    this.profiles = new Int32Array(world.objects.length * 2);
    for (const atom of world.problem.init) this.change(atom.predicate, this.tuple(atom, new Map()), true);
    this.log.length = 0;
  }

  get mark(): number {
    return this.log.length;
  }

  get digest(): Digest {
    return { high: this.high, low: this.low };
  }

  /** Takes back everything that happened since the mark. */
  undoTo(mark: number): void {
    while (this.log.length > mark) {
      const change = this.log.pop();
      if (change) this.write(change.predicate, change.tuple, !change.added);
    }
  }

  /** Conditional effects look at the state before; where both are asked for, adding wins over deleting. */
  apply({ effects }: FlatEffects, binding: Binding): void {
    const changes: Change[] = [];
    for (const { vars, condition, adds, deletes } of effects) {
      for (const inner of this.cases(vars, binding)) {
        if (!this.holds(condition, inner)) continue;
        for (const atom of adds)
          changes.push({ predicate: atom.predicate, tuple: this.tuple(atom, inner), added: true });
        for (const atom of deletes) {
          changes.push({ predicate: atom.predicate, tuple: this.tuple(atom, inner), added: false });
        }
      }
    }
    for (const { predicate, tuple, added } of changes) if (!added) this.change(predicate, tuple, false);
    for (const { predicate, tuple, added } of changes) if (added) this.change(predicate, tuple, true);
  }

  /** Whether a condition in negation normal form holds now. */
  holds(condition: Condition, binding: Binding): boolean {
    switch (condition.kind) {
      case 'true':
        return true;
      case 'atom': {
        const { predicate, args } = condition.atom;
        return this.relations.of(predicate, args.length).has(this.tuple(condition.atom, binding));
      }
      case 'equal':
        return this.value(condition.left, binding) === this.value(condition.right, binding);
      case 'not':
        return !this.holds(condition.of, binding);
      case 'and':
        return condition.parts.every((part) => this.holds(part, binding));
      case 'or':
        return condition.parts.some((part) => this.holds(part, binding));
      case 'imply':
        return !this.holds(condition.if, binding) || this.holds(condition.then, binding);
      case 'forall':
        return this.cases(condition.vars, binding).every((inner) => this.holds(condition.of, inner));
      case 'exists':
        return this.cases(condition.vars, binding).some((inner) => this.holds(condition.of, inner));
    }
  }

  private cases(
    vars: readonly { readonly name: string; readonly types: readonly string[] }[],
    binding: Binding,
  ): Binding[] {
    return vars.reduce<Binding[]>(
      (all, { name, types }) => all.flatMap((one) => this.world.membersOf(types).map((o) => new Map(one).set(name, o))),
      [binding],
    );
  }

  private tuple({ args }: Atom, binding: Binding): number[] {
    return args.map((term) => this.value(term, binding));
  }

  private value(term: string, binding: Binding): number {
    return binding.get(term) ?? this.world.objectIds.get(term) ?? -1;
  }

  private change(predicate: string, tuple: readonly number[], added: boolean): void {
    if (this.write(predicate, tuple, added)) this.log.push({ predicate, tuple, added });
  }

  private write(predicate: string, tuple: readonly number[], added: boolean): boolean {
    const relation = this.relations.of(predicate, tuple.length);
    if (!(added ? relation.add(tuple) : relation.remove(tuple))) return false;
    let id = this.predicateIds.get(predicate);
    if (id === undefined) this.predicateIds.set(predicate, (id = this.predicateIds.size + 1));
    let high = scatter(id);
    let low = scatter(id ^ 0x68bc21eb);
    for (const value of tuple) {
      high = scatter(Math.imul(high, 31) + value + 1);
      low = scatter(Math.imul(low, 37) + value + 0x2f0b);
    }
    this.high ^= high;
    this.low ^= low;
    this.profile(id, tuple, added ? 1 : -1);
    return true;
  }

  private profile(predicate: number, tuple: readonly number[], sign: number): void {
    for (const object of new Set(tuple)) {
      let high = scatter(predicate);
      let low = scatter(predicate ^ 0x1f83d9ab);
      for (const value of tuple) {
        high = scatter(Math.imul(high, 31) + (value === object ? 0 : value + 1));
        low = scatter(Math.imul(low, 37) + (value === object ? 0 : value + 0x2f0b));
      }
      this.profiles[2 * object] = (this.profiles[2 * object] ?? 0) + sign * high;
      this.profiles[2 * object + 1] = (this.profiles[2 * object + 1] ?? 0) + sign * low;
    }
  }
}
