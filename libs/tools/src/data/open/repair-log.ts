import type { Repair } from '../schemas';

const EXAMPLE_CHARS = 120;

/** Counts what was changed, by kind, keeping the first example of each. */
export class RepairLog {
  private readonly byKind = new Map<string, { count: number; example: string }>();

  add(kind: string, example: string, count = 1): void {
    const known = this.byKind.get(kind);
    if (known) known.count += count;
    else this.byKind.set(kind, { count, example: example.slice(0, EXAMPLE_CHARS) });
  }

  list(): Repair[] {
    return [...this.byKind].map(([kind, { count, example }]) => ({ kind, count, example }));
  }
}
