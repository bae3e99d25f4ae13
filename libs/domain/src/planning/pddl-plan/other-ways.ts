import type { PddlProblem } from '../pddl/model';
import type { DecompositionCheck, MethodUse } from './check-decomposition';
import type { PlanNode, PlanTree } from './plan-tree';

/** Which part of a plan stands for which member of the method above it. */
export interface Ways {
  readonly uses: ReadonlyMap<PlanNode, MethodUse>;
  /** Pairs of roots, the first before the second. */
  readonly rootOrder: MethodUse['ordering'];
}

export interface WaysQuestion {
  readonly check: DecompositionCheck;
  readonly tree: PlanTree;
  readonly network: NonNullable<PddlProblem['network']>;
  /** Plays the plan that way. @returns the ids of the decompositions whose preconditions fail */
  readonly failingWith: (ways: Ways) => readonly number[];
}

/** Ways looked at for one decomposition. */
const MAX_WAYS = 24;
/** How often the plan is played in all, and how many nodes that may come to. */
const MAX_PLAYS = 300;
const MAX_NODES_PLAYED = 2_000_000;
/** Plays in which failing decompositions alone take their next way; then all combinations are tried. */
const MAX_STEPS = 100;

/** A decomposition; null stands for the roots. */
type Owner = PlanNode | null;

/**
 * Looks for another way to find the members of the methods in the parts of a plan, when preconditions fail with the first
 * one: the parts may have been named in another order, which gives the variables other values.
 */
export class OtherWays {
  private readonly options = new Map<Owner, readonly MethodUse[]>();
  private readonly choice = new Map<Owner, number>();
  private readonly byId: ReadonlyMap<number, PlanNode>;
  private playsLeft: number;

  constructor(
    private readonly question: WaysQuestion,
    private readonly first: Ways,
  ) {
    const { nodes } = question.tree;
    this.byId = new Map(nodes.map((node) => [node.id, node]));
    this.playsLeft = Math.min(MAX_PLAYS, Math.floor(MAX_NODES_PLAYED / nodes.length));
  }

  /** Is there a way in which all preconditions hold, as far as was looked? @param failing where the first one fails */
  lead(failing: readonly number[]): boolean {
    let left = failing;
    const involved = new Set<Owner>();
    for (let step = 0; step < MAX_STEPS && this.playsLeft > 0; step += 1) {
      const nodes = left.flatMap((id) => this.byId.get(id) ?? []);
      nodes.forEach((node) => this.withAbove(node).forEach((owner) => involved.add(owner)));
      const moved = nodes.filter((node) => this.advance(node));
      if (moved.length === 0) break;
      left = this.play();
      if (left.length === 0) return true;
    }
    return this.tryAll([...involved].filter((owner) => this.optionsOf(owner).length > 1));
  }

  /** The next way of a failing decomposition, else of the nearest one above it: its order moves those below. */
  private advance(node: PlanNode): boolean {
    const owner = this.withAbove(node).find((one) => (this.choice.get(one) ?? 0) + 1 < this.optionsOf(one).length);
    if (owner === undefined) return false;
    for (const passed of this.withAbove(node)) {
      if (passed === owner) break;
      this.choice.set(passed, 0);
    }
    this.choice.set(owner, (this.choice.get(owner) ?? 0) + 1);
    return true;
  }

  private tryAll(owners: readonly Owner[]): boolean {
    owners.forEach((owner) => this.choice.set(owner, 0));
    while (this.playsLeft > 0) {
      if (this.play().length === 0) return true;
      const next = owners.findIndex((owner) => (this.choice.get(owner) ?? 0) + 1 < this.optionsOf(owner).length);
      if (next === -1) return false;
      owners.slice(0, next).forEach((owner) => this.choice.set(owner, 0));
      const owner = owners[next] ?? null;
      this.choice.set(owner, (this.choice.get(owner) ?? 0) + 1);
    }
    return false;
  }

  private play(): readonly number[] {
    this.playsLeft -= 1;
    const uses = new Map(this.first.uses);
    let { rootOrder } = this.first;
    for (const [owner, index] of this.choice) {
      const use = this.optionsOf(owner)[index];
      if (!use) continue;
      if (owner) uses.set(owner, use);
      else rootOrder = use.ordering;
    }
    return this.question.failingWith({ uses, rootOrder });
  }

  private withAbove(node: PlanNode): readonly Owner[] {
    const owners: Owner[] = [];
    for (let one: Owner = node; one; one = one.parent) owners.push(one);
    return [...owners, null];
  }

  private optionsOf(owner: Owner): readonly MethodUse[] {
    const known = this.options.get(owner);
    if (known) return known;
    const { check, network, tree } = this.question;
    const found = owner ? check.waysOf(owner, MAX_WAYS) : check.waysOfRoots(network, tree.roots, MAX_WAYS);
    this.options.set(owner, found);
    return found;
  }
}
