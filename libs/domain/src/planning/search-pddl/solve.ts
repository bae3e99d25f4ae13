import type { PddlAnswer, PddlDomain, PddlProblem, PlanningBudget } from '../pddl/model';
import { actionsOf, hierarchicalPlan } from './answers';
import { buildGround } from './build-ground';
import { ClassicalProgression } from './classical';
import type { GroundProblem } from './ground-problem';
import { decomposeFromRoot, groundActions } from './instances';
import type { Lifted } from './lifted';
import { buildLifted } from './lifted';
import { BudgetOver, Meter, TooLarge } from './meter';
import type { Trace } from './network';
import { PartialOrderProgression } from './partial-order';
import { runPortfolio } from './portfolio';
import type { Node, Progression } from './progression';
import { TotalOrderProgression } from './progression';
import { prune } from './prune';
import { reachFacts } from './reach-facts';
import { RelaxedPlan } from './relaxed-plan';
import type { Search } from './searches';
import { BestFirst, DeepeningDepthFirst, relaxedValue } from './searches';
import { buildWorld } from './world';

/** Grounding stops beyond these; memory, not time, is what they protect. */
const MAX_FACTS = 2_000_000;
const MAX_INSTANCES = 600_000;

/**
 * Plans an HDDL problem by decomposing its initial network, or a PDDL problem by forward search. Grounds by relaxed reachability,
 * then lets three searches share the work: best-first by relaxed plans, best-first by least remaining steps, and depth-first with a
 * growing bound.
 *
 * @returns the plan; a proof that there is none; or, when the budget ends, the actions of the most promising node so far
 * @throws {Error} when a domain cannot be read as a planning problem: unknown names, cyclic order, unstratified axioms
 */
export function solve(domain: PddlDomain, problem: PddlProblem, budget: PlanningBudget): PddlAnswer {
  let meter: Meter | null = null;
  const session: Session = { partial: () => [] };
  try {
    meter = new Meter(budget);
    return new Planner(buildLifted(buildWorld(domain, problem)), meter, session).answer();
  } catch (error) {
    if (!(error instanceof BudgetOver) && !(error instanceof TooLarge)) throw error;
    return { kind: 'exhausted', nodes: meter?.nodes ?? 0, partial: session.partial() };
  }
}

/** Where the planner leaves what it has so far. */
interface Session {
  partial: () => ReturnType<typeof actionsOf>;
}

class Planner {
  constructor(
    private readonly lifted: Lifted,
    private readonly meter: Meter,
    private readonly session: Session,
  ) {}

  answer(): PddlAnswer {
    const { lifted, meter } = this;
    const facts = reachFacts(lifted, meter, MAX_FACTS);
    const instances = lifted.root
      ? decomposeFromRoot(lifted, facts, meter, MAX_INSTANCES)
      : groundActions(lifted, facts, meter, MAX_INSTANCES);
    const ground = prune(buildGround(lifted, facts, instances, meter));
    if (!ground) {
      const what = lifted.root ? 'The initial network or the goal' : 'The goal';
      return {
        kind: 'unsolvable',
        reason: `${what} is out of reach even if nothing is ever deleted`,
        nodes: meter.nodes,
      };
    }
    if (!lifted.root) return this.search(ground, new ClassicalProgression(ground, meter));
    const live = ground.methodsOf.flat().map((method) => ground.methods[method]);
    if (live.every((method) => method?.sequence)) return this.search(ground, new TotalOrderProgression(ground, meter));
    return this.search(ground, new PartialOrderProgression(ground, meter));
  }

  private search<Open>(ground: GroundProblem, progression: Progression<Open>): PddlAnswer {
    const { meter, session } = this;
    const { world } = this.lifted;
    const start = progression.start();
    const found = start?.solved ? start : start && this.runAll(ground, progression, start);
    session.partial = () => [];
    if (!found) {
      return { kind: 'unsolvable', reason: 'Every way to decompose and order the tasks was tried', nodes: meter.nodes };
    }
    const trace: Trace | null = found.trace;
    if (!this.lifted.root) return { kind: 'classical', plan: actionsOf(world, ground, trace), nodes: meter.nodes };
    return { kind: 'hierarchical', plan: hierarchicalPlan(world, ground, trace), nodes: meter.nodes };
  }

  private runAll<Open>(ground: GroundProblem, progression: Progression<Open>, start: Node<Open>): Node<Open> | null {
    const { meter } = this;
    const relaxed = new RelaxedPlan(ground);
    const work = 200 + 2 * (ground.operators.length + ground.methods.length);
    const informed = new BestFirst(progression, meter, relaxedValue(progression, relaxed, meter, work), start);
    const searches: { search: Search<Open>; share: number }[] = [
      { search: informed, share: 6 },
      { search: new BestFirst(progression, meter, (node) => node.estimate, start), share: 1 },
      { search: new DeepeningDepthFirst(progression, meter, start), share: 3 },
    ];
    this.session.partial = () => actionsOf(this.lifted.world, ground, informed.best.trace);
    return runPortfolio(searches, meter);
  }
}
