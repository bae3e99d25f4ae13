import type { JsonObject } from '../json';
import type { DomainPack, MethodDef, OperatorDef, Subtask } from './pack';
import { SUB_GOAL } from './sub-goal-tool';

/** Goals may raise goals so many levels deep. */
export const MAX_GOAL_DEPTH = 5;

/** The operator behind members that raise a goal of a task. */
export function subGoalOperator(task: string): OperatorDef {
  return {
    name: operatorName(task),
    summary: `pursue ${task} as a goal of its own`,
    params: [
      { name: 'args', type: 'any', required: true },
      { name: 'maxSteps', type: 'any' },
      { name: 'deadlineSeconds', type: 'any' },
    ],
    when: [],
    adds: [],
    deletes: [],
    tools: [
      {
        tool: SUB_GOAL.name,
        args: { task, args: '$args', maxSteps: '$maxSteps', deadlineSeconds: '$deadlineSeconds' },
      },
    ],
  };
}

const operatorName = (task: string): string => `goal.${task}`;

/**
 * The pack with an operator for every task that its members raise as a goal; the members become calls of these. A pack that was read
 * before comes out as it is.
 */
export function withSubGoals(pack: DomainPack): DomainPack {
  const raised = new Set(pack.methods.flatMap(({ subtasks }) => subtasks.flatMap(({ goal }) => goal?.task ?? [])));
  if (raised.size === 0) return pack;
  const isOwn = ({ name, tools }: OperatorDef): boolean =>
    name.startsWith('goal.') && tools.length === 1 && tools[0]?.tool === SUB_GOAL.name;
  return {
    ...pack,
    methods: pack.methods.map((method): MethodDef => ({ ...method, subtasks: method.subtasks.map(asStep) })),
    operators: [...pack.operators.filter((operator) => !isOwn(operator)), ...[...raised].map(subGoalOperator)],
  };
}

function asStep(member: Subtask): Subtask {
  const { goal, budget = {} } = member;
  if (!goal) return member;
  return { ...member, task: operatorName(goal.task), args: { args: goal.args, ...budget } };
}

/** What a step asks of the goal that it raises, as its resolved arguments say. */
export interface SubGoalRequest {
  readonly task: string;
  readonly args: JsonObject;
  readonly maxSteps: number | null;
  readonly deadlineSeconds: number | null;
}

/** Reads the arguments of a call of {@link SUB_GOAL}; a text when they cannot be one. */
export function subGoalRequest({
  task,
  args,
  maxSteps = null,
  deadlineSeconds = null,
}: JsonObject): SubGoalRequest | string {
  if (typeof task !== 'string') return 'the step names no task';
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return `the arguments of ${task} are no object`;
  if (!isCount(maxSteps)) return 'maxSteps of the budget is no whole number above 0';
  if (!isCount(deadlineSeconds)) return 'deadlineSeconds of the budget is no whole number above 0';
  return { task, args: args as JsonObject, maxSteps, deadlineSeconds };
}

function isCount(value: JsonObject[string]): value is number | null {
  return value === null || (typeof value === 'number' && Number.isInteger(value) && value > 0);
}

/** A deadline further off than some thirty years is cut to that: clocks and databases cannot hold every number. */
const MAX_DEADLINE_SECONDS = 1_000_000_000;

/** The slice of its parent's budget that a child goal gets. */
export interface BudgetSlice {
  /** Tool calls at most. */
  readonly maxSteps: number;
  /** Milliseconds since the epoch, or null. */
  readonly deadlineMs: number | null;
}

/**
 * Cuts a child's slice: what the step asks for, never more than what is left to the parent.
 *
 * @param left calls that the parent may still make beyond those it has given away
 */
export function sliceOf(
  request: Pick<SubGoalRequest, 'maxSteps' | 'deadlineSeconds'>,
  parent: { readonly left: number; readonly deadlineMs: number | null; readonly nowMs: number },
): BudgetSlice {
  const { deadlineSeconds } = request;
  const own = deadlineSeconds === null ? null : parent.nowMs + Math.min(deadlineSeconds, MAX_DEADLINE_SECONDS) * 1000;
  const deadlines = [own, parent.deadlineMs].filter((deadline) => deadline !== null);
  return {
    maxSteps: Math.min(request.maxSteps ?? parent.left, parent.left),
    deadlineMs: deadlines.length > 0 ? Math.min(...deadlines) : null,
  };
}
