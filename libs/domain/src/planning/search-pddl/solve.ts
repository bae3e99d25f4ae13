import type { PddlAnswer, PddlDomain, PddlProblem, PlanningBudget } from '../pddl/model';
import type { Numbered } from './answers';
import { actionsOf, hierarchicalPlan } from './answers';
import { buildGround } from './build-ground';
import { ClassicalProgression } from './classical';
import { ruleGivenFacts } from './given-derived';
import type { GroundProblem } from './ground-problem';
import { type Guide, leadSearch } from './guide';
import { decomposeFromRoot, groundActions } from './instances';
import { cheaperPlan, costOfTasks, type Improvement } from './improve';
import type { Lifted } from './lifted';
import { buildLifted } from './lifted';
import { LiftedDepthFirst } from './lifted-search';
import { linearProgression, linearRunners } from './linear-runners';
import { BudgetOver, Meter, TooLarge } from './meter';
import type { Trace } from './network';
import { GUIDED_SHARE, INFORMED_SHARE, type Others } from './others';
import { PartialOrderProgression } from './partial-order';
import type { Runner } from './portfolio';
import { runPortfolio, SLICE } from './portfolio';
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
/** Elementary work of reading one method or member, so that the budget is asked now and then where there are very many. */
const METHOD_WORK = 20;
/**
 * Work and instances after which grounding is given up for the time being, and work of the lifted search that follows; the last one
 * has no end.
 */
const ROUNDS = [
  { grounding: 4_000_000, instances: 60_000, lifted: 12_000_000 },
  { grounding: 40_000_000, instances: MAX_INSTANCES, lifted: Infinity },
];

/**
 * Plans an HDDL problem by decomposing its initial network, or a PDDL problem by forward search. Grounds by relaxed reachability,
 * then lets searches share the work: best-first by relaxed plans, best-first by least remaining steps, depth-first with a growing
 * bound, and depth-first without grounding, which alone remains where grounding is too large.
 *
 * @returns the plan; a proof that there is none; or, when the budget ends, the actions of the most promising node so far
 * @param advice what is known of the domain: it decides the order of search, never what is searched; a guide alone for short
 * @throws {Error} when a domain cannot be read as a planning problem: unknown names, cyclic order, unstratified axioms
 */
export function solve(
  domain: PddlDomain,
  problem: PddlProblem,
  budget: PlanningBudget,
  advice: Advice | Guide | null = null,
): PddlAnswer {
  const { guide = null, penalties }: Advice = typeof advice === 'function' ? { guide: advice } : (advice ?? {});
  let meter: Meter | null = null;
  const session: Session = { partial: () => [] };
  try {
    const counted = (meter = new Meter(budget));
    const ruled = ruleGivenFacts(bestFirst(domain, penalties), problem);
    const split = splitMethods(ruled.domain, ruled.problem);
    const members = split.problem.network?.members.length ?? 0;
    counted.spend(METHOD_WORK * (split.domain.methods.length + members));
    const lifted = buildLifted(buildWorld(split.domain, split.problem), penalties, () => counted.spend(METHOD_WORK));
    return new Planner(lifted, counted, { session, guide }).answer();
  } catch (error) {
    if (!(error instanceof BudgetOver) && !(error instanceof TooLarge)) throw error;
    return { kind: 'exhausted', nodes: meter?.nodes ?? 0, partial: session.partial() };
  }
}

/** What is known of a domain beforehand. */
export interface Advice {
  /** A search that goes before the others in classical problems. */
  readonly guide?: Guide | null;
  /** Steps that choosing a method counts for beyond those of its members, by `TASK METHOD`. */
  readonly penalties?: ReadonlyMap<string, number>;
}

