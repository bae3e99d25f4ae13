import { availableParallelism } from 'node:os';

interface Waiting {
  readonly owner: string;
  readonly begin: () => void;
}

/** Gives back what was taken; a second call does nothing. */
export type GiveBack = () => void;

/**
 * A bounded number of slots, shared fairly: whoever holds the fewest comes first, among these who came first. So a tenant
 * that asks for a hundred long searches takes neither the machine's memory nor the turn of another tenant's only one.
 */
export class FairSlots {
  private readonly held = new Map<string, number>();
  private waiting: Waiting[] = [];
  private free: number;

  /** @param slots whole, > 0 */
  constructor(slots: number) {
    this.free = slots;
  }

  /**
   * @param signal leaves the line when it aborts
   * @throws the signal's reason
   */
  async take(owner: string, signal: AbortSignal): Promise<GiveBack> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.waiting = this.waiting.filter((one) => one !== mine);
        reject(signal.reason instanceof Error ? signal.reason : new Error('waiting for a turn was stopped'));
      };
      const mine: Waiting = {
        owner,
        begin: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(mine);
      this.next();
    });
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.free += 1;
      const left = this.holds(owner) - 1;
      if (left > 0) this.held.set(owner, left);
      else this.held.delete(owner);
      this.next();
    };
  }

  private holds(owner: string): number {
    return this.held.get(owner) ?? 0;
  }

  private next(): void {
    while (this.free > 0 && this.waiting.length > 0) {
      const fewest = Math.min(...this.waiting.map(({ owner }) => this.holds(owner)));
      const index = this.waiting.findIndex(({ owner }) => this.holds(owner) === fewest);
      const [first] = this.waiting.splice(index, 1);
      if (!first) return;
      this.free -= 1;
      this.held.set(first.owner, this.holds(first.owner) + 1);
      first.begin();
    }
  }
}

/** Searches of this process at once: each may fill a processor and a gigabyte. */
export const planningSlots = new FairSlots(Math.max(2, availableParallelism()));
