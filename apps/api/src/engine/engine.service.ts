import { Inject, Injectable } from '@nestjs/common';
import type { Goal } from '@goalkeeper/domain';
import { SEARCH_ATTRIBUTES, type TemporalClient } from '@goalkeeper/platform';
import {
  COMMAND_UPDATE,
  GOAL_WORKFLOW,
  LEARNING_WORKFLOW,
  PREVIEW_WORKFLOW,
  STATUS_QUERY,
  goalWorkflowId,
  learningWorkflowId,
  priorityKeyOf,
  taskQueueOf,
  type GoalCommand,
  type GoalWorkflowInput,
  type LearningWorkflowInput,
  type WorkflowStatus,
} from '@goalkeeper/workflows/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { TimeoutFailure, TypedSearchAttributes, type SearchAttributePair } from '@temporalio/common';
import type { PlanPreview } from '@goalkeeper/workflows/ports';
import { Shutdown } from '../core/shutdown';
import { TEMPORAL } from '../core/tokens';
import { isTooLate, isUnreachable, isWorkflowGone } from './engine-errors';

/** Names a goal, as the engine's workflow id does. */
export interface GoalName {
  readonly tenantId: string;
  readonly goalId: string;
}

/** What the engine says about a goal's workflow. */
export type WorkflowState =
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'not_found' }
  | {
      readonly kind: 'found';
      readonly status: string;
      readonly runId: string;
      readonly historyLength: number;
      readonly startedAt: Date;
      readonly closedAt: Date | null;
    };

const CALL_MS = 4_000;
const QUERY_MS = 3_000;
/** Within the time that any answer of the API may take. */
const PREVIEW_MS = 4_000;

/** A worker that died with a workflow task in hand is replaced after this. */
const WORKFLOW_TASK_TIMEOUT = '5s';

/** Everything the API asks of Temporal; each call is bounded in time. */
@Injectable()
export class EngineService {
  constructor(
    @Inject(TEMPORAL) private readonly temporal: TemporalClient,
    private readonly shutdown: Shutdown,
  ) {}

