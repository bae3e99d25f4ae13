import type { PddlAnswer, PddlDomain, PddlProblem, PlanningBudget } from '../pddl/model';
import type { Numbered } from './answers';
import { actionsOf, hierarchicalPlan } from './answers';
import { buildGround } from './build-ground';
import { ClassicalProgression } from './classical';
import { ruleGivenFacts } from './given-derived';
import type { GroundProblem } from './ground-problem';
import type { Guide, GuidedRun } from './guide';
import { decomposeFromRoot, groundActions } from './instances';
import type { Lifted } from './lifted';
import { buildLifted } from './lifted';
import { LiftedDepthFirst } from './lifted-search';
import { BudgetOver, Meter, TooLarge } from './meter';
import type { Trace } from './network';
import { PartialOrderProgression } from './partial-order';
import type { Runner } from './portfolio';
import { runPortfolio } from './portfolio';
import type { Progression } from './progression';
import { TotalOrderProgression } from './progression';
import { prune } from './prune';
import { reachFacts } from './reach-facts';
import { RelaxedPlan } from './relaxed-plan';
import type { Search } from './searches';
import { BestFirst, DeepeningDepthFirst, estimateValue, relaxedValue } from './searches';
import { splitMethods } from './split-methods';
import { TopDown } from './top-down';
import { buildWorld } from './world';

/** Grounding stops beyond these; memory, not time, is what they protect. */
const MAX_FACTS = 2_000_000;
const MAX_INSTANCES = 600_000;
/** Work after which grounding is given up for the time being, and work of the lifted search that follows; the last one has no end. */
const ROUNDS = [
  { grounding: 4_000_000, lifted: 12_000_000 },
  { grounding: 40_000_000, lifted: Infinity },
];

/**
 * Plans an HDDL problem by decomposing its initial network, or a PDDL problem by forward search. Grounds by relaxed reachability,
 * then lets searches share the work: best-first by relaxed plans, best-first by least remaining steps, depth-first with a growing
 * bound, and depth-first without grounding, which alone remains where grounding is too large.
 *
 * @returns the plan; a proof that there is none; or, when the budget ends, the actions of the most promising node so far
 * @param guide a search that goes before the others in classical problems; null: none
 * @throws {Error} when a domain cannot be read as a planning problem: unknown names, cyclic order, unstratified axioms
 */
