import type { Evidence, Plan, TaskRequest } from '@goalkeeper/domain';
import { toPublicId, type GoalResponse, type GoalTaskView, type PlanView, type StepView } from '@goalkeeper/contracts';
import type { GoalRecord, StepRecord } from '@goalkeeper/persistence';
import type { ApiConfig } from '@goalkeeper/platform';
import { goalWorkflowId } from '@goalkeeper/workflows/client';

/** What `?include=` adds; absent parts were not asked for. */
export interface GoalExtras {
  readonly plan?: Plan | null;
  readonly steps?: readonly StepRecord[];
  readonly evidence?: readonly Evidence[];
}

/** A goal as clients see it: public ids, times as text, links. */
export function toGoalResponse(record: GoalRecord, config: ApiConfig, extras: GoalExtras = {}): GoalResponse {
  const { goal } = record;
  return {
    id: toPublicId('goal', goal.id),
    objective: goal.objective,
    task: goalTaskView(record),
    state: record.state,
    verified: record.verified,
    failure: record.failure && { ...record.failure },
    progress: record.progress,
    priority: goal.priority,
    deadline: goal.deadlineMs === null ? null : new Date(goal.deadlineMs).toISOString(),
    maxSteps: goal.maxSteps,
    parallelism: goal.parallelism,
    dependsOn: goal.dependsOn.map((id) => toPublicId('goal', id)),
    dependencyPolicy: goal.dependencyPolicy,
    mayAsk: goal.mayAsk ?? true,
    parent: goal.parent ? raisedView(goal.parent) : null,
    children: record.children.map(raisedView),
    createdAt: record.createdAt.toISOString(),
    startedAt: isoOrNull(record.startedAt),
    finishedAt: isoOrNull(record.finishedAt),
    planRevision: record.planRevision,
    callsMade: record.callsMade,
    ...(extras.plan === undefined ? {} : { plan: extras.plan && toPlanView(extras.plan) }),
    ...(extras.steps === undefined ? {} : { steps: extras.steps.map(toStepView) }),
    ...(extras.evidence === undefined ? {} : { evidence: extras.evidence.map((item) => ({ ...item })) }),
    links: linksOf(goal, config),
  };
}

function linksOf(goal: GoalRecord['goal'], config: ApiConfig): GoalResponse['links'] {
  const self = goalPath(goal.id);
  return {
    self,
    events: `${self}/events`,
    artifacts: `${self}/artifacts`,
    workflow: `${self}/workflow`,
    ui: uiLink({ tenantId: goal.tenantId, goalId: goal.id }, config),
  };
}

/** Where the goal is found in this API. */
export function goalPath(goalId: string): string {
  return `/v1/goals/${toPublicId('goal', goalId)}`;
}

/** Where the goal's workflow is found in the Temporal Web UI; null when nobody said where that is. */
export function uiLink(
  name: { tenantId: string; goalId: string },
  config: Pick<ApiConfig, 'temporalUiUrl' | 'temporalNamespace'>,
): string | null {
  if (!config.temporalUiUrl) return null;
  const namespace = encodeURIComponent(config.temporalNamespace);
  return `${config.temporalUiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(goalWorkflowId(name))}`;
}

export function isoOrNull(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}

function raisedView({ goalId, stepId }: { readonly goalId: string; readonly stepId: string }) {
  return { goalId: toPublicId('goal', goalId), stepId };
}

/** The task as it was asked for; where the goal was stated in words, what its latest plan took them for. */
function goalTaskView({ goal, meant }: GoalRecord): GoalTaskView | null {
  const task = goal.task ?? meant;
  return task && { ...taskView(task), from: originOf(goal), pack: meant?.pack ?? null };
}

function originOf({ task, objective, parent }: GoalRecord['goal']): GoalTaskView['from'] {
  if (!task) return 'words';
  if (parent) return 'step';
  return objective === '' ? 'request' : 'answer';
}

function taskView({ name, args }: TaskRequest): { name: string; args: TaskRequest['args'] } {
  return { name, args };
}

export function toPlanView(plan: Plan): PlanView {
  return {
    revision: plan.revision,
    reason: plan.reason,
    task: taskView(plan.task),
    pack: { name: plan.pack.name, version: plan.pack.version },
    steps: plan.steps.map(({ id, label, summary, operator, after, tools }) => ({
      id,
      label,
      summary,
      operator,
      after: [...after],
      tools: tools.map(({ tool }) => tool),
    })),
    choices: plan.choices.map(({ lineage, task, method, alternatives }) => ({
      ...{ lineage, task, method },
      alternatives: [...alternatives],
    })),
    success: plan.success.map(({ name, summary, args }) => ({ name, summary, args })),
  };
}

function toStepView(step: StepRecord): StepView {
  return {
    id: step.id,
    label: step.label,
    operator: step.operator,
    state: step.state,
    tool: step.tool,
    planRevision: step.revision,
    calls: step.calls,
    summary: step.summary,
    output: step.output,
    startedAt: isoOrNull(step.startedAt),
    finishedAt: isoOrNull(step.finishedAt),
  };
}
