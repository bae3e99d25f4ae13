import { plural } from '../counting';
import { InvalidTaskArgumentsError, NoPlanError, UnknownTaskError } from '../errors';
import type { TaskRequest } from '../goals/goal';
import { canonicalJson, type JsonObject } from '../json';
import { type Learned, lessonsOf } from '../learning/lesson';
import type { MethodStat } from '../memory/memory';
import { assemblePlan, type Inheritance } from './assemble-plan';
import { networkOf, withDefaults } from './network';
import type { DomainPack, MethodDef, TaskDef } from './pack';
import type { PlanningBudget } from './pddl/model';
import { packMethods } from './pddl-pack/method-order';
import { planPddl, type PddlPlanning } from './pddl-pack/plan-pddl';
import type { Fact, Plan } from './plan';
import { Inventor } from './invent-methods';
import { bindingsKey, search, type SearchOptions, type SearchResult } from './search';
import { groundLiteral, holds, stateDigest, stateOf, type State } from './state';
import { lessonsIn, taughtPack, type TaughtPack } from './use-lessons';
import { sourcesIn } from './terms';

/** Decompositions and steps that a search may try when the caller names no budget. */
export const DEFAULT_MAX_NODES = 20_000;

export interface PlanInput {
  readonly packs: readonly DomainPack[];
  readonly request: TaskRequest;
  /** What holds before the first step; nothing else does. */
  readonly facts?: readonly Fact[];
  /** How often methods led to a verified goal; reorders them, never rules one out. */
  readonly methodStats?: readonly MethodStat[];
  /** Shows another plan: this method in this place, whatever it costs. */
  readonly instead?: { readonly lineage: string; readonly method: string };
  /** What goals taught; methods, order and hypotheses that fit the pack are used. */
  readonly learned?: Learned;
  /** `isOver` is asked now and then; true ends the search. */
  readonly budget?: { readonly maxNodes: number; readonly isOver?: () => boolean };
}

/**
 * Plans a task: forward decomposition over the pack that offers it, first plan found, methods tried in the order of
 * expected work until success = cost / p, with p the mean of Beta(1 + successes, 1 + failures). Deterministic.
 *
 * @returns revision 1 of the plan, in an order that can be executed; `after` holds only what order needs
 * @throws {UnknownTaskError} when no pack has the task
 * @throws {InvalidTaskArgumentsError} when the arguments contain `$from` references (only plans may)
 * @throws {NoPlanError} `details.reason` is `unsolvable` (proved) or `exhausted` (budget); `details.partial` is the best attempt
 */
export function planTask(input: PlanInput): Plan {
  return planWith(input, null);
}

/** How a repair steers the search; see `repairPlan`. */
export interface Steering extends Inheritance {
  /** The method to prefer, by lineage: what the plan before used. */
  readonly preferred: ReadonlyMap<string, string>;
}

/** {@link planTask}, with what a repair must keep and avoid. */
export function planWith(input: PlanInput, steering: Steering | null): Plan {
  const { pack, task } = findTask(input.packs, input.request.name);
  if (sourcesIn(input.request.args).length > 0) throw referenceInArguments(task);
  const request = { name: task.name, args: withDefaults(input.request.args, task.params) };
  if (pack.pddl) {
    const { instead } = input;
    const asked = { pack, source: pack.pddl, task, request };
    const make = (planning: TaughtPlanning): Plan => planPddl({ ...planning, ...(instead ? { instead } : {}) }, null);
    return withMethod(taughtPddl(input, asked, make), instead);
  }
  const taught = taughtPack(pack, request, input);
  const asked = { ...input, methodStats: taught.methodStats };
  const found = searchWith({ input: asked, steering, request, taught });
  if (found.result.status !== 'found') throw noPlan(request, found.result);
  const { steps, choices } = found.result;
  const { initial } = found;
  const plan = assemblePlan({ pack: taught.pack, task, request, initial, steps, choices, inherits: steering });
  const before = { pack, methodStats: input.methodStats ?? [] };
  const { lessons, ownMethods = [] } = lessonsIn(plan, taught, orderMethods, before);
  const invented = found.invented.filter((one) => choices.some((choice) => choice.definition === one));
  const own = [...ownMethods, ...invented];
  return { ...plan, ...(lessons ? { lessons } : {}), ...(own.length > 0 ? { ownMethods: own } : {}) };
}