  /** Starts the goal's workflow once for ever: a workflow that runs or ran under the id counts as started. */
  async start(goal: Goal): Promise<void> {
    const { client } = this.temporal;
    const input: GoalWorkflowInput = { goal };
    try {
      await this.within(CALL_MS, () =>
        client.workflow.start(GOAL_WORKFLOW, {
          workflowId: goalWorkflowId({ tenantId: goal.tenantId, goalId: goal.id }),
          taskQueue: taskQueueOf(goal.priority),
          args: [input],
          priority: { priorityKey: priorityKeyOf(goal, Date.now()), fairnessKey: goal.tenantId },
          typedSearchAttributes: searchAttributesOf(goal),
          staticSummary: summaryOf(goal),
          workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /**
   * Hands a command to the running workflow; the command's id makes a repeat harmless.
   *
   * @returns what the workflow answered, or `gone` when no workflow of the goal runs
   * @throws when nobody answered in time; the command may be handed over again
   */
  async deliver(name: GoalName, command: GoalCommand, limitMs: number): Promise<'answered' | 'gone'> {
    const handle = this.temporal.client.workflow.getHandle(goalWorkflowId(name));
    try {
      await this.within(limitMs, () => handle.executeUpdate(COMMAND_UPDATE, { args: [command], updateId: command.id }));
      return 'answered';
    } catch (error) {
      if (isWorkflowGone(error)) return 'gone';
      throw error;
    }
  }

  /** Has a worker plan a goal that is not stored; bounded in time, and nothing of it stays but the engine's own history. */
  async preview(goal: Goal): Promise<PlanPreview | 'no_worker' | 'unreachable'> {
    const { client } = this.temporal;
    const input: GoalWorkflowInput = { goal };
    try {
      return await this.within(PREVIEW_MS + 500, () =>
        client.workflow.execute<(input: GoalWorkflowInput) => Promise<PlanPreview>>(PREVIEW_WORKFLOW, {
          workflowId: `preview:${goal.tenantId}:${goal.id}`,
          taskQueue: taskQueueOf(goal.priority),
          args: [input],
          workflowExecutionTimeout: PREVIEW_MS,
          workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
          priority: { priorityKey: 1, fairnessKey: goal.tenantId },
        }),
      );
    } catch (error) {
      if (error instanceof WorkflowFailedError && error.cause instanceof TimeoutFailure) return 'no_worker';
      if (isUnreachable(error)) return (await this.isUp()) ? 'no_worker' : 'unreachable';
      throw error;
    }
  }

  async describe(name: GoalName): Promise<WorkflowState> {
    const handle = this.temporal.client.workflow.getHandle(goalWorkflowId(name));
    try {
      const found = await this.within(CALL_MS, () => handle.describe());
      return {
        kind: 'found',
        status: found.status.name,
        runId: found.runId,
        historyLength: found.historyLength,
        startedAt: found.startTime,
        closedAt: found.closeTime ?? null,
      };
    } catch (error) {
      if (isWorkflowGone(error)) return { kind: 'not_found' };
      if (isUnreachable(error)) return { kind: 'unreachable', reason: 'The workflow engine does not answer' };
      throw error;
    }
  }

  /** Asks the running workflow how it stands; a worker has to answer. */
  async status(name: GoalName): Promise<WorkflowStatus> {
    const handle = this.temporal.client.workflow.getHandle(goalWorkflowId(name));
    return this.within(QUERY_MS, () => handle.query<WorkflowStatus>(STATUS_QUERY));
  }

  /** Runs a round of learning of the tenant, or joins the one that runs; false when it has not ended in time. */
  async learnNow(tenantId: string, limitMs: number): Promise<boolean> {
    const input: LearningWorkflowInput = { tenantId };
    const handle = await this.within(CALL_MS, () =>
      this.temporal.client.workflow.start(LEARNING_WORKFLOW, {
        workflowId: learningWorkflowId(tenantId),
        taskQueue: taskQueueOf('low'),
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    );
    try {
      await this.within(limitMs, () => handle.result());
      return true;
    } catch (error) {
      if (isTooLate(error)) return false;
      throw error;
    }
  }

  /** Why a closed workflow ended, in its own words; null when it just completed. */
  async endingOf(name: GoalName): Promise<string | null> {
    const handle = this.temporal.client.workflow.getHandle(goalWorkflowId(name));
    try {
      await this.within(CALL_MS, () => handle.result());
      return null;
    } catch (error) {
      if (error instanceof WorkflowFailedError) return error.cause?.message ?? error.message;
      throw error;
    }
  }

  /** True when the engine's frontend answers. */
  async isUp(): Promise<boolean> {
    try {
      await this.within(2_000, () => this.temporal.client.workflowService.getSystemInfo({}));
      return true;
    } catch {
      return false;
    }
  }

  private within<T>(ms: number, call: () => Promise<T>): Promise<T> {
    const { client } = this.temporal;
    return client.withDeadline(Date.now() + ms, () => client.withAbortSignal(this.shutdown.signal, call));
  }
}

function searchAttributesOf(goal: Goal): TypedSearchAttributes {
  const pairs: SearchAttributePair[] = [
    { key: SEARCH_ATTRIBUTES.tenantId, value: goal.tenantId },
    { key: SEARCH_ATTRIBUTES.goalId, value: goal.id },
    { key: SEARCH_ATTRIBUTES.goalState, value: 'queued' },
  ];
  if (goal.deadlineMs !== null) pairs.push({ key: SEARCH_ATTRIBUTES.deadline, value: new Date(goal.deadlineMs) });
  return new TypedSearchAttributes(pairs);
}

/** One line for the list of the Web UI, at most 200 characters. */
function summaryOf(goal: Goal): string {
  const text = goal.objective || `${goal.task?.name ?? ''} ${JSON.stringify(goal.task?.args ?? {})}`;
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199).replace(/[\ud800-\udbff]$/, '')}…` : line;
}
