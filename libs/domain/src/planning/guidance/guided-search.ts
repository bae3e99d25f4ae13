import type { ClassicalProgression } from '../search-pddl/classical';
import type { GroundProblem } from '../search-pddl/ground-problem';
import type { Lifted } from '../search-pddl/lifted';
import type { Meter } from '../search-pddl/meter';
import { PriorityQueue } from '../search-pddl/priority-queue';
import type { Node } from '../search-pddl/progression';
import { RelaxedPlan } from '../search-pddl/relaxed-plan';
import { SeenKeys } from '../search-pddl/seen-keys';
import { ActionFeatures } from './features';
import { Scorer } from './score';

/** What a model says about actions, and how it is weighed against what the search knows by itself. */
export interface Policy {
  /** Weights by number of feature; only differences between actions of one state mean something. */
  readonly weights: ReadonlyMap<number, number>;
  /** How much one step of a relaxed plan weighs against one unit of score. */
  readonly stepWeight: number;
  /** How much one step done so far weighs; 0: any plan is as good as a short one. */
  readonly pathWeight: number;
  /** Nodes that the unguided search may take in vain before this one takes over its tree; below zero: this one begins. */
  readonly allowedWaste: number;
}

interface Entry {
  readonly node: Node<null>;
  /** Sum of the differences between what the model liked best and what was done instead. */
  readonly regret: number;
  /** Steps of its relaxed plan; −1 while unknown. */
  readonly steps: number;
}

/** What a guided search works on. */
export interface GuidedTask {
  readonly lifted: Lifted;
  readonly ground: GroundProblem;
  readonly progression: ClassicalProgression;
  readonly meter: Meter;
}

/**
 * Best-first search in the order of a learned policy: a node is the better the less its path deviates from what the policy likes
 * best and the fewer steps its relaxed plan has. The children that the policy likes best are valued when they are made, the others
 * when their turn comes. Nothing is left out but repeated states and states whose relaxed problem has no solution, as in the
 * unguided search; so the search is complete whatever the policy says. Every node that is taken from the queue counts as an
 * expansion, also when it turns out hopeless.
 *
 * @see Orseau and Lelis, Policy-guided heuristic search with guarantees, AAAI 2021: deviation from a policy as the order of search
 */
export class GuidedSearch {
  /** Steps of the shortest relaxed plan seen so far, and how many expansions ago that was. */
  bestSteps = Infinity;
  sinceBest = 0;
  expansions = 0;
  private readonly queue = new PriorityQueue<Entry>();
  private readonly seen = new SeenKeys();
  private readonly adopted = new Set<number>();
  private readonly features: ActionFeatures;
  private readonly scorer: Scorer;
  private readonly relaxed: RelaxedPlan;

  constructor(
    private readonly task: GuidedTask,
    private readonly policy: Policy,
  ) {
    const { ground, lifted, progression } = task;
    this.relaxed = new RelaxedPlan(ground);
    this.features = new ActionFeatures(lifted, ground, ground.operatorsOf.flat(), this.relaxed);
    this.scorer = new Scorer(this.features, policy.weights);
    const start = progression.start();
    this.seen.add(start.key);
    this.queue.push(0, { node: start, regret: 0, steps: -1 });
  }

  /** One expansion; `empty` when the whole space was seen. */
  step(): Node<null> | 'going' | 'empty' {
    let entry = this.queue.pop();
    while (entry && this.adopted.has(entry.node.key)) entry = this.queue.pop();
    if (!entry) return 'empty';
    const { node } = entry;
    this.task.meter.node();
    this.expansions += 1;
    this.sinceBest += 1;
    if (node.solved) return node;
    const steps = this.value(node);
    if (steps < 0) return 'going';
    const children = this.task.progression.expand(node);
    const solved = children.find((child) => child.solved);
    if (solved) return solved;
    this.grow({ ...entry, steps }, children);
    return 'going';
  }

  /**
   * Takes over a node that another search has expanded, without expanding it again. It costs no regret to be there, however the
   * other search came to it: the expansions are made, and as good a point to go on from as the start.
   */
  adopt(node: Node<null>, children: readonly Node<null>[]): void {
    this.adopted.add(node.key);
    const steps = this.value(node);
    if (steps >= 0) this.grow({ node, regret: 0, steps }, children);
    this.sinceBest = 0;
  }

  /** Puts the children of a node into the queue; its relaxed plan must be the one that was made last. */
  private grow({ node, regret, steps }: Entry, children: readonly Node<null>[]): void {
    this.features.read(node.state.words);
    this.scorer.reset();
    this.task.meter.spend(WORK_OF_A_STATE + WORK_OF_A_CHILD * children.length);
    const scored = children.map((child) => ({ child, score: this.scorer.score(child.choice, node.choice) }));
    const best = Math.max(...scored.map(({ score }) => score));
    scored.sort((a, b) => b.score - a.score);
    const fresh = scored.filter(({ child }) => !this.seen.has(child.key));
    const valued = fresh.map(({ child }, index) => (index < MAX_VALUED ? this.value(child) : steps + 1));
    for (let index = fresh.length - 1; index >= 0; index -= 1) {
      const one = fresh[index];
      const value = valued[index] ?? -1;
      if (!one || value < 0 || this.seen.has(one.child.key)) continue;
      this.seen.add(one.child.key);
      this.push({ node: one.child, regret: regret + best - one.score, steps: value });
    }
  }

  private push(entry: Entry): void {
    const { stepWeight, pathWeight } = this.policy;
    this.queue.push(entry.regret + stepWeight * entry.steps + pathWeight * entry.node.size, entry);
  }

  /** Steps of the relaxed plan, or −1. */
  private value(node: Node<null>): number {
    const steps = this.relaxed.estimate(node.state.words, []);
    this.task.meter.spend(this.relaxed.work);
    if (steps >= 0 && steps < this.bestSteps) {
      this.bestSteps = steps;
      this.sinceBest = 0;
    }
    return steps;
  }
}

const WORK_OF_A_STATE = 100;
const WORK_OF_A_CHILD = 3;
/** Children valued at once; as many as in the unguided search. */
const MAX_VALUED = 12;
