import {
  type DomainPack,
  DEFAULT_MAX_NODES,
  type Fact,
  type Goal,
  learnedOrder,
  NoPlanError,
  offerOf,
  type Plan,
  type PlanFault,
  planTask,
  plural,
  type Recall,
  repairPlan,
  resolveTask,
  type ToolDescriptor,
  UnknownTaskError,
  validatePlan,
} from '@goalkeeper/domain';
import { packDigest } from '@goalkeeper/persistence';
import type { PackShelf } from './pack-shelf';
import { planInThread, type ThreadRequest } from './plan-in-thread';

/** Decompositions and steps of a search that holds a workflow task: tens of milliseconds at most. */
const QUICK_NODES = 500;
const QUICK_MS = 100;
/** A search over a planning domain may take so long, in a thread of its own. */
const FULL_MS = 60_000;
const FULL_NODES = 20_000_000;

/** The engine refuses a payload of 2 MiB; a plan travels with its tools and with what is done of it. */
const MAX_PLAN_BYTES = 1024 * 1024;

export interface PlanOrder {
  readonly goal: Goal;
  readonly recall: Recall;
  /** The plan to be repaired, with what is known of it; null for a first plan. */
  readonly repair: {
    readonly plan: Plan;
    readonly faults: readonly PlanFault[];
    readonly succeeded: readonly string[];
    readonly observed: { readonly facts: readonly Fact[]; readonly denied: readonly Fact[] };
  } | null;
  readonly effort: 'quick' | 'full';
  readonly signal: AbortSignal;
  /** How long a full search over a planning domain may take, milliseconds. */
  readonly timeMs?: number;
}

/** A plan with the pack that it was made with. */
export interface MadePlan {
  readonly plan: Plan;
  readonly pack: DomainPack;
  /** How sure it is that the words mean this task; 1 when the task was named, and for a repair. */
  readonly confidence: number;
}

export interface PlanMakerDeps {
  readonly shelf: PackShelf;
  readonly tools: { descriptors(): ToolDescriptor[] };
}

/**
 * Plans or repairs, and lets the independent validator look at the result, whoever proposed it.
 *
 * @throws {AgentError} what the mind refuses; of a quick search that ended too early `details.reason` is `exhausted`
 */
export async function makePlan(deps: PlanMakerDeps, order: PlanOrder): Promise<MadePlan> {
  const made = order.repair ? await repaired(deps, order) : await planned(deps, order);
  const { pack, confidence } = made;
  const able = ableTo(deps, pack);
  const plan: Plan = { ...made.plan, pack: { ...made.plan.pack, digest: packDigest(pack) } };
  const problems = validatePlan(plan, { packs: [able], facts: [], tools: deps.tools.descriptors() });
  if (problems.length > 0)
    throw invalidPlan(
      plan,
      pack,
      problems.map((problem) => problem.message),
    );
  if (plan.steps.length > order.goal.maxSteps) throw tooLong(plan, order.goal.maxSteps);
  const bytes = Buffer.byteLength(JSON.stringify(plan));
  if (bytes > MAX_PLAN_BYTES) throw tooLarge(plan, bytes);
  const learned = learnedOrder(plan, [able], order.recall.methodStats);
  const reason = learned.length > 0 ? `${plan.reason}; learned: ${learned.join('; ')}` : plan.reason;
  return { plan: { ...plan, reason }, pack, confidence };
}

/** What can be done of a pack with the tools that are installed. */
function ableTo({ tools }: PlanMakerDeps, pack: DomainPack): DomainPack {
  return offerOf([pack], namesOf(tools)).packs[0] ?? pack;
}

function namesOf(tools: PlanMakerDeps['tools']): string[] {
  return tools.descriptors().map(({ name }) => name);
}

