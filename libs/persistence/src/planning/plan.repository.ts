import type { Fact, Judgement, Observation, Plan, PlanStep } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import type { Functions } from '../database/functions';
import { GoalNotFoundError } from '../errors';
import type { NewEvent } from '../goals/event';
import { row } from '../sql';

/** What holds already of a goal: enough to go on after its workflow was lost. */
export interface PlanState {
  /** Null before the first plan. */
  readonly latest: Plan | null;
  /** Ids of the steps that succeeded, in plan order. */
  readonly succeeded: readonly string[];
  /** Facts that the observations so far left behind. */
  readonly facts: readonly Fact[];
  /** Facts that the observations took away and none brought back; absent where nothing was observed. */
  readonly denied?: readonly Fact[];
  readonly callsMade: number;
}

/** What changed from the revision before. */
export interface PlanDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

export interface PlanRecord {
  readonly plan: Plan;
  readonly diff: PlanDiff | null;
  readonly createdAt: Date;
}

/** The plan as far as it is worked: what `planGoal` needs to go on, or to begin. */
export class PlanStore {
  constructor(
    private readonly database: Functions,
    private readonly ref: { readonly tenantId: string; readonly goalId: string },
  ) {}

  /** The latest plan and what holds of it; judgements that waited are stored on the way. One statement. */
  async state(analyses: readonly Judgement[]): Promise<PlanState> {
    const found = await this.database.perform<PlanStateData>({
      name: 'gk_plan_state',
      ...this.ref,
      input: { analyses },
    });
    if (!found.plan) return { latest: null, succeeded: [], facts: [], callsMade: 0 };
    const { plan, succeeded, observations, callsMade } = found;
    return { latest: plan, succeeded, ...factsAfter(observations), callsMade };
  }

  /**
   * Stores a revision and its steps as pending, and that the goal runs; steps that succeeded stay so, steps it no longer has are
   * skipped. One statement. Repeating a revision changes nothing.
   *
   * @param before the revision before, for what changed
   * @returns false when that revision was stored already
   * @throws {GoalNotFoundError}
   */
  async save(plan: Plan, before: Plan | null, event: NewEvent): Promise<boolean> {
    const running: NewEvent = { type: 'goal.state_changed', data: { to: 'running', reason: `plan ${plan.revision}` } };
    const diff = before && diffOf(before.steps, plan.steps);
    const input = { plan, diff, events: [event], running: [running] };
    const stored = await this.database.perform<boolean | null>({ name: 'gk_store_plan', ...this.ref, input });
    if (stored === null) throw new GoalNotFoundError(this.ref.goalId);
    return stored;
  }
}

/** Reads plans, for those who show them. */
export class PlanRepository {
  constructor(private readonly tx: EntityManager) {}

  /** The plan of the highest revision, or null before the first. One statement. */
  async latest(goalId: string): Promise<PlanRecord | null> {
    return toRecord(await row<PlanRowData>(this.tx, LATEST, [goalId]));
  }
}

const LATEST = 'SELECT body, diff, created_at FROM plan WHERE goal_id = $1 ORDER BY revision DESC LIMIT 1';

type PlanStateData =
  | { readonly plan: null }
  | {
      readonly plan: Plan;
      readonly succeeded: readonly string[];
      readonly observations: readonly Observation[];
      readonly callsMade: number;
    };

interface PlanRowData {
  body: Plan;
  diff: PlanDiff | null;
  created_at: Date;
}

function toRecord(found: PlanRowData | null): PlanRecord | null {
  return found ? { plan: found.body, diff: found.diff, createdAt: found.created_at } : null;
}

function diffOf(before: readonly PlanStep[], after: readonly Pick<PlanStep, 'id'>[]): PlanDiff {
  const old = new Set(before.map(({ id }) => id));
  const now = new Set(after.map(({ id }) => id));
  return {
    added: [...now].filter((id) => !old.has(id)),
    removed: [...old].filter((id) => !now.has(id)),
    kept: [...now].filter((id) => old.has(id)),
  };
}

/** Facts left, and facts taken away, when observations are applied in order: each removes first, then adds. */
function factsAfter(observations: readonly Observation[]): { facts: Fact[]; denied: Fact[] } {
  const facts = new Map<string, Fact>();
  const denied = new Map<string, Fact>();
  for (const { factsRemoved, factsAdded } of observations) {
    for (const fact of factsRemoved) {
      facts.delete(keyOf(fact));
      denied.set(keyOf(fact), fact);
    }
    for (const fact of factsAdded) {
      facts.set(keyOf(fact), fact);
      denied.delete(keyOf(fact));
    }
  }
  return { facts: [...facts.values()], denied: [...denied.values()] };
}

function keyOf({ predicate, args }: Fact): string {
  return JSON.stringify([predicate, args]);
}
