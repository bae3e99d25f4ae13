import type { Goal } from '@goalkeeper/domain';
import { auditLine, type NewAuditEntry } from '../audit/audit.repository';
import type { FunctionCall, Functions } from '../database/functions';
import type { NewEvent } from './event';
import { type GoalRecord, type GoalRowData, toGoalRecord } from './goal-record';

/** What is stored together with a new goal. */
export interface Acceptance {
  readonly events: readonly NewEvent[];
  /** When it was accepted; its month decides where its events live. */
  readonly at: Date;
  /** Puts its start into the outbox, for sweepers after so many milliseconds: whoever accepts it usually starts it, itself. */
  readonly holdMs?: number;
  readonly audit?: NewAuditEntry;
}

/** True when {@link acceptanceOf} says all of a goal; what else there is takes a transaction. */
export function isPlain({ mayAsk, answerWithinMs }: Goal): boolean {
  return mayAsk === undefined && answerWithinMs === undefined;
}

/** A goal's acceptance as one statement. */
export function acceptanceOf(goal: Goal, { events, at, holdMs, audit }: Acceptance): FunctionCall {
  const { id: goalId, tenantId, objective, task, priority, deadlineMs, maxSteps, parallelism, dependsOn } = goal;
  const input = {
    ...{ objective, task, priority, maxSteps, parallelism, dependsOn, dependencyPolicy: goal.dependencyPolicy },
    deadline: deadlineMs === null ? null : new Date(deadlineMs).toISOString(),
    at: at.toISOString(),
    events,
    ...(holdMs === undefined ? {} : { holdMs }),
    ...(audit ? { audit: auditLine(audit, at) } : {}),
  };
  return { name: 'gk_accept_goal', tenantId, goalId, input };
}

/** Goals in transactions of their own, one statement each. */
export class GoalStore {
  constructor(private readonly database: Functions) {}

  /** @returns false when a goal of that id is stored already; it is left alone */
  async accept(goal: Goal, acceptance: Acceptance): Promise<boolean> {
    return this.database.perform(acceptanceOf(goal, acceptance));
  }

  /** The goal, or null when the tenant has none of that id. */
  async get(tenantId: string, goalId: string): Promise<GoalRecord | null> {
    const found = await this.database.perform<GoalRowJson | null>({ name: 'gk_get_goal', tenantId, goalId, input: {} });
    return found && toGoalRecord(revived(found));
  }

  /** Takes delivered entries of a goal out of the outbox. */
  async delivered(tenantId: string, goalId: string, entryIds: readonly string[]): Promise<void> {
    await this.database.perform({ name: 'gk_outbox_delivered', tenantId, goalId, input: entryIds });
  }
}

type Times = 'deadline' | 'created_at' | 'started_at' | 'finished_at' | 'updated_at';
/** Times are texts in JSON. */
type GoalRowJson = Omit<GoalRowData, Times> & { readonly [Time in Times]: string | null };

function revived(row: GoalRowJson): GoalRowData {
  const time = (text: string | null): Date | null => (text === null ? null : new Date(text));
  return {
    ...row,
    deadline: time(row.deadline),
    created_at: new Date(row.created_at ?? 0),
    started_at: time(row.started_at),
    finished_at: time(row.finished_at),
    updated_at: new Date(row.updated_at ?? 0),
  };
}
