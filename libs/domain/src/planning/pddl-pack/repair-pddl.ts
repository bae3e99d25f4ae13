import { plural } from '../../counting';
import { NoPlanError } from '../../errors';
import type { MethodStat } from '../../memory/memory';
import { World } from '../pddl-plan/world';
import type { Atom, GroundTask } from '../pddl/model';
import type { DomainPack, Fact, PddlSource, TaskDef } from '../pack';
import type { Avoidance, Plan, PlanFault, PlanStep, Surprise } from '../plan';
import { failureFact } from '../failure-fact';
import { noWayLeft } from '../no-way-left';
import { factKey, nextState, stateOf, type State } from '../state';
import { continuing } from './continue-plan';
import { tasksToGiveUp, withoutPlace } from './give-up';
import { groundTask } from './ground-task';
import { type History, historyRoute } from './history';
import { planPddl, type PddlPlanning } from './plan-pddl';
import { atomOf, factOf, problemOfGoal, type PddlGoal } from './problem-of-goal';
import { atomKey, Reasons } from './reasons';
import type { Route } from './route';

export interface PddlRepair {
  readonly pack: DomainPack;
  readonly source: PddlSource;
  readonly task: TaskDef;
  readonly budget: PddlPlanning['budget'];
  readonly methodStats: readonly MethodStat[];
  readonly plan: Plan;
  readonly succeeded: readonly string[];
  readonly faults: readonly PlanFault[];
  /** Facts that observation left, and facts that it took away; together with the start they are what is known to hold. */
  readonly observed: { readonly facts: readonly Fact[]; readonly denied: readonly Fact[] };
}

/**
 * The next revision of a plan over a planning domain. Steps that neither failed nor depend on what failed are kept, done or not;
 * the rest is planned anew from the facts as they were observed. Where that leads nowhere, only what is done is kept; then tasks that
 * were begun are done in another way, the nearest above the failure first: what was done for them stays done, without a place in
 * the plan. An action that failed for good does not come again.
 *
 * @throws {NoPlanError} `details.faults` when nothing is left to try
 */
export function repairPddl(repair: PddlRepair): Plan {
  const { plan, pack, source, task } = repair;
  const goal = problemOfGoal(pack, source, plan.task);
  const failed = repair.faults.flatMap(({ stepId }) => plan.steps.find(({ id }) => id === stepId) ?? []);
  const surprise = surpriseOf(repair, goal);
  const avoids = grow(repair, failed, surprise);
  const done = plan.steps.filter(({ id }) => repair.succeeded.includes(id));
  const kept = [...done, ...unaffected(repair, failed, surprise)];
  const banned = avoids.actions.flatMap((one) => groundTask(goal, one.operator, one.args));
  let last: NoPlanError | null = null;
  const ends = { failed, kept, done, banned, surprises: avoids.surprises ?? [] };
  for (const { steps, route, surprises, redo = [] } of routes(goal, repair, ends)) {
    try {
      const known = { ...avoids, ...(surprises ? { surprises } : {}) };
      const steering = { plan, avoids: known, reason: '', route, redo, pastIds: steps.map(({ id }) => id) };
      const { budget, methodStats } = repair;
      const next = planPddl({ pack, source, task, request: plan.task, budget, methodStats }, steering);
      return { ...next, reason: reasonOf(next, repair, failed, surprise) };
    } catch (error) {
      if (!(error instanceof NoPlanError)) throw error;
      last = error;
    }
  }
  throw exhausted(repair, last);
}

interface Ends {
  readonly failed: readonly PlanStep[];
  readonly kept: readonly PlanStep[];
  readonly done: readonly PlanStep[];
  readonly banned: readonly GroundTask[];
  readonly surprises: readonly Surprise[];
}

interface Way {
  readonly steps: readonly PlanStep[];
  readonly route: Route;
  /** Where other than known: with what was done that has no place in the plan any more. */
  readonly surprises?: readonly Surprise[];
  /** Ids of those steps. */
  readonly redo?: readonly string[];
}

/**
 * Ways to go on, the least change first: what is left of the plan after all that is not affected; after what is done; the whole
 * problem with what is done as its beginning, where also methods that were begun may be given up for others that begin alike; and
 * tasks that were begun done anew from where the world stands.
 */
