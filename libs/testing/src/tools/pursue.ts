import {
  type DomainPack,
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
import { runTool, type ToolContext, type ToolDefinition } from '@goalkeeper/tools';

/** How a task went: the last plan, what its steps put out, and what was repaired on the way. */
export interface Pursued {
  readonly plan: Plan;
  readonly outputs: Readonly<Record<string, JsonObject>>;
  readonly faults: readonly string[];
}

const MOST_REVISIONS = 5;

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
  }: { packs: readonly DomainPack[]; tools: readonly ToolDefinition[]; context: ToolContext },
): Promise<Pursued> {
  const { packs } = offerOf(
    all,
    tools.map(({ name }) => name),
  );
  const descriptors = tools.map((tool): ToolDescriptor => ({ ...tool, kind: 'mock' }));
  const outputs = new Map<string, JsonObject>();
  const faults: string[] = [];
  let plan = planTask({ packs, request });
  for (let revision = 1; revision <= MOST_REVISIONS; revision += 1) {
    const problems = validatePlan(plan, { packs, facts: [], tools: descriptors });
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
    const fault = await execute(plan, { tools, context, outputs });
    if (!fault) return { plan, outputs: byLabel(plan, outputs), faults };
    faults.push(fault.code);
    plan = repairPlan({ packs, plan, succeeded: [...outputs.keys()], faults: [fault] });
  }
  throw new Error(`${request.name} was repaired too often: ${faults.join(', ')}`);
}

interface Execution {
  readonly tools: readonly ToolDefinition[];
  readonly context: ToolContext;
  readonly outputs: Map<string, JsonObject>;
}

async function execute(
  plan: Plan,
  { tools, context, outputs }: Execution,
): Promise<{ stepId: string; code: string; message: string } | null> {
  for (const step of plan.steps) {
    if (outputs.has(step.id)) continue;
    const [binding] = step.tools;
    const tool = tools.find(({ name }) => name === binding?.tool);
    if (!binding || !tool) throw new Error(`${step.label} has no tool`);
    const args = filled(binding.args, outputs) as JsonObject;
    const run = await runTool(tool, args, { ...context, stepId: step.id, idempotencyKey: step.id });
    if (!run.ok || !run.output)
      return { stepId: step.id, code: run.error?.code ?? '', message: run.error?.message ?? '' };
    outputs.set(step.id, run.output);
  }
  return null;
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
