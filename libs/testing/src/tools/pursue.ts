import {
  type DomainPack,
  type Evidence,
  type Json,
  type JsonObject,
  offerOf,
  type Plan,
  planTask,
  readFrom,
  repairPlan,
  type TaskRequest,
  type ToolDescriptor,
  validatePlan,
  valueAt,
} from '@goalkeeper/domain';
import { runTool, type ToolContext, type ToolDefinition, type Verifier, type VerifierContext } from '@goalkeeper/tools';

/** How a task went: the last plan, what its steps put out, and what was repaired on the way. */
export interface Pursued {
  readonly plan: Plan;
  readonly outputs: Readonly<Record<string, JsonObject>>;
  readonly faults: readonly string[];
  /** How often a call was made again after a transient failure. */
  readonly retries: number;
  /** What the verifiers of the task's predicates saw; none where no verifiers were given. */
  readonly evidence: readonly Evidence[];
}

const MOST_REVISIONS = 5;
const MOST_CALLS = 3;

/**
 * Plans a task, has the validator look at the plan, calls its tools one after the other and repairs what fails, as the workflow does.
 *
 * @throws what the planner throws when no plan is left, and the problems that the validator finds
 */
export async function pursue(
  request: TaskRequest,
  {
    packs: all,
    tools,
    context,
    verifiers = [],
  }: {
    packs: readonly DomainPack[];
    tools: readonly ToolDefinition[];
    context: ToolContext;
    verifiers?: readonly Verifier[];
  },
): Promise<Pursued> {
  const { packs } = offerOf(
    all,
    tools.map(({ name }) => name),
  );
  const descriptors = tools.map((tool): ToolDescriptor => ({ ...tool, kind: 'mock' }));
  const outputs = new Map<string, JsonObject>();
  const faults: string[] = [];
  const tries = { count: 0 };
  let plan = planTask({ packs, request });
  for (let revision = 1; revision <= MOST_REVISIONS; revision += 1) {
    const problems = validatePlan(plan, { packs, facts: [], tools: descriptors });
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
    const fault = await execute(plan, { tools, context, outputs, tries });
    if (!fault) {
      const evidence = await verified(plan, outputs, { verifiers, context });
      return { plan, outputs: byLabel(plan, outputs), faults, retries: tries.count, evidence };
    }
    faults.push(fault.code);
    plan = repairPlan({ packs, plan, succeeded: [...outputs.keys()], faults: [fault] });
  }
  throw new Error(`${request.name} was repaired too often: ${faults.join(', ')}`);
}

interface Execution {
  readonly tools: readonly ToolDefinition[];
  readonly context: ToolContext;
  readonly outputs: Map<string, JsonObject>;
  readonly tries: { count: number };
}

async function execute(
  plan: Plan,
  { tools, context, outputs, tries }: Execution,
): Promise<{ stepId: string; code: string; message: string } | null> {
  for (const step of plan.steps) {
    if (outputs.has(step.id)) continue;
    const [binding] = step.tools;
    const tool = tools.find(({ name }) => name === binding?.tool);
    if (!binding || !tool) throw new Error(`${step.label} has no tool`);
    const args = filled(binding.args, outputs) as JsonObject;
    const call = { ...context, stepId: step.id, idempotencyKey: step.id };
    let run = await runTool(tool, args, call);
    for (let calls = 1; run.error?.transient && calls < MOST_CALLS; calls += 1) {
      tries.count += 1;
      run = await runTool(tool, args, call);
    }
    if (!run.ok || !run.output)
      return { stepId: step.id, code: run.error?.code ?? '', message: run.error?.message ?? '' };
    outputs.set(step.id, run.output);
  }
  return null;
}

/** Asks the verifier of each predicate; a predicate that nobody can verify does not hold. */
async function verified(
  plan: Plan,
  outputs: ReadonlyMap<string, JsonObject>,
  { verifiers, context }: { verifiers: readonly Verifier[]; context: ToolContext },
): Promise<Evidence[]> {
  if (verifiers.length === 0) return [];
  const seen: VerifierContext = { ...context, outputs: byLabel(plan, outputs), produced: [] };
  const all = await Promise.all(
    plan.success.map(async (predicate) => {
      const verifier = verifiers.find(({ name }) => name === predicate.name);
      if (!verifier) return [{ check: predicate.name, holds: false, seen: 'nobody can verify it' }];
      return verifier.verify(predicate, seen);
    }),
  );
  return all.flat();
}

function filled(value: Json, outputs: ReadonlyMap<string, JsonObject>): Json {
  const from = readFrom(value);
  if (from) {
    const found = valueAt(outputs.get(from.step) ?? {}, from.path);
    if (found === undefined) throw new Error(`step ${from.step} gave nothing at "${from.path}"`);
    return found;
  }
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, outputs));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, filled(item, outputs)]));
}

function byLabel(plan: Plan, outputs: ReadonlyMap<string, JsonObject>): Record<string, JsonObject> {
  return Object.fromEntries(plan.steps.map(({ id, label }) => [label, outputs.get(id) ?? {}]));
}
