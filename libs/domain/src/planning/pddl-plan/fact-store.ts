import type { Atom } from '../pddl/model';

/** A ground fact as one text: equal facts have equal keys. */
export function factKeyOf(predicate: string, args: readonly string[]): string {
  return args.length === 0 ? predicate : `${predicate} ${args.join(' ')}`;
}

type Facts = ReadonlyMap<string, readonly string[]>;
const NONE: Facts = new Map();

/** A set of ground facts, found by predicate and by any one argument. */
export class FactStore {
  private readonly byPredicate = new Map<string, Map<string, readonly string[]>>();
  private readonly byArgument = new Map<string, Map<string, readonly string[]>>();

  has(predicate: string, args: readonly string[]): boolean {
    return this.byPredicate.get(predicate)?.has(factKeyOf(predicate, args)) ?? false;
  }

  /** @returns whether the fact is new */
  add({ predicate, args }: Atom): boolean {
    if (this.has(predicate, args)) return false;
    const key = factKeyOf(predicate, args);
    placeOf(this.byPredicate, predicate).set(key, args);
    args.forEach((arg, index) => placeOf(this.byArgument, slot(predicate, index, arg)).set(key, args));
    return true;
  }

  /** @returns whether the fact was there */
  delete({ predicate, args }: Atom): boolean {
    const key = factKeyOf(predicate, args);
    if (!this.byPredicate.get(predicate)?.delete(key)) return false;
    args.forEach((arg, index) => this.byArgument.get(slot(predicate, index, arg))?.delete(key));
    return true;
  }

  clear(): void {
    this.byPredicate.clear();
    this.byArgument.clear();
  }

  /** A superset of the facts of this predicate whose arguments are the known ones; undefined where any will do. The smallest there is. */
  candidates(predicate: string, known: readonly (string | undefined)[]): Facts {
    let best: Facts = this.byPredicate.get(predicate) ?? NONE;
    known.forEach((arg, index) => {
      if (arg === undefined) return;
      const found = this.byArgument.get(slot(predicate, index, arg)) ?? NONE;
      if (found.size < best.size) best = found;
    });
    return best;
  }
}

const slot = (predicate: string, index: number, arg: string): string => `${predicate} ${index} ${arg}`;

function placeOf<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const found = map.get(key);
  if (found) return found;
  const made = new Map<string, Value>();
  map.set(key, made);
  return made;
}
