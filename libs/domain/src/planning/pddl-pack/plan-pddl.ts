import { plural } from '../../counting';
import { NoPlanError } from '../../errors';
import type { TaskRequest } from '../../goals/goal';
import type { Learned } from '../../learning/lesson';
import type { MethodStat } from '../../memory/memory';
import { assemblePlan, type Inheritance } from '../assemble-plan';
import { orderOf, withoutSteps, type Ordering } from '../order';
import type { DomainPack, PddlSource, TaskDef } from '../pack';
import type { Plan } from '../plan';
import type { Atom, PddlAnswer, PddlDomain, PlanningBudget } from '../pddl/model';
import { solve } from '../search-pddl/solve';
import type { FoundChoice, FoundStep } from '../search';
import { stateOf } from '../state';
import { pastIndex } from './history';
import { learnedGuide } from './learned-guide';
import { penalties } from './method-order';
import { factOf, problemOfGoal, type PddlGoal } from './problem-of-goal';
import { literalsOf, Reasons, type Deed } from './reasons';
import type { Route } from './route';
import { Script, type Past } from './script';
import { placePlan, type PlacedAction, type PlacedMethod, type PlacedPlan } from './tree-of-plan';

export interface PddlPlanning {
  readonly pack: DomainPack;
  readonly source: PddlSource;
  readonly task: TaskDef;
  readonly request: TaskRequest;
  readonly budget: PlanningBudget;
  /** How often methods led to a verified goal; those that did come first. */
  readonly methodStats?: readonly MethodStat[];
  /** What goals taught: the order of a classical search. */
  readonly learned?: Learned;
  /** Of the methods for the task of this one, only this one. */
  readonly instead?: { readonly method: string };
}

/** What a repair hands on: how the plan must begin, and what it must not do. */
export interface PddlSteering extends Inheritance {
  readonly route: Route;
  /** Ids of the steps that it keeps, in order. */
  readonly pastIds: readonly string[];
}

/**
 * Plans a goal over a planning domain: the network is decomposed by `solve`, the actions found become steps, ordered by what
 * the methods demand and by the facts that one gives or spoils for another.
 *
 * @throws {NoPlanError} `details.reason` is `unsolvable` (proved) or `exhausted` (budget); `details.partial` is the best attempt
 */
export function planPddl(planning: PddlPlanning, steering: PddlSteering | null): Plan {
  const { pack, source, task, request, budget } = planning;
  const goal = problemOfGoal(pack, source, request);
  const route = steering?.route ?? straight(goal);
  const domain = onlyBy(route.domain, planning.instead?.method);
  const { guide, lessons } = learnedGuide(planning.learned, pack.name, { domain, problem: route.problem });
  const advice = { guide, penalties: penalties(goal.domain, pack, planning.methodStats ?? []) };
  const answer = solve(domain, route.problem, budget, advice);
  if (answer.kind === 'unsolvable' || answer.kind === 'exhausted') throw noPlan(request, answer);
  const { plan, pastOf } = route.decode(answer);
  const placed = placePlan(pack, goal, request, plan);
  const surprises = steering?.avoids.surprises ?? [];
  const found = explain(goal, placed, { surprises, pastOf, pastIds: steering?.pastIds ?? [] });
  const initial = stateOf(goal.problem.init.map((atom) => factOf(atom, goal.spelling)));
  const made = assemblePlan({ pack, task, request, initial, inherits: steering, ...found });
  return lessons.length > 0 ? { ...made, lessons } : made;
}

/** The domain in which a task that the method can do is done by no other. */
function onlyBy(domain: PddlDomain, method: string | undefined): PddlDomain {
  const wanted = domain.methods.find(({ name }) => name === method);
  if (!wanted) return domain;
  const methods = domain.methods.filter((other) => other.name === method || other.task.name !== wanted.task.name);
  return { ...domain, methods };
}