function* routes(goal: PddlGoal, { plan }: PddlRepair, ends: Ends): Iterable<Way> {
  const { kept, done, banned, surprises } = ends;
  for (const steps of kept.length > done.length ? [kept, done] : [done]) {
    const played = playedSteps(goal, steps, surprises);
    const route = played && continuing(goal, plan, { steps, facts: played.facts, banned });
    if (route) yield { steps, route };
  }
  if (!goal.problem.network) return;
  const played = playedSteps(goal, done, surprises);
  if (played) yield { steps: done, route: historyRoute(goal.domain, goal.problem, { ...played, banned }) };
  for (const { reopened, isBelow } of tasksToGiveUp(plan, ends.failed)) {
    const own = withoutPlace(done, surprises, isBelow);
    const redo = done.filter(isBelow).map(({ id }) => id);
    const [placed, all] = [done, kept].map((steps) => steps.filter((step) => !isBelow(step)));
    for (const steps of [...((all?.length ?? 0) > (placed?.length ?? 0) ? [all] : []), placed]) {
      const world = steps && playedSteps(goal, steps, own);
      const route = world && continuing(goal, plan, { steps, facts: world.facts, banned, reopened });
      if (route) yield { steps, route, surprises: own, redo };
    }
  }
}

/** What observation says against what the steps done promise; null when it agrees. */
function surpriseOf({ plan, succeeded, observed }: PddlRepair, goal: PddlGoal): Surprise | null {
  const start = stateOf(goal.problem.init.map((atom) => factOf(atom, goal.spelling)));
  let promised: State = start;
  const told = [...(plan.avoids?.surprises ?? [])];
  let count = 0;
  const tell = (): void => {
    for (let next = told[0]; next !== undefined && next.after.length <= count; next = told[0]) {
      told.shift();
      promised = nextState(promised, next.adds, next.deletes);
    }
  };
  for (const step of plan.steps.filter(({ id }) => succeeded.includes(id))) {
    tell();
    promised = nextState(promised, step.adds, step.deletes);
    count += 1;
  }
  tell();
  const known = new Set(goal.domain.predicates.map(({ name }) => name));
  const isFact = ({ predicate }: Fact): boolean => known.has(predicate.toLowerCase());
  const adds = observed.facts.filter((fact) => isFact(fact) && !promised.has(factKey(fact)));
  const deletes = observed.denied.filter((fact) => promised.has(factKey(fact)));
  if (adds.length + deletes.length === 0) return null;
  return { after: plan.steps.flatMap(({ id }) => (succeeded.includes(id) ? [id] : [])), adds, deletes };
}

/** Steps not done yet that neither failed nor need anything of what failed or of a fact that turned out otherwise. */
function unaffected(
  { plan, succeeded }: PddlRepair,
  failed: readonly PlanStep[],
  surprise: Surprise | null,
): PlanStep[] {
  const changed = new Set([...(surprise?.adds ?? []), ...(surprise?.deletes ?? [])].map(factKey));
  const lost = new Set(failed.map(({ id }) => id));
  for (const step of plan.steps) {
    if (succeeded.includes(step.id)) continue;
    const isHit = step.when.some((literal) => changed.has(factKey(literal)));
    if (isHit || step.after.some((id) => lost.has(id))) lost.add(step.id);
  }
  return plan.steps.filter(({ id }) => !lost.has(id) && !succeeded.includes(id));
}

type Played = Omit<History, 'banned'> & { readonly facts: readonly Atom[] };

