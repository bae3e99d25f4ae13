import {
  type DependencyPolicy,
  type Goal,
  type GoalFailure,
  type GoalState,
  heldOf,
  type JsonObject,
  type PriorityClass,
  progressOf,
  type TaskRequest,
} from '@goalkeeper/domain';

/** A goal that a step of another raised. */
export interface RaisedGoal {
  readonly goalId: string;
  readonly stepId: string;
}

/** What a goal turned out to mean: the task of its latest plan, and the pack that says how it is done. */
export interface MeantTask extends TaskRequest {
  readonly pack: { readonly name: string; readonly version: string };
}

/** A goal with all that the store knows of it. */
export interface GoalRecord {
  readonly goal: Goal;
  readonly state: GoalState;
  readonly failure: GoalFailure | null;
  readonly verified: boolean;
  /** Null before the first plan. */
  readonly meant: MeantTask | null;
  /** 0..1, by the rule of `progressOf` for the latest plan; 1 only when verified. */
  readonly progress: number;
  readonly callsMade: number;
  /** 0 before the first plan. */
  readonly planRevision: number;
  /** Sequence number of the goal's last event; 0 when there is none. */
  readonly eventSeq: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly updatedAt: Date;
  readonly result: JsonObject | null;
  /** The goals that it raised, in order. */
  readonly children: readonly RaisedGoal[];
}

/** See `gk_goal_way`. */
interface GoalWay {
  readonly task: TaskRequest;
  readonly pack: MeantTask['pack'];
  readonly predicates?: number;
  readonly steps?: number;
  readonly done?: number;
  readonly checks?: number;
  readonly broken?: number;
}

export interface GoalRowData {
  id: string;
  tenant_id: string;
  objective: string;
  task: TaskRequest | null;
  priority: PriorityClass;
  deadline: Date | null;
  max_steps: number;
  parallelism: number;
  dependency_policy: DependencyPolicy;
  state: GoalState;
  failure: GoalFailure | null;
  verified: boolean;
  progress: number;
  event_seq: string;
  calls_made: number;
  plan_revision: number;
  result: JsonObject | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  updated_at: Date;
  depends_on: string[];
  parent_id: string | null;
  parent_step: string | null;
  depth: number;
  children: RaisedGoal[];
  may_ask: boolean | null;
  answer_within_ms: string | number | null;
  way: GoalWay | null;
}

/** What a goal's row holds, with the ids it depends on in the order they were given. */
export const GOAL_COLUMNS = `g.id, g.tenant_id, g.objective, g.task, g.priority, g.deadline, g.max_steps, g.parallelism,
  g.dependency_policy, g.state, g.failure, g.verified, g.progress, g.event_seq, g.calls_made, g.plan_revision, g.result, g.parent_id, g.parent_step, g.depth, g.children, g.may_ask, g.answer_within_ms,
  g.created_at, g.started_at, g.finished_at, g.updated_at,
  gk_goal_way(g.id, g.plan_revision, g.verified) AS way,
  ARRAY(SELECT d.depends_on FROM goal_dependency d WHERE d.goal_id = g.id ORDER BY d.position) AS depends_on`;

export function toGoalRecord(row: GoalRowData): GoalRecord {
  return {
    goal: {
      id: row.id,
      tenantId: row.tenant_id,
      objective: row.objective,
      task: row.task,
      priority: row.priority,
      deadlineMs: row.deadline?.getTime() ?? null,
      maxSteps: row.max_steps,
      parallelism: row.parallelism,
      dependsOn: row.depends_on,
      dependencyPolicy: row.dependency_policy,
      ...(row.parent_id === null ? {} : { parent: { goalId: row.parent_id, stepId: row.parent_step ?? '' } }),
      ...(row.depth === 0 ? {} : { depth: row.depth }),
      ...(row.may_ask === null ? {} : { mayAsk: row.may_ask }),
      ...(row.answer_within_ms === null ? {} : { answerWithinMs: Number(row.answer_within_ms) }),
    },
    state: row.state,
    failure: row.failure,
    verified: row.verified,
    meant: meantOf(row.way),
    progress: row.verified ? row.progress : farOf(row.way),
    callsMade: row.calls_made,
    planRevision: row.plan_revision,
    eventSeq: Number(row.event_seq),
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    updatedAt: row.updated_at,
    result: row.result,
    children: row.children,
  };
}

function meantOf(way: GoalWay | null): MeantTask | null {
  if (!way) return null;
  const { task, pack } = way;
  return { name: task.name, args: task.args, pack: { name: pack.name, version: pack.version } };
}

function farOf(way: GoalWay | null): number {
  if (!way) return 0;
  const { steps = 0, done = 0, predicates = 0, checks = 0, broken = 0 } = way;
  return progressOf(steps, done, { total: predicates, held: heldOf(predicates, { checks, broken }) });
}
