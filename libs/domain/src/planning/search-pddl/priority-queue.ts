/** Binary heap: the lowest priority first, of equals the one that was put in last. */
export class PriorityQueue<T> {
  private readonly items: { readonly priority: number; readonly turn: number; readonly value: T }[] = [];
  private turn = 0;

  get size(): number {
    return this.items.length;
  }

  /** What `pop` would give. */
  get first(): T | undefined {
    return this.items[0]?.value;
  }

  push(priority: number, value: T): void {
    this.turn += 1;
    const item = { priority, turn: this.turn, value };
    let at = this.items.length;
    this.items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.items[parent];
      if (!above || !this.isBefore(item, above)) break;
      this.items[at] = above;
      at = parent;
    }
    this.items[at] = item;
  }

  pop(): T | undefined {
    const first = this.items[0];
    const last = this.items.pop();
    if (!first || !last || this.items.length === 0) return first?.value;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = this.items[child];
      if (!left) break;
      const right = this.items[child + 1];
      if (right && this.isBefore(right, left)) child += 1;
      const best = this.items[child];
      if (!best || !this.isBefore(best, last)) break;
      this.items[at] = best;
      at = child;
    }
    this.items[at] = last;
    return first.value;
  }

  private isBefore(a: { priority: number; turn: number }, b: { priority: number; turn: number }): boolean {
    return a.priority < b.priority || (a.priority === b.priority && a.turn > b.turn);
  }
}