type TaughtPlanning = PddlPlanning & { readonly methodStats: readonly MethodStat[] };

/** A plan over a planning domain whose methods are ordered by what goals before taught; it says which lessons changed an order. */
export function taughtPddl(
  input: Omit<PlanInput, 'request'>,
  asked: Pick<PddlPlanning, 'pack' | 'source' | 'task' | 'request'>,
  make: (planning: TaughtPlanning) => Plan,
): Plan {
  const pack = { ...asked.pack, methods: packMethods(asked.pack, asked.source) };
  const learned = input.learned && { ...input.learned, lessons: lessonsOf(input.learned, 'method_preference') };
  const taught = taughtPack(pack, asked.request, { ...input, ...(learned ? { learned } : {}) });
  const { methodStats } = taught;
  const more = input.learned ? { learned: input.learned } : {};
  const plan = make({ ...asked, budget: budgetOf(input), methodStats, ...more });
  const { lessons = [] } = lessonsIn(plan, taught, orderMethods, { pack, methodStats: input.methodStats ?? [] });
  const all = [...(plan.lessons ?? []), ...lessons];
  return all.length > 0 ? { ...plan, lessons: all } : plan;
}

interface Asked {
  readonly input: PlanInput;
  readonly steering: Steering | null;
  readonly request: TaskRequest;
  readonly taught: TaughtPack;
}

/** Searches for a plan that meets what operators seem to need; where there is none, for any. */
function searchWith(asked: Asked): { result: SearchResult; initial: State; invented: readonly MethodDef[] } {
  const { input, steering, request, taught } = asked;
  const avoids = steering?.avoids;
  const initial = stateOf([...(input.facts ?? []), ...(avoids?.facts ?? [])]);
  const bannedChoices = new Set(avoids?.choices.map((choice) => choiceKey(choice)));
  const bannedActions = new Set(avoids?.actions.map(({ operator, args, state }) => actionKeyOf(operator, args, state)));
  const inventor = new Inventor(taught.pack, budgetOf(input));
  const options: SearchOptions = {
    maxNodes: input.budget?.maxNodes ?? DEFAULT_MAX_NODES,
    order: (methods, lineage) =>
      orderMethods(
        chosenFrom(methods, lineage, input.instead),
        input.methodStats ?? [],
        steering?.preferred.get(lineage),
      ),
    invent: (node, state) => inventor.invent(node, state),
    isBannedChoice: (choice) => bannedChoices.size > 0 && bannedChoices.has(choiceKey(choice)),
    isBannedAction: (operator, args, state) =>
      bannedActions.size > 0 && bannedActions.has(actionKeyOf(operator, args, stateDigest(state))),
  };
  const root = { task: request.name, args: request.args };
  const network = networkOf(taught.pack);
  const run = (more: Partial<SearchOptions>): SearchResult => search(network, root, initial, { ...options, ...more });
  const isDiscouraged: SearchOptions['isDiscouraged'] = ({ name }, args, state) =>
    (taught.hypotheses.get(name) ?? []).some((literal) => !holds(groundLiteral(literal, args), state));
  const hopeful = taught.hypotheses.size > 0 ? run({ isDiscouraged }) : null;
  const result = hopeful?.status === 'found' ? hopeful : run({});
  return { result, initial, invented: inventor.methods };
}

