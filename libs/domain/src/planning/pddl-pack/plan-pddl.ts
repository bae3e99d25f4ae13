import { plural } from '../../counting';
import { NoPlanError } from '../../errors';
import type { TaskRequest } from '../../goals/goal';
import type { JsonObject } from '../../json';
import { assemblePlan, type Inheritance } from '../assemble-plan';
import { orderOf, withoutSteps, type Ordering } from '../order';
import type { DomainPack, PddlSource, TaskDef } from '../pack';
import type { Plan, Surprise } from '../plan';
import { World } from '../pddl-plan/world';
import { valueOf, type Binding } from '../pddl-plan/conditions';
import { holds } from '../pddl-plan/evaluate';
import type {
  Atom,
  Condition,
  GroundTask,
  HierarchicalPlan,
  PddlAnswer,
  PddlDomain,
  PlanningBudget,
} from '../pddl/model';
import { solve } from '../search-pddl/solve';
import type { FoundChoice, FoundStep } from '../search';
import { stateOf } from '../state';
import { pastIndex } from './history';
import { atomOf, factOf, problemOfGoal, type PddlGoal } from './problem-of-goal';
import { atomKey, firstBinding, literalsOf, Reasons, type Deed } from './reasons';
import type { Route } from './route';
import { placePlan, type PlacedAction, type PlacedMethod, type PlacedPlan } from './tree-of-plan';

export interface PddlPlanning {
  readonly pack: DomainPack;
  readonly source: PddlSource;
  readonly task: TaskDef;
  readonly request: TaskRequest;
  readonly budget: PlanningBudget;
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
  const answer = solve(onlyBy(route.domain, planning.instead?.method), route.problem, budget);
  if (answer.kind === 'unsolvable' || answer.kind === 'exhausted') throw noPlan(request, answer);
  const { plan, pastOf } = route.decode(answer);
  const placed = placePlan(pack, goal, request, plan);
  const surprises = steering?.avoids.surprises ?? [];
  const found = explain(goal, placed, { surprises, pastOf, pastIds: steering?.pastIds ?? [] });
  const initial = stateOf(goal.problem.init.map((atom) => factOf(atom, goal.spelling)));
  return assemblePlan({ pack, task, request, initial, inherits: steering, ...found });
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

interface Past {
  readonly surprises: readonly Surprise[];
  readonly pastOf: ReadonlyMap<number, number>;
  readonly pastIds: readonly string[];
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

interface Event {
  readonly action: PlacedAction | null;
  readonly adds: readonly Atom[];
  readonly deletes: readonly Atom[];
}

/** Actions and surprises in the order in which they happen. */
class Script {
  readonly events: readonly Event[];

  constructor(
    private readonly goal: PddlGoal,
    placed: PlacedPlan,
    past: Past,
  ) {
    const events: Event[] = [];
    const world = this.start();
    const reasons = new Reasons(goal.domain, new Map());
    const open = [...past.surprises];
    let done = 0;
    const tellSurprises = (): void => {
      for (let next = open[0]; next !== undefined && next.after.length <= done; next = open[0]) {
        open.shift();
        const event = { action: null, adds: atomsOf(next.adds), deletes: atomsOf(next.deletes) };
        world.change(event.adds, event.deletes);
        events.push(event);
      }
    };
    for (const action of placed.actions) {
      tellSurprises();
      const { adds, deletes } = this.deed(world, action, reasons);
      world.change(adds, deletes);
      events.push({ action, adds, deletes });
      done += 1;
    }
    tellSurprises();
    this.events = events;
  }

  start(): World {
    return new World(this.goal.domain, this.goal.problem);
  }

  actionsBefore(position: number): number {
    return this.events.slice(0, position).filter(({ action }) => action !== null).length;
  }

  /** Every fact that something in the plan writes. */
  touched(): ReadonlyMap<string, Atom> {
    const all = this.events.flatMap(({ adds, deletes }) => [...adds, ...deletes]);
    return new Map(all.map((atom) => [atomKey(atom), atom]));
  }

  deed(world: World, { task }: PlacedAction, reasons: Reasons): Deed {
    const action = this.goal.domain.actions.find(({ name }) => name === task.name);
    if (!action) throw new TypeError(`The domain has no action ${task.name}`);
    const binding = new Map(action.params.map(({ name }, index) => [name, task.args[index] ?? '']));
    const { adds, deletes, needs } = reasons.effect(world, action.effect, binding);
    return { adds, deletes, needs: [...reasons.of(world, action.precondition, binding), ...needs] };
  }

  /** The choice with the moment at which its conditions held: as late as possible. */
  choiceOf(placed: PlacedMethod, world: World | null, reasons: Reasons, position: number): FoundChoice {
    const { node, method, definition } = placed;
    const found = method && world ? this.begin(placed, method.precondition, { world, position, reasons }) : null;
    const alternatives = this.goal.domain.methods.filter(
      (other) => other.task.name === placed.task?.name && other.name !== method?.name,
    );
    return {
      lineage: node.lineage,
      task: node.task,
      method: definition.name,
      alternatives: alternatives.map(({ name }) => name),
      ...(placed.task ? { objects: placed.task.args.map((name) => this.goal.spelling.get(name) ?? name) } : {}),
      ...(found && Object.keys(found.bindings).length > 0 ? { bindings: found.bindings } : {}),
      node,
      definition,
      when: found?.when ?? [],
      at: found?.position ?? position,
    };
  }

  private begin(
    placed: PlacedMethod,
    precondition: Condition,
    at: { world: World; position: number; reasons: Reasons },
  ): { when: FoundChoice['when']; bindings: JsonObject; position: number } | null {
    const known = this.bindingOf(placed);
    const params = placed.method?.params ?? [];
    const open = params.filter(({ name }) => !known.has(name));
    const condition: Condition = { kind: 'and', parts: [precondition, placed.network.constraints] };
    for (let { position } = at; position >= 0; position -= 1) {
      if (this.actionsBefore(position) < placed.earliest) break;
      const world = position === at.position ? at.world : this.worldAt(position);
      const full = firstBinding(world, open, condition, known);
      if (!full || !holds(world, condition, full)) continue;
      const bindings = Object.fromEntries(
        open.map(({ name }) => [name.slice(1), this.goal.spelling.get(full.get(name) ?? '') ?? '']),
      );
      return { when: literalsOf(at.reasons.of(world, condition, full), this.goal.spelling), bindings, position };
    }
    return null;
  }

  private worldAt(position: number): World {
    const world = this.start();
    for (const { adds, deletes } of this.events.slice(0, position)) world.change(adds, deletes);
    return world;
  }

  /** What the method's task and members say about its variables. */
  private bindingOf({ method, task, network, children }: PlacedMethod): Binding {
    const binding = new Map<string, string>();
    const note = (terms: readonly string[], args: readonly string[]): void =>
      terms.forEach((term, index) => {
        const object = args[index];
        if (valueOf(term, binding) === undefined && object !== undefined) binding.set(term, object);
      });
    if (method && task) note(method.task.args, task.args);
    children.forEach((child, index) => note(network.members[index]?.args ?? [], child.args));
    return binding;
  }
}

function atomsOf(facts: Surprise['adds']): Atom[] {
  return facts.flatMap((fact) => atomOf(fact) ?? []);
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
