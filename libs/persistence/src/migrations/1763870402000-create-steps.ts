import type { MigrationInterface, QueryRunner } from 'typeorm';

const PLANS_AND_STEPS = `
  CREATE TABLE plan (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    revision integer NOT NULL CHECK (revision > 0),
    body jsonb NOT NULL,
    reason text NOT NULL,
    diff jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (goal_id, revision)
  );
  SELECT gk_protect('plan');

  CREATE TABLE step (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    id text NOT NULL,
    position integer NOT NULL DEFAULT 0,
    label text NOT NULL,
    operator text NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'skipped')),
    revision integer NOT NULL,
    calls integer NOT NULL DEFAULT 0,
    finished_call integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    tool text,
    output jsonb,
    summary text NOT NULL DEFAULT '',
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (goal_id, id)
  ) WITH (fillfactor = 60);
  SELECT gk_protect('step');`;

const DECISIONS_AND_ACTIONS = `
  CREATE TABLE decision (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    step_id text NOT NULL,
    call_no integer NOT NULL,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (goal_id, step_id, call_no)
  );
  SELECT gk_protect('decision');

  CREATE TABLE action (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    step_id text NOT NULL,
    call_no integer NOT NULL,
    tool text NOT NULL,
    args jsonb NOT NULL,
    idempotency_key text NOT NULL,
    attempts integer NOT NULL DEFAULT 1,
    outcome text CHECK (outcome IN ('success', 'partial', 'failure', 'uncertain')),
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (goal_id, step_id, call_no)
  ) WITH (fillfactor = 70);
  SELECT gk_protect('action');`;

const LEDGER_AND_VERIFICATION = `
  CREATE TABLE effect (
    tenant_id uuid NOT NULL,
    key text NOT NULL,
    goal_id uuid NOT NULL,
    step_id text NOT NULL,
    lineage text NOT NULL,
    tool text NOT NULL,
    intent text NOT NULL,
    occurrence integer NOT NULL,
    class text NOT NULL CHECK (class IN ('pure', 'idempotent', 'transactional', 'once')),
    state text NOT NULL CHECK (state IN ('planned', 'dispatched', 'confirmed', 'failed', 'uncertain')),
    result jsonb,
    attempts integer NOT NULL,
    claim uuid,
    planned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    dispatched_at timestamptz,
    settled_at timestamptz,
    PRIMARY KEY (tenant_id, key)
  ) WITH (fillfactor = 70);
  CREATE INDEX effect_by_goal ON effect (goal_id);
  SELECT gk_protect('effect');

  CREATE TABLE verification (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    revision integer NOT NULL,
    holds boolean NOT NULL,
    evidence jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (goal_id, revision)
  );
  SELECT gk_protect('verification');`;

/**
 * Plans, steps, decisions, actions and the effect ledger. No foreign keys here: each row is written in the transaction
 * that also locks its goal, and a check per row would be paid on every step.
 */
export class CreateSteps1763870402000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [PLANS_AND_STEPS, DECISIONS_AND_ACTIONS, LEDGER_AND_VERIFICATION]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE verification, effect, action, decision, step, plan`);
  }
}
