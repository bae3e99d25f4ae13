import { canonicalJson } from '../json';
import type { ToolDescriptor } from '../tools/effect';
import { expectedSteps, type ExpectedPlan, type ExpectedStep } from './expected-steps';
import type { DomainPack, ToolBinding } from './pack';
import type { Fact, Plan, PlanStep } from './plan';
import { checkPddlPlan } from './pddl-pack/check-pddl-plan';
import { replay } from './replay';
import { fillTemplate } from './template';

/** A rule that a plan breaks. */
export interface PlanProblem {
  readonly code:
    | 'plan.unknown_task'
    | 'plan.duplicate_id'
    | 'plan.order'
    | 'plan.reference'
    | 'plan.precondition'
    | 'plan.unknown_tool'
    | 'plan.decomposition';
  /** The step concerned, or null when it is the plan as a whole. */
  readonly stepId: string | null;
  readonly message: string;
}

export interface ValidationContext {
  readonly packs: readonly DomainPack[];
  /** What held before the first step. */
  readonly facts: readonly Fact[];
  readonly tools: readonly ToolDescriptor[];
}

/**
 * Judges a plan, whoever proposed it: known tools, sound order, references to earlier steps, every decomposition as its
 * method says, and preconditions, replayed from the start and safe in every order that `after` allows. Shares no code with
 * the planner, only the data types.
 *
 * @returns all problems found; an empty list means the plan may run
 */
export function validatePlan(plan: Plan, context: ValidationContext): readonly PlanProblem[] {
  const basics = [...checkIdentity(plan), ...checkTools(plan, context.tools)];
  const order = checkOrder(plan);
  const pack = context.packs.find(({ name }) => name === plan.pack.name);
  if (pack?.pddl) {
    const early = [...basics, ...order, ...checkTask(plan, pack)];
    return early.length > 0 ? early : checkPddlPlan(plan, pack, pack.pddl);
  }
  const expected = expectedSteps(plan, context.packs);
  const structure = expected.problems.length > 0 ? expected.problems : compare(plan, expected);
  if (basics.length + order.length + structure.length > 0) return [...basics, ...order, ...structure];
  return replay(plan, expected, context.facts);
}

/** The task is one of the pack, in the version that the plan was made with, and the success predicates are its own. */
function checkTask(plan: Plan, pack: DomainPack): PlanProblem[] {
  const task = pack.tasks.find(({ name }) => name === plan.task.name);
  if (!task || pack.version !== plan.pack.version) {
    const message = `${pack.name} ${pack.version} does not offer what the plan of ${plan.pack.version} does: ${plan.task.name}`;
    return [{ code: 'plan.unknown_task', stepId: null, message }];
  }
  const wanted = task.success.map(({ name, args }) => ({ name, args: fillTemplate(args, plan.task.args) ?? {} }));
  if (canonicalJson(plan.success.map(plain)) === canonicalJson(wanted)) return [];
  return [broken(null, 'the success predicates are not those of the task')];
}

function checkIdentity(plan: Plan): PlanProblem[] {
  const problems: PlanProblem[] = [];
  for (const [what, values] of [
    ['id', plan.steps.map((step) => step.id)],
    ['label', plan.steps.map((step) => step.label)],
  ] as const) {
    values.forEach((value, index) => {
      if (values.indexOf(value) < index) {
        const stepId = plan.steps[index]?.id ?? null;
        problems.push({ code: 'plan.duplicate_id', stepId, message: `two steps have the ${what} "${value}"` });
      }
    });
  }
  return problems;
}

function checkTools(plan: Plan, tools: readonly ToolDescriptor[]): PlanProblem[] {
  const known = new Set(tools.map(({ name }) => name));
  return plan.steps.flatMap(({ id, label, tools: bindings }) => {
    if (bindings.length === 0)
      return [{ code: 'plan.unknown_tool' as const, stepId: id, message: `"${label}" has no tool` }];
    return bindings
      .filter(({ tool }) => !known.has(tool))
      .map(({ tool }) => ({
        code: 'plan.unknown_tool' as const,
        stepId: id,
        message: `"${label}" needs ${tool}, which is not registered`,
      }));
  });
}

/** Predecessors are listed before: that rules out circles as well. */
function checkOrder(plan: Plan): PlanProblem[] {
  const earlier = new Set<string>();
  const problems: PlanProblem[] = [];
  for (const { id, label, after } of plan.steps) {
    for (const other of after) {
      if (earlier.has(other)) continue;
      problems.push({
        code: 'plan.order',
        stepId: id,
        message: `"${label}" comes after "${other}", which is no earlier step`,
      });
    }
    earlier.add(id);
  }
  return problems;
}

/** Step by step against what the methods prescribe. */
function compare(plan: Plan, expected: ExpectedPlan): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const matched = new Set(expected.steps.map(({ step }) => step.id));
  for (const { id, label } of plan.steps) {
    if (!matched.has(id)) problems.push(broken(id, `"${label}" belongs to no method of the plan`));
  }
  for (const wanted of expected.steps) problems.push(...compareStep(wanted));
  if (canonicalJson(plan.success.map(plain)) !== canonicalJson(expected.success.map(plain))) {
    problems.push(broken(null, 'the success predicates are not those of the task'));
  }
  return problems;
}

function plain({ name, args }: { name: string; args: Plan['task']['args'] }): Plan['task']['args'] {
  return { name, args };
}

function compareStep({ step, operator, args, when, adds, deletes, tools }: ExpectedStep): PlanProblem[] {
  const pairs: readonly [string, unknown, unknown][] = [
    ['operator', step.operator, operator],
    ['arguments', step.args, args],
    ['conditions', step.when, when],
    ['added facts', step.adds, adds],
    ['deleted facts', step.deletes, deletes],
    ['tools', step.tools.map(bindingOf), tools.map(bindingOf)],
  ];
  return pairs
    .filter(
      ([, seen, wanted]) =>
        canonicalJson(seen as Plan['task']['args']) !== canonicalJson(wanted as Plan['task']['args']),
    )
    .map(([what, seen, wanted]) =>
      broken(step.id, `"${step.label}" should have the ${what} ${JSON.stringify(wanted)}, has ${JSON.stringify(seen)}`),
    );
}

function bindingOf({ tool, args }: ToolBinding): ToolBinding {
  return { tool, args };
}

function broken(stepId: PlanStep['id'] | null, message: string): PlanProblem {
  return { code: 'plan.decomposition', stepId, message };
}
