import type { PlanningBudget } from '../pddl/model';

/** Thrown inside the planner when its budget has ended; `solve` turns it into a typed answer. */
export class BudgetOver extends Error {}

/** Thrown when grounding would need more instances than allowed; `solve` then plans without grounding first. */
export class TooLarge extends Error {}

/** Counts nodes and elementary work, and polls the caller's budget now and then. */
export class Meter {
  nodes = 0;
  /** Elementary operations: what the interleaved searches are balanced by, instead of a clock. */
  work = 0;
  /** Work at which {@link TooLarge} is thrown. */
  allowance = Infinity;
  private nextPoll = 256;
  private nextNodePoll = 256;

  constructor(private readonly budget: PlanningBudget) {
    this.poll();
  }

  /** One search node. @throws {BudgetOver} */
  node(): void {
    this.nodes += 1;
    if (this.nodes > this.budget.maxNodes) throw new BudgetOver();
    if (this.nodes < this.nextNodePoll) return;
    this.nextNodePoll = this.nodes + 256;
    this.poll();
  }

  /** Elementary work. @throws {BudgetOver} @throws {TooLarge} */
  spend(amount: number): void {
    this.work += amount;
    if (this.work < this.nextPoll) return;
    this.nextPoll = this.work + 20_000;
    if (this.work > this.allowance) throw new TooLarge();
    this.poll();
  }

  /** Asks the budget at once: between long stretches that cannot stop half-way. @throws {BudgetOver} */
  poll(): void {
    if (this.budget.isOver()) throw new BudgetOver();
  }
}
