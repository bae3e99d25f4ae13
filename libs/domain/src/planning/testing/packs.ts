import type { ToolDescriptor } from '../../tools/effect';
import { parsePack } from '../parse-pack';
import type { DomainPack, MethodDef, OperatorDef, Subtask, TaskDef } from '../pack';
import { repairPlan } from '../repair-plan';
import type { Plan } from '../plan';

/** A pack of small parts for tests: what is not given gets an empty value. */
export function aPack(parts: {
  tasks: Partial<TaskDef>[];
  methods: (Partial<Omit<MethodDef, 'subtasks'>> & { subtasks?: Partial<Subtask>[] })[];
  operators: Partial<OperatorDef>[];
}): DomainPack {
  return parsePack({
    name: 'test',
    version: '1.0.0',
    summary: 'for tests',
    tasks: parts.tasks.map((task) => ({ summary: 'a task', ...task })),
    methods: parts.methods.map((method, index) => ({
      name: `m${index}`,
      summary: 'a method',
      cost: 1,
      ...method,
      subtasks: (method.subtasks ?? []).map((member, at) => ({ id: `s${at}`, ...member })),
    })),
    operators: parts.operators.map((operator) => ({
      summary: 'an operator',
      tools: [{ tool: `tool.${operator.name}` }],
      ...operator,
    })),
  });
}

/** A descriptor for every tool that a pack binds. */
export function toolsOf(pack: DomainPack): ToolDescriptor[] {
  const names = new Set(pack.operators.flatMap(({ tools }) => tools.map(({ tool }) => tool)));
  return [...names].map((name) => ({
    name,
    version: '1.0.0',
    summary: name,
    kind: 'mock',
    effect: 'pure',
    boundMs: 10,
    timeoutMs: 100,
    costUsd: 0,
  }));
}

/** Labels of a plan's steps, in order. */
export function labelsOf(plan: Plan): string[] {
  return plan.steps.map(({ label }) => label);
}

/** The revision after the step with this label failed for good and all listed before it succeeded. */
export function afterFailureOf(label: string, plan: Plan, pack: DomainPack, code = 'tool.defect'): Plan {
  const at = plan.steps.findIndex((step) => step.label === label);
  const step = plan.steps[at];
  if (!step) throw new Error(`the plan has no step "${label}"`);
  const succeeded = plan.steps.slice(0, at).map(({ id }) => id);
  return repairPlan({ packs: [pack], plan, succeeded, faults: [{ stepId: step.id, code, message: 'broken' }] });
}