async function planned(deps: PlanMakerDeps, order: PlanOrder): Promise<MadePlan> {
  const { goal, recall } = order;
  const { methodStats, learned } = recall;
  const { pack, request, confidence } = await resolved(deps, goal, learned);
  const input = { packs: [ableTo(deps, pack)], request, methodStats, ...(learned ? { learned } : {}) };
  const budget = quickBudget(order);
  if (pack.pddl && order.effort === 'full') {
    const plan = await planInThread(inThread({ kind: 'plan', input }, order), goal.tenantId, order.signal);
    return { plan, pack, confidence };
  }
  return { plan: planTask({ ...input, budget }), pack, confidence };
}

async function repaired(deps: PlanMakerDeps, order: PlanOrder): Promise<MadePlan> {
  const { goal, recall, repair } = order;
  if (!repair) throw new TypeError('repaired: there is no plan to repair');
  const pack = await deps.shelf.pinned(goal.tenantId, repair.plan);
  if (!pack) throw packGone(repair.plan);
  const { methodStats, learned } = recall;
  const input = { packs: [ableTo(deps, pack)], ...repair, methodStats, ...(learned ? { learned } : {}) };
  if (pack.pddl && order.effort === 'full') {
    const plan = await planInThread(inThread({ kind: 'repair', input }, order), goal.tenantId, order.signal);
    return { plan, pack, confidence: 1 };
  }
  return { plan: repairPlan({ ...input, budget: quickBudget(order) }), pack, confidence: 1 };
}

/** A task that nobody offers may have been uploaded a moment ago. */
async function resolved(
  { shelf, tools }: PlanMakerDeps,
  goal: Goal,
  learned: Recall['learned'],
): Promise<ReturnType<typeof resolveTask>> {
  const options = { tools: namesOf(tools), ...(learned ? { learned } : {}) };
  try {
    return resolveTask(goal, await shelf.offered(goal.tenantId, false), options);
  } catch (error) {
    if (!(error instanceof UnknownTaskError)) throw error;
    return resolveTask(goal, await shelf.offered(goal.tenantId, true), options);
  }
}

function inThread(
  what:
    | Pick<Extract<ThreadRequest, { kind: 'plan' }>, 'kind' | 'input'>
    | Pick<Extract<ThreadRequest, { kind: 'repair' }>, 'kind' | 'input'>,
  { timeMs = FULL_MS }: PlanOrder,
): ThreadRequest {
  return { ...what, timeMs, maxNodes: FULL_NODES };
}

function quickBudget({ effort }: PlanOrder): { maxNodes: number; isOver: () => boolean } {
  if (effort === 'full') return { maxNodes: DEFAULT_MAX_NODES, isOver: () => false };
  const endAt = performance.now() + QUICK_MS;
  return { maxNodes: QUICK_NODES, isOver: () => performance.now() > endAt };
}

function packGone({ pack, task }: Plan): NoPlanError {
  return new NoPlanError(
    `The pack ${pack.name} ${pack.version} that ${task.name} was planned with is no longer there`,
    { pack: pack.name, version: pack.version, reason: 'pack_gone' },
    'Bring the pack back in that version, or start the goal anew.',
  );
}

function invalidPlan(plan: Plan, pack: DomainPack, problems: readonly string[]): NoPlanError {
  return new NoPlanError(
    `The plan for ${plan.task.name} breaks its own rules: ${problems.slice(0, 3).join('; ')}`,
    { problems: [...problems], packs: [`${pack.name}@${pack.version}`] },
    'A pack or a tool of this installation is broken; see the problems.',
  );
}

function tooLarge(plan: Plan, bytes: number): NoPlanError {
  return new NoPlanError(
    `The plan of ${plural(plan.steps.length, 'step')} takes ${bytes} bytes, more than ${MAX_PLAN_BYTES} cannot be carried`,
    { steps: plan.steps.length, bytes },
    'Split the goal into smaller ones that depend on each other.',
  );
}

function tooLong(plan: Plan, maxSteps: number): NoPlanError {
  return new NoPlanError(
    `The plan has ${plural(plan.steps.length, 'step')}, the goal may make ${plural(maxSteps, 'call')}`,
    { steps: plan.steps.length, maxSteps },
    'Raise maxSteps, or ask for less.',
  );
}