/** The problem as it is. */
function straight({ domain, problem }: PddlGoal): Route {
  const decode: Route['decode'] = ({ plan }) => ({ plan, pastOf: new Map() });
  return { domain, problem, decode };
}

interface Explained {
  readonly steps: readonly FoundStep[];
  readonly choices: readonly FoundChoice[];
  readonly order: Ordering;
}

/** Plays the plan and notes for every action and method which facts it needs and changes. */
function explain(goal: PddlGoal, placed: PlacedPlan, past: Past): Explained {
  const script = new Script(goal, placed, past);
  const reasons = new Reasons(goal.domain, script.touched());
  const steps: FoundStep[] = [];
  const seen = new Set<number>();
  const choices = new Map<PlacedMethod, FoundChoice>();
  const world = script.start();
  script.events.forEach((event, position) => {
    for (const method of placed.methods)
      if (method.first === script.actionsBefore(position) && event.action && !choices.has(method))
        choices.set(method, script.choiceOf(method, world, reasons, position));
    if (event.action) {
      steps.push(stepOf(goal, event.action, script.deed(world, event.action, reasons), past));
    } else {
      seen.add(position);
      steps.push(observed(event, goal));
    }
    world.change(event.adds, event.deletes);
  });
  for (const method of placed.methods)
    if (!choices.has(method)) choices.set(method, script.choiceOf(method, null, reasons, steps.length));
  const ordered = placed.methods.flatMap((method) => choices.get(method) ?? []);
  const initial = stateOf(goal.problem.init.map((atom) => factOf(atom, goal.spelling)));
  const order = withoutSteps(
    orderOf({ steps, choices: ordered }, initial, () => null),
    seen,
  );
  return { steps: steps.filter((_, index) => !seen.has(index)), choices: ordered, order };
}

function stepOf(goal: PddlGoal, action: PlacedAction, deed: Deed, { pastOf, pastIds }: Past): FoundStep {
  const { node, operator, args, id } = action;
  const keepsId = pastIds[pastOf.get(id) ?? -1];
  return {
    node,
    operator,
    args,
    when: literalsOf(deed.needs, goal.spelling),
    adds: deed.adds.map((atom) => factOf(atom, goal.spelling)),
    deletes: deed.deletes.map((atom) => factOf(atom, goal.spelling)),
    ...(keepsId === undefined ? {} : { keepsId }),
  };
}

/** What was found out, as something that happened in its place of the plan. */
function observed(
  event: { readonly adds: readonly Atom[]; readonly deletes: readonly Atom[] },
  goal: PddlGoal,
): FoundStep {
  const key = 'what was observed';
  const node = {
    lineage: key,
    occurrence: 0,
    repeats: false,
    member: key,
    task: key,
    args: {},
    depth: 0,
    parent: null,
    before: [],
    keys: [],
  };
  const operator = { name: key, summary: key, params: [], when: [], adds: [], deletes: [], tools: [] };
  const facts = (atoms: readonly Atom[]) => atoms.map((atom) => factOf(atom, goal.spelling));
  return { node, operator, args: {}, when: [], adds: facts(event.adds), deletes: facts(event.deletes) };
}

function noPlan(request: TaskRequest, answer: PddlAnswer & { kind: 'unsolvable' | 'exhausted' }): NoPlanError {
  const isProved = answer.kind === 'unsolvable';
  const partial = isProved
    ? []
    : answer.partial
        .filter(({ name }) => pastIndex(name) === null)
        .map(({ name, args }) => ({ operator: name, args: [...args] }));
  return new NoPlanError(
    isProved
      ? `No plan for ${request.name} exists: ${answer.reason}`
      : `No plan for ${request.name} within ${plural(answer.nodes, 'search node')}`,
    {
      task: request.name,
      reason: answer.kind,
      nodes: answer.nodes,
      partial,
      obstacles: isProved ? [answer.reason] : [],
    },
    isProved ? 'Change the problem, or add a way to the domain.' : 'Raise the search budget or simplify the problem.',
  );
}
