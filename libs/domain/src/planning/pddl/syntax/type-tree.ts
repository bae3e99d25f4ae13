export const OBJECT = 'object';

/** Who stands above whom among types. Sets are worked out when first asked for. */
export class TypeTree {
  private readonly below = new Map<string, string[]>();
  private readonly sets = new Map<string, ReadonlySet<string>>();

  readonly above: Map<string, readonly string[]>;

  /**
   * @param above each type and those directly above it, without cycles
   * @param isOpen whether types need no declaration: a domain without any section of types means those that it uses
   */
  constructor(
    above: ReadonlyMap<string, readonly string[]>,
    private readonly isOpen = false,
  ) {
    this.above = new Map(above);
    for (const [type, parents] of above) for (const parent of parents) this.addBelow(parent, type);
  }

  /** Whether a type may be used; where none has to be declared, its use declares it. */
  admits(type: string): boolean {
    if (this.isOpen && !this.has(type)) {
      this.above.set(type, [OBJECT]);
      this.addBelow(OBJECT, type);
    }
    return this.has(type);
  }

  has(type: string): boolean {
    return type === OBJECT || this.above.has(type);
  }

  names(): Iterable<string> {
    return this.above.keys();
  }

  /** Whether everything of type `lower` is also of type `upper`. */
  isSubtype(lower: string, upper: string): boolean {
    return upper === OBJECT || lower === upper || this.subtypes(upper).has(lower);
  }

  /** Whether some object may be of one of `left` and of one of `right`. */
  overlap(left: readonly string[], right: readonly string[]): boolean {
    return left.some((a) => right.some((b) => this.common(a, b).length > 0));
  }

  /** The widest types that are both at or below one of `left` and one of `right`; none when nothing can be both. */
  intersect(left: readonly string[], right: readonly string[]): readonly string[] {
    const all = new Set(left.flatMap((a) => right.flatMap((b) => this.common(a, b))));
    return [...all].filter((type) => ![...all].some((other) => other !== type && this.isSubtype(type, other)));
  }

  private addBelow(parent: string, type: string): void {
    const list = this.below.get(parent);
    if (list) list.push(type);
    else this.below.set(parent, [type]);
  }

  private common(a: string, b: string): readonly string[] {
    if (this.isSubtype(a, b)) return [a];
    if (this.isSubtype(b, a)) return [b];
    const [some, others] = [this.subtypes(a), this.subtypes(b)];
    return [...some].filter((type) => others.has(type));
  }

  private subtypes(type: string): ReadonlySet<string> {
    const known = this.sets.get(type);
    if (known) return known;
    const found = new Set([type]);
    for (const next of found) for (const child of this.below.get(next) ?? []) found.add(child);
    this.sets.set(type, found);
    return found;
  }
}
