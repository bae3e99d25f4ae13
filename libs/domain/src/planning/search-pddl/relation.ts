/** Values of a tuple as one key: a number while it is exact, else text. */
type Key = number | string;

interface Index {
  readonly positions: readonly number[];
  readonly rows: Map<Key, number[]>;
}

/** The known tuples of one predicate, with an index for every set of bound positions that was asked for. */
export class Relation {
  readonly tuples: (readonly number[])[] = [];
  private readonly alive: boolean[] = [];
  private readonly rowOf = new Map<Key, number>();
  private readonly indexes = new Map<number, Index>();
  private readonly numeric: boolean;

  constructor(
    readonly predicate: string,
    readonly arity: number,
    private readonly objectCount: number,
  ) {
    this.numeric = Math.max(objectCount, 1) ** arity < Number.MAX_SAFE_INTEGER;
  }

  /** Adds a tuple; false when it was there already. A tuple that was removed gets its old row back. */
  add(tuple: readonly number[]): boolean {
    const key = this.keyOf(tuple);
    const known = this.rowOf.get(key);
    if (known !== undefined && this.alive[known]) return false;
    const row = known ?? this.tuples.length;
    this.alive[row] = true;
    if (known === undefined) {
      this.rowOf.set(key, row);
      this.tuples.push(tuple);
    }
    for (const index of this.indexes.values()) this.addToIndex(index, tuple, row);
    return true;
  }

  /** Removes a tuple; false when it was not there. */
  remove(tuple: readonly number[]): boolean {
    const row = this.row(tuple);
    if (row < 0) return false;
    this.alive[row] = false;
    for (const { positions, rows } of this.indexes.values()) {
      const list = rows.get(this.keyOf(positions.map((position) => tuple[position] ?? 0))) ?? [];
      const last = list.pop();
      const at = last === row ? -1 : list.indexOf(row);
      if (at >= 0 && last !== undefined) list[at] = last;
    }
    return true;
  }

  has(tuple: readonly number[]): boolean {
    return this.row(tuple) >= 0;
  }

  /** Row of a tuple, or −1. */
  row(tuple: readonly number[]): number {
    const row = this.rowOf.get(this.keyOf(tuple)) ?? -1;
    return row >= 0 && this.alive[row] ? row : -1;
  }

  /** Rows whose values at the positions of `mask` (bit i: position i) are `values`, in this order. */
  match(mask: number, values: readonly number[]): readonly number[] {
    const index = this.indexes.get(mask) ?? this.makeIndex(mask);
    return index.rows.get(this.keyOf(values)) ?? NONE;
  }

  /** Mean number of rows that one `match` of this mask gives: tuples over distinct keys. */
  fanOut(mask: number): number {
    if (mask === 0) return this.tuples.length;
    const index = this.indexes.get(mask) ?? this.makeIndex(mask);
    return this.tuples.length / Math.max(index.rows.size, 1);
  }

  private makeIndex(mask: number): Index {
    const positions = Array.from({ length: this.arity }, (_, position) => position).filter((p) => (mask >> p) & 1);
    const index: Index = { positions, rows: new Map() };
    this.tuples.forEach((tuple, row) => {
      if (this.alive[row]) this.addToIndex(index, tuple, row);
    });
    this.indexes.set(mask, index);
    return index;
  }

  private addToIndex(index: Index, tuple: readonly number[], row: number): void {
    const key = this.keyOf(index.positions.map((position) => tuple[position] ?? 0));
    const rows = index.rows.get(key);
    if (rows) rows.push(row);
    else index.rows.set(key, [row]);
  }

  private keyOf(values: readonly number[]): Key {
    if (!this.numeric) return values.join(',');
    let key = 0;
    for (const value of values) key = key * this.objectCount + value;
    return key;
  }
}

const NONE: readonly number[] = [];

/** All relations of a problem by predicate. */
export class Relations {
  private readonly byName = new Map<string, Relation>();

  constructor(private readonly objectCount: number) {}

  of(predicate: string, arity: number): Relation {
    const key = `${predicate}/${arity}`;
    const known = this.byName.get(key);
    if (known) return known;
    const made = new Relation(predicate, arity, this.objectCount);
    this.byName.set(key, made);
    return made;
  }

  get size(): number {
    let size = 0;
    for (const relation of this.byName.values()) size += relation.tuples.length;
    return size;
  }
}
