import type { Fact, Observation, Plan, PlanStep } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, prepared, row, rows, text } from '../sql';

/** What holds already of a goal: enough to go on after its workflow was lost. */
export interface StepStates {
  /** Ids of the steps that succeeded, in plan order. */
  readonly succeeded: readonly string[];
  /** Facts that the observations so far left behind. */
  readonly facts: readonly Fact[];
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

/** Plan and steps in one statement; a revision that is stored already changes nothing. */
const SAVE = prepared(
  'save_plan',
  `
  WITH stored AS (
    INSERT INTO plan (tenant_id, goal_id, revision, body, reason, diff)
    SELECT tenant_id, id, $2::integer, $3::jsonb, $4::text, $5::jsonb FROM goal WHERE id = $1
    ON CONFLICT (goal_id, revision) DO NOTHING RETURNING tenant_id
  ), planned AS (
    INSERT INTO step (tenant_id, goal_id, id, position, label, operator, summary, state, revision)
    SELECT s.tenant_id, $1, p.step->>'id', p.n, p.step->>'label', p.step->>'operator', p.step->>'summary', 'pending', $2
    FROM stored s, jsonb_array_elements($6::jsonb) WITH ORDINALITY AS p (step, n)
    ON CONFLICT (goal_id, id) DO UPDATE SET
      position = excluded.position, label = excluded.label, operator = excluded.operator, revision = excluded.revision,
      state = CASE WHEN step.state = 'succeeded' THEN 'succeeded' ELSE 'pending' END,
      attempts = CASE WHEN step.state = 'succeeded' THEN step.attempts ELSE 0 END
  ), dropped AS (
    UPDATE step SET state = 'skipped' FROM stored
    WHERE step.goal_id = $1 AND step.state <> 'succeeded'
      AND NOT step.id = ANY (SELECT p.step->>'id' FROM jsonb_array_elements($6::jsonb) AS p (step))
  )
  SELECT count(*)::integer AS stored FROM stored`,
);

export class PlanRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Stores a revision and its steps as pending; steps that succeeded stay so, steps it no longer has are skipped.
   * Two statements (one for revision 1). Repeating a revision changes nothing.
   *
   * @param steps the steps as they are to be shown; those of the plan unless told
   * @returns false when that revision was stored before
   */
  async save(goalId: string, plan: Plan, steps: readonly PlanStep[] = plan.steps): Promise<boolean> {
    const before = plan.revision > 1 ? await this.get(goalId, plan.revision - 1) : null;
    const shown = steps.map(({ id, label, operator, summary }) => ({ id, label, operator, summary: text(summary) }));
    const answer = await row<{ stored: number }>(this.tx, SAVE, [
      goalId,
      plan.revision,
      json(plan),
      text(plan.reason),
      before ? json(diffOf(before.plan.steps, steps)) : null,
      json(shown),
    ]);
    return answer?.stored === 1;
  }

  /** The plan of the highest revision, or null before the first. One statement. */
  async latest(goalId: string): Promise<PlanRecord | null> {
    return toRecord(await row<PlanRowData>(this.tx, `${SELECT} ORDER BY revision DESC LIMIT 1`, [goalId]));
  }

  /** One revision, or null. One statement. */
  async get(goalId: string, revision: number): Promise<PlanRecord | null> {
    return toRecord(await row<PlanRowData>(this.tx, `${SELECT} AND revision = $2`, [goalId, revision]));
  }

  /** What holds already: succeeded steps, facts in the order they were observed, calls made. Three statements. */
  async stepStates(goalId: string): Promise<StepStates> {
    const done = await rows<{ id: string }>(
      this.tx,
      `SELECT id FROM step WHERE goal_id = $1 AND state = 'succeeded' ORDER BY position, id`,
      [goalId],
    );
    const seen = await rows<{ body: Observation }>(
      this.tx,
      `SELECT body FROM observation WHERE goal_id = $1 AND month = (SELECT month FROM goal WHERE id = $1)
       ORDER BY created_at, step_id, call_no`,
      [goalId],
    );
    const goal = await row<{ calls_made: number }>(this.tx, 'SELECT calls_made FROM goal WHERE id = $1', [goalId]);
    return {
      succeeded: done.map(({ id }) => id),
      facts: factsAfter(seen.map(({ body }) => body)),
      callsMade: goal?.calls_made ?? 0,
    };
  }
}

const SELECT = 'SELECT body, diff, created_at FROM plan WHERE goal_id = $1';

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

/** Facts left when observations are applied in order: each removes first, then adds. */
function factsAfter(observations: readonly Observation[]): Fact[] {
  const facts = new Map<string, Fact>();
  for (const { factsRemoved, factsAdded } of observations) {
    for (const fact of factsRemoved) facts.delete(keyOf(fact));
    for (const fact of factsAdded) facts.set(keyOf(fact), fact);
  }
  return [...facts.values()];
}

function keyOf({ predicate, args }: Fact): string {
  return JSON.stringify([predicate, args]);
}
