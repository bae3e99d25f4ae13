import type {
  GoalFailure,
  GoalState,
  JsonObject,
  Judgement,
  MethodStat,
  Observation,
  Plan,
  TaskRequest,
  TerminalState,
  ToolLesson,
} from '@goalkeeper/domain';
import type { Functions } from '../database/functions';
import type { NewEvent } from './event';

/** What a goal's end is judged and learned from. */
export interface GoalLessons {
  readonly state: GoalState;
  readonly objective: string;
  /** The latest plan; null when there was none. */
  readonly plan: Plan | null;
  readonly observations: readonly Observation[];
}

export interface NewLesson {
  readonly episode: {
    readonly id: string;
    readonly objective: string;
    readonly task: TaskRequest;
    readonly outcome: 'verified' | 'failed';
    readonly methods: Readonly<Record<string, string>>;
  };
  /** Amounts to add, never totals, so that goals ending at once lose nothing. */
  readonly tools: readonly ToolLesson[];
  readonly methods: readonly MethodStat[];
  /** Told where the lesson is new. */
  readonly events: readonly NewEvent[];
}

export interface GoalClosing {
  readonly to: TerminalState;
  readonly reason: string;
  readonly failure: GoalFailure | null;
  readonly verified: boolean;
  /** Null when the goal teaches nothing. */
  readonly lesson: NewLesson | null;
}

/** Ends one goal. */
export class ClosingRepository {
  constructor(
    private readonly database: Functions,
    private readonly ref: { readonly tenantId: string; readonly goalId: string },
  ) {}

  /** What there is to learn from; judgements that waited are stored on the way. Null when the goal is not there. One statement. */
  async lessons(analyses: readonly Judgement[]): Promise<GoalLessons | null> {
    return this.database.perform({ name: 'gk_goal_lessons', ...this.ref, input: { analyses } });
  }

  /**
   * Ends the goal and keeps its lesson, once. One statement.
   *
   * @returns false when it had ended before; nothing was changed then
   */
  async close({ to, reason, failure, verified, lesson }: GoalClosing): Promise<boolean> {
    const data: JsonObject = { to, reason, ...(failure ? { failure: { ...failure } } : {}) };
    const event: NewEvent = { type: 'goal.state_changed', data };
    const patch = { state: to, failure, verified, ...(verified ? { progress: 1 } : {}) };
    const input = { event, patch, ...(lesson ? { lesson } : {}) };
    return this.database.perform({ name: 'gk_close_goal', ...this.ref, input });
  }
}