/** The domain with the methods that count least first. */
function bestFirst(domain: PddlDomain, penalties: Advice['penalties']): PddlDomain {
  if (!penalties || penalties.size === 0) return domain;
  const of = ({ task, name }: PddlDomain['methods'][number]): number => penalties.get(`${task.name} ${name}`) ?? 0;
  return { ...domain, methods: domain.methods.toSorted((a, b) => of(a) - of(b)) };
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
      const instances = this.liftedSearch() ? (ROUNDS[round]?.instances ?? 0) : MAX_INSTANCES;
      meter.allowance = meter.work + (ROUNDS[round]?.grounding ?? 0);
      try {
        return this.answerGrounded(instances);
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
      if (found === 'empty') return search.isComplete ? this.nothingLeft() : null;
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

  private answerGrounded(maxInstances: number): PddlAnswer {
    const { lifted, meter } = this;
    const facts = reachFacts(lifted, meter, MAX_FACTS);
    const instances = lifted.root
      ? decomposeFromRoot(lifted, facts, meter, maxInstances)
      : groundActions(lifted, facts, meter, maxInstances);
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
    const isCostly = lifted.world.problem.minimizesCost;
    if (!lifted.root) {
      const progression = new ClassicalProgression(ground, meter);
      const guided = this.options.guide?.({ lifted, ground, progression, meter });
      const before = guided && { guided, lead: (first: BestFirst<null>) => leadSearch(first, guided, meter) };
      const costly = isCostly ? new ClassicalProgression(ground, meter, true) : undefined;
      return this.search(ground, progression, { before, costly });
    }
    const live = ground.methodsOf.flat().map((method) => ground.methods[method]);
    if (live.every((method) => method?.sequence)) {
      const costly = isCostly ? new TotalOrderProgression(ground, meter, true) : undefined;
      return this.search(ground, new TotalOrderProgression(ground, meter), { costly });
    }
    const focused = new PartialOrderProgression(ground, meter, { isFocused: true });
    const costly = isCostly ? new PartialOrderProgression(ground, meter, { isCostly }) : undefined;
    const linear = linearProgression(ground, meter);
    return this.search(ground, new PartialOrderProgression(ground, meter), { focused, costly, linear });
  }

  private search<Open>(
    ground: GroundProblem,
    progression: Progression<Open>,
    { focused, before, costly, linear }: Others<Open> = {},
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
    const step = (search: Pick<Search<Open>, 'step'>) => () => {
      const found = search.step();
      return typeof found === 'string' ? found : this.planned(ground, found.trace);
    };
    this.options.session.partial = () => actionsOf(this.lifted.world, ground, informed.best.trace);
    const cheaper = (answer: PddlAnswer): PddlAnswer =>
      costly ? this.improved(ground, answer, { progression: costly, value }) : answer;
    const led = before?.lead(informed);
    if (led?.found === 'empty') return this.nothingLeft();
    if (led && led.found !== 'going') return cheaper(this.planned(ground, led.found.trace));
    const lifted = this.liftedSearch();
    const blindSpent = led ? SLICE : 0;
    const runners: Runner<PddlAnswer>[] = [
      ...(before && led ? [{ step: step(before.guided), share: GUIDED_SHARE, spent: led.guidedWork }] : []),
      { step: step(informed), share: INFORMED_SHARE, spent: led?.unguidedWork ?? 0 },
      { step: step(cheap), share: 1, spent: blindSpent },
      { step: step(deep), share: 1, spent: blindSpent },
    ];
    const begun = focused?.start();
    if (focused && begun) {
      const deepFirst = new BestFirst(focused, meter, value, begun);
      runners.push({ step: step(deepFirst), share: 4, isPartial: true });
    }
    if (linear) {
      const planned = (trace: Trace | null): PddlAnswer => this.planned(ground, trace);
      runners.push(...linearRunners(linear, planned, { relaxed, topDown, meter }));
    }
    if (lifted) runners.push(this.liftedRunner(lifted, 2 * blindSpent));
    const found = runPortfolio(runners, meter);
    return found ? cheaper(found) : this.nothingLeft();
  }

  private liftedRunner(lifted: LiftedDepthFirst, spent: number): Runner<PddlAnswer> {
    return { step: () => this.stepLifted(lifted), share: 2, spent, isPartial: !lifted.isComplete };
  }

  /** A cheaper plan where the problem asks for cheap ones; nodes are those of the first plan, as for all others. */
  private improved<Open>(
    ground: GroundProblem,
    answer: PddlAnswer,
    { progression, value }: Pick<Improvement<Open>, 'progression' | 'value'>,
  ): PddlAnswer {
    const { meter, lifted } = this;
    if (answer.kind !== 'classical' && answer.kind !== 'hierarchical') return answer;
    const actions = answer.kind === 'classical' ? answer.plan : answer.plan.actions.map(({ task }) => task);
    const planned = (trace: Trace | null): PddlAnswer => ({ ...this.planned(ground, trace), nodes: answer.nodes });
    const cost = costOfTasks(lifted, actions);
    return cheaperPlan({ answer, cost, actions: actions.length }, { progression, value, planned, meter });
  }
}