/** The one method that is wanted in this place, or all. */
function chosenFrom(
  methods: readonly MethodDef[],
  lineage: string,
  instead: PlanInput['instead'],
): readonly MethodDef[] {
  return instead?.lineage === lineage ? methods.filter(({ name }) => name === instead.method) : methods;
}

/** @throws {NoPlanError} when a plan does not use the method that was wanted, for then none does */
function withMethod(plan: Plan, instead: PlanInput['instead']): Plan {
  if (!instead || plan.choices.some(({ method }) => method === instead.method)) return plan;
  throw new NoPlanError(
    `No plan that does it by "${instead.method}" was found`,
    { task: plan.task.name, reason: 'unsolvable', obstacles: [] },
    'The method may not fit here.',
  );
}

/** Methods by expected work until success; the preferred one, where there is one, comes first. */
export function orderMethods(
  methods: readonly MethodDef[],
  stats: readonly MethodStat[],
  preferred?: string,
): readonly MethodDef[] {
  const expected = (method: MethodDef): number => {
    const stat = stats.find((candidate) => candidate.task === method.task && candidate.method === method.name);
    const p = (1 + (stat?.successes ?? 0)) / (2 + (stat?.successes ?? 0) + (stat?.failures ?? 0));
    return method.name === preferred ? Number.NEGATIVE_INFINITY : method.cost / p;
  };
  const ranked = methods.map((method, index) => ({ method, index, work: expected(method) }));
  ranked.sort((a, b) => (a.work === b.work ? a.index - b.index : a.work - b.work));
  return ranked.map(({ method }) => method);
}

/** The pack and definition of a task, by name; the first pack that has it wins. */
export function findTask(packs: readonly DomainPack[], name: string): { pack: DomainPack; task: TaskDef } {
  for (const pack of packs) {
    const task = pack.tasks.find((candidate) => candidate.name === name);
    if (task) return { pack, task };
  }
  const known = packs.flatMap((pack) => pack.tasks.filter((task) => task.success.length > 0).map((task) => task.name));
  throw new UnknownTaskError(
    `No pack offers a task named "${name}"`,
    { task: name, known },
    `Ask for one of: ${known.join(', ')}.`,
  );
}

/** The budget of a search over a planning domain. */
export function budgetOf({ budget }: Pick<PlanInput, 'budget'>): PlanningBudget {
  return { maxNodes: budget?.maxNodes ?? DEFAULT_MAX_NODES, isOver: budget?.isOver ?? (() => false) };
}

function choiceKey(choice: { lineage: string; method: string; bindings?: JsonObject }): string {
  return `${choice.lineage}:${choice.method} ${bindingsKey(choice.bindings)}`;
}

function actionKeyOf(operator: string, args: JsonObject, state: string): string {
  return `${operator} ${canonicalJson(args)}\n${state}`;
}

function referenceInArguments(task: TaskDef): InvalidTaskArgumentsError {
  return new InvalidTaskArgumentsError(
    `The arguments of ${task.name} contain a {"$from": …} reference, which only plans may`,
    { pointer: '/args', expected: 'plain values', got: '$from' },
    'Give the value itself.',
  );
}

function noPlan(request: TaskRequest, result: SearchResult): NoPlanError {
  const proved = result.status === 'unsolvable';
  const partial = result.steps.map((step) => ({
    operator: step.operator.name,
    lineage: step.node.lineage,
    args: step.args,
  }));
  const why = result.obstacles.length > 0 ? `: ${result.obstacles.join('; ')}` : '';
  return new NoPlanError(
    proved
      ? `No decomposition of ${request.name} can be executed${why}`
      : `No plan for ${request.name} within ${plural(result.nodes, 'search node')}${why}`,
    { task: request.name, reason: result.status, nodes: result.nodes, partial, obstacles: [...result.obstacles] },
    proved
      ? 'Change the arguments or add a method for this case to the pack.'
      : 'Raise the search budget or simplify the task.',
  );
}