export function solve(
  domain: PddlDomain,
  problem: PddlProblem,
  budget: PlanningBudget,
  guide: Guide | null = null,
): PddlAnswer {
  let meter: Meter | null = null;
  const session: Session = { partial: () => [] };
  try {
    meter = new Meter(budget);
    const ruled = ruleGivenFacts(domain, problem);
    const split = splitMethods(ruled.domain, ruled.problem);
    const lifted = buildLifted(buildWorld(split.domain, split.problem));
    return new Planner(lifted, meter, { session, guide }).answer();
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
  private depthFirst: LiftedDepthFirst | null = null;

  constructor(
    private readonly lifted: Lifted,
    private readonly meter: Meter,
    private readonly options: { readonly session: Session; readonly guide: Guide | null },
  ) {}

  /** Grounds at once where that is cheap; else a lifted search gets a chance before grounding is tried in earnest. */
  answer(): PddlAnswer {
    const { lifted, meter } = this;
    const { length } = ROUNDS;
    for (let round = 0; round < length; round += 1) {
      meter.allowance = meter.work + (ROUNDS[round]?.grounding ?? 0);
      try {
        return this.answerGrounded();
      } catch (error) {
        if (!(error instanceof TooLarge)) throw error;
      }
      meter.allowance = Infinity;
      const search = this.liftedSearch();
      const more = round + 1 < length ? (ROUNDS[round]?.lifted ?? 0) : Infinity;
      const found = search && this.runLifted(search, more);
      if (found) return found;
    }
    throw new TooLarge(`${lifted.world.problem.name} is too large to ground`);
  }

  private liftedSearch(): LiftedDepthFirst | null {
    if (!LiftedDepthFirst.fits(this.lifted)) return null;
    return (this.depthFirst ??= new LiftedDepthFirst(this.lifted, this.meter));
  }

  private runLifted(search: LiftedDepthFirst, work: number): PddlAnswer | null {
    const { meter } = this;
    const end = meter.work + work;
    this.options.session.partial = () => actionsOf(this.lifted.world, search, search.best);
    while (meter.work < end) {
      const found = this.stepLifted(search);
      if (found === 'empty') return this.nothingLeft();
      if (found !== 'going') return found;
    }
    return null;
  }

  private stepLifted(search: LiftedDepthFirst): PddlAnswer | 'going' | 'empty' {
    const found = search.step();
    this.meter.spend(20);
    return typeof found === 'string' ? found : this.planned(search, found.plan);
  }

  private nothingLeft(): PddlAnswer {
    const reason = 'Every way to decompose and order the tasks was tried';
    return { kind: 'unsolvable', reason, nodes: this.meter.nodes };
  }

  private planned(numbered: Numbered, trace: Trace | null): PddlAnswer {
    const { world, root } = this.lifted;
    const { nodes } = this.meter;
    if (!root) return { kind: 'classical', plan: actionsOf(world, numbered, trace), nodes };
    return { kind: 'hierarchical', plan: hierarchicalPlan(world, numbered, trace), nodes };
  }

  private answerGrounded(): PddlAnswer {
    const { lifted, meter } = this;
    const facts = reachFacts(lifted, meter, MAX_FACTS);
    const instances = lifted.root
      ? decomposeFromRoot(lifted, facts, meter, MAX_INSTANCES)
      : groundActions(lifted, facts, meter, MAX_INSTANCES);
    const built = buildGround(lifted, facts, instances, meter);
    meter.allowance = Infinity;
    const ground = prune(built, meter);
    if (!ground) {
      const what = lifted.root ? 'The initial network or the goal' : 'The goal';
      return {
        kind: 'unsolvable',
        reason: `${what} is out of reach even if nothing is ever deleted`,
        nodes: meter.nodes,
      };
    }
    if (!lifted.root) {
      const progression = new ClassicalProgression(ground, meter);
      const guided = this.options.guide?.({ lifted, ground, progression, meter });
      return this.search(ground, progression, { guided });
    }
    const live = ground.methodsOf.flat().map((method) => ground.methods[method]);
    if (live.every((method) => method?.sequence)) return this.search(ground, new TotalOrderProgression(ground, meter));
    const focused = new PartialOrderProgression(ground, meter, true);
    return this.search(ground, new PartialOrderProgression(ground, meter), { focused });
  }

  /** Others that take part: the same kind of network with fewer choices, and a search that goes first. */
  private search<Open>(
    ground: GroundProblem,
    progression: Progression<Open>,
    { focused, guided }: { focused?: Progression<Open>; guided?: GuidedRun } = {},
  ): PddlAnswer {
    const { meter } = this;
    const start = progression.start();
    if (!start) return this.nothingLeft();
    if (start.solved) return this.planned(ground, start.trace);
    meter.poll();
    const relaxed = new RelaxedPlan(ground);
    meter.poll();
    const topDown = this.lifted.root ? new TopDown(ground) : null;
    const value = relaxedValue(progression, { relaxed, topDown, meter });
    const informed = new BestFirst(progression, meter, value, start);
    const cheap = new BestFirst(progression, meter, estimateValue, start);
    const deep = new DeepeningDepthFirst(progression, meter, start);
    const step = (search: Search<Open>) => () => {
      const found = search.step();
      return typeof found === 'string' ? found : this.planned(ground, found.trace);
    };
    this.options.session.partial = () => actionsOf(this.lifted.world, ground, informed.best.trace);
    const led = guided && this.lead(ground, guided);
    if (led) return led;
    const lifted = this.liftedSearch();
    const runners: Runner<PddlAnswer>[] = [
      ...(guided ? [{ step: () => this.stepGuided(ground, guided), share: GUIDED_SHARE }] : []),
      { step: step(informed), share: 6 },
      { step: step(cheap), share: 1 },
      { step: step(deep), share: 1 },
    ];
    const begun = focused?.start();
    if (focused && begun) {
      const deepFirst = new BestFirst(focused, meter, value, begun);
      runners.push({ step: step(deepFirst), share: 4, isPartial: true });
    }
    if (lifted) runners.push({ step: () => this.stepLifted(lifted), share: 2 });
    return runPortfolio(runners, meter) ?? this.nothingLeft();
  }

  /** Lets a guided search go first for as long as it wants to. */
  private lead(ground: GroundProblem, guided: GuidedRun): PddlAnswer | null {
    while (guided.leads()) {
      const found = this.stepGuided(ground, guided);
      if (found === 'empty') return this.nothingLeft();
      if (found !== 'going') return found;
    }
    return null;
  }

  private stepGuided(ground: GroundProblem, guided: GuidedRun): PddlAnswer | 'going' | 'empty' {
    const found = guided.step();
    return typeof found === 'string' ? found : this.planned(ground, found.trace);
  }
}

/** Part of the work that a guided search has beside the others, once it no longer goes first. */
const GUIDED_SHARE = 4;