/** Plays steps with the surprises between them; null when one of them could not be done. */
function playedSteps(goal: PddlGoal, steps: readonly PlanStep[], surprises: readonly Surprise[]): Played | null {
  const world = new World(goal.domain, goal.problem);
  const reasons = new Reasons(goal.domain, new Map());
  const facts = new Map(goal.problem.init.map((atom) => [atomKey(atom), atom]));
  const change = (adds: readonly Atom[], deletes: readonly Atom[]): void => {
    world.change(adds, deletes);
    const kept = new Set(adds.map(atomKey));
    for (const atom of deletes) if (!kept.has(atomKey(atom))) facts.delete(atomKey(atom));
    for (const atom of adds) facts.set(atomKey(atom), atom);
  };
  const open = [...surprises];
  const played: { task: GroundTask; adds: Atom[]; deletes: Atom[] }[] = [];
  const before: { adds: Atom[]; deletes: Atom[] } = { adds: [], deletes: [] };
  const tell = (): void => {
    for (let next = open[0]; next !== undefined && next.after.length <= played.length; next = open[0]) {
      open.shift();
      const told = { adds: atomsOf(next.adds), deletes: atomsOf(next.deletes) };
      change(told.adds, told.deletes);
      merge(played.at(-1) ?? before, told);
    }
  };
  for (const step of steps) {
    tell();
    const [task] = groundTask(goal, step.operator, step.args);
    const action = goal.domain.actions.find(({ name }) => name === task?.name);
    if (!task || !action) return null;
    const binding = new Map(action.params.map(({ name }, index) => [name, task.args[index] ?? '']));
    const { adds, deletes } = reasons.effect(world, action.effect, binding);
    change(adds, deletes);
    played.push({ task, adds: [...adds], deletes: [...deletes] });
  }
  tell();
  return { past: played, start: before, facts: [...facts.values()] };
}

/** Two changes, one after the other, as one. */
function merge(into: { adds: Atom[]; deletes: Atom[] }, next: { adds: Atom[]; deletes: Atom[] }): void {
  const [added, deleted] = [new Set(next.adds.map(atomKey)), new Set(next.deletes.map(atomKey))];
  into.adds = [...into.adds.filter((atom) => !deleted.has(atomKey(atom))), ...next.adds];
  into.deletes = [...into.deletes.filter((atom) => !added.has(atomKey(atom))), ...next.deletes];
}

function atomsOf(facts: readonly Fact[]): Atom[] {
  return facts.flatMap((fact) => atomOf(fact) ?? []);
}

function grow(
  { plan, succeeded, faults }: PddlRepair,
  failed: readonly PlanStep[],
  surprise: Surprise | null,
): Avoidance {
  const known: Avoidance = plan.avoids ?? { choices: [], actions: [], facts: [], retired: [] };
  const codes = new Map(faults.map(({ stepId, code }) => [stepId, code]));
  const learnt = failed.map(({ id, operator }) => failureFact(operator, codes.get(id) ?? ''));
  const surprises = [...(known.surprises ?? []), ...(surprise ? [surprise] : [])];
  return {
    choices: known.choices,
    actions: [...known.actions, ...failed.map(({ operator, args }) => ({ operator, args, state: '' }))],
    facts: [...new Map([...known.facts, ...learnt].map((fact) => [factKey(fact), fact])).values()],
    retired: [...new Set([...known.retired, ...succeeded, ...failed.map(({ id }) => id)])],
    ...(surprises.length > 0 ? { surprises } : {}),
  };
}

function reasonOf(
  next: Plan,
  { plan, faults }: PddlRepair,
  failed: readonly PlanStep[],
  surprise: Surprise | null,
): string {
  const old = new Set(plan.steps.map(({ id }) => id));
  const now = new Set(next.steps.map(({ id }) => id));
  const fresh = next.steps.filter(({ id }) => !old.has(id)).length;
  const gone = plan.steps.filter(({ id }) => !now.has(id)).length;
  const what = failed.map(
    ({ id, label }) => `"${label}" failed (${faults.find(({ stepId }) => stepId === id)?.code ?? ''})`,
  );
  const seen = surprise
    ? [plural(surprise.adds.length + surprise.deletes.length, 'fact') + ' turned out otherwise']
    : [];
  return `${[...what, ...seen].join(', ')}: ${plural(fresh, 'new step')}, ${gone} dropped, ${now.size - fresh} kept`;
}

function exhausted({ plan, faults }: PddlRepair, last: NoPlanError | null): NoPlanError {
  const { reason = 'unsolvable', partial = [], obstacles = [] } = last?.details ?? {};
  return noWayLeft(plan, faults, { reason, partial, obstacles });
}
