import {
  aDescriptor,
  INSERT_PASSAGE,
  addLearningRows,
  aBeginCall,
  aFinishCall,
  aGoal,
  aLesson,
  aPlan,
  aPlanStep,
  aProducedFile,
  openTestStore,
  type StoredGoal,
  type TestStore,
} from '@goalkeeper/testing';
import { ArtifactRepository } from '../artifacts/artifact.repository';
import { AuditRepository } from '../audit/audit.repository';
import { CommandRepository } from '../commands/command.repository';
import { IdempotencyRepository } from '../commands/idempotency.repository';
import { OutboxRepository } from '../commands/outbox.repository';
import type { Database } from '../database/database';
import type { FunctionCall } from '../database/functions';
import { ClosingRepository } from '../goals/closing.repository';
import { EventRepository } from '../goals/event.repository';
import { GoalRepository } from '../goals/goal.repository';
import { GoalStore } from '../goals/goal.store';
import { QuestionRepository } from '../goals/question.repository';
import { newId } from '../ids';
import { EpisodeRepository } from '../memory/episode.repository';
import { MemoryRepository } from '../memory/memory.repository';
import { CallRepository } from '../observation/call.repository';
import { CalibrationRepository } from '../selection/calibration.repository';
import { StepRepository } from '../observation/step.repository';
import { VerificationRepository, VerificationStore } from '../observation/verification.repository';
import { PlanRepository, PlanStore } from '../planning/plan.repository';
import { json, rows } from '../sql';
import { EffectRepository } from '../tools/effect.repository';
import { PackRepository } from '../tools/pack.repository';
import { ToolRepository } from '../tools/registry.repository';
import { SHARED_TENANT_ID } from './tenant.repository';
import { descriptor, question } from './testing/rows';
import { TokenRepository } from './token.repository';

const step = aPlanStep('first');
const effect = { key: 'k', intent: 'i', class: 'idempotent' } as const;
const event = { type: 'told', data: {} };
const lesson = aLesson({
  episode: { ...aLesson().episode, objective: 'secret' },
  tools: [{ tool: 't', successes: 1, failures: 0, durationMs: 1 }],
  methods: [{ task: 't', method: 'm', successes: 1, failures: 0 }],
});
const analysis = {
  stepId: step.id,
  callNo: 1,
  next: 'continue',
  reason: 'done',
  progress: 1,
  retryAfterMs: 0,
} as const;
const ended = { to: 'failed', reason: '', failure: null, verified: false, lesson } as const;

/** A row in every table that the functions of the database do not write. */
async function addOtherRows(store: TestStore, goalId: string): Promise<void> {
  await store.inTenant(async (tx) => {
    await new TokenRepository(tx).create(store.tenantId, 'token');
    await new CommandRepository(tx).add({ id: newId(), goalId, kind: 'cancel', reason: '', requestedBy: 'a' });
    await new OutboxRepository(tx).add({ id: newId(), kind: 'start', goalId, payload: {} });
    await new QuestionRepository(tx).ask(goalId, { id: newId(), ...question }, 1_000);
    await new IdempotencyRepository(tx).begin({ key: 'k', bodyHash: 'h', principal: 'p' });
    await new ToolRepository(tx).replaceAll([descriptor]);
    const packs = new PackRepository(tx);
    await packs.replaceAll([{ name: 'own', version: '1', summary: '', tasks: [], methods: [], operators: [] }]);
    await packs.replaceFaults([{ place: 'x', problems: [] }]);
    await new AuditRepository(tx).add({ actor: 'a', action: 'x', target: 'y', outcome: 'allowed' });
    await new CalibrationRepository(tx).save({ knots: [{ stated: 0.5, seen: 0.4 }], decisions: 200 });
    await rows(tx, INSERT_PASSAGE, [goalId]);
    await rows(tx, `SELECT gk_research_count($1, 'c')`, [goalId]);
  });
}

/** Everything a goal's way writes: plan, call with effect and file, finding, end with its lesson. */
async function goTheWholeWay(database: Database, goal: StoredGoal): Promise<void> {
  await new PlanStore(database, goal).save(aPlan([step]), null, event);
  const calls = new CallRepository(database, goal);
  await calls.begin(aBeginCall(step, { effect }));
  await calls.finish(aFinishCall(step, { files: [aProducedFile('a')], eventsAfter: [event] }));
  const found = { revision: 1, holds: true, evidence: [], analyses: [], events: [event] };
  await new VerificationStore(database, goal).save(found);
}

describe('row-level security', () => {
  let store: TestStore;
  let database: Database;
  let tables: string[];
  let A: string;
  let B: string;
  let goal: StoredGoal;
  let closed: StoredGoal;

  beforeAll(async () => {
    store = await openTestStore(4);
    ({ database, tenantId: A } = store);
    B = await store.addTenant();
    goal = await store.goal();
    closed = await store.goal({ dependsOn: [goal.goalId] });
    await goTheWholeWay(database, goal);
    await new ClosingRepository(database, closed).close(ended);
    await addOtherRows(store, goal.goalId);
    await addLearningRows(store, goal.goalId);
    const found = await store.server.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND NOT relispartition AND relname <> 'goalkeeper_migration' ORDER BY 1`,
    );
    tables = found.map(({ name }) => name);
  });
  afterAll(() => store.close());

  /** What a tenant gets that asks about the first one. */
  const asked = (tenantId: string, sql: string) => database.tenant(tenantId, (tx) => rows(tx, sql, [A]));

  it('is tested against every table: each holds a row of the first tenant', async () => {
    for (const table of tables) {
      const seen = await asked(A, `SELECT tenant_id FROM ${table} WHERE tenant_id = $1`);
      expect([table, seen.length > 0]).toEqual([table, true]);
    }
  });

  it('shows nothing to a second tenant, whatever is asked', async () => {
    for (const table of tables) {
      const seen = await asked(B, `SELECT * FROM ${table} WHERE tenant_id = $1 OR true`);
      expect([table, seen]).toEqual([table, table === 'tenant' ? [expect.objectContaining({ tenant_id: B })] : []]);
    }
  });

  it('changes and removes nothing of the first for a second tenant', async () => {
    for (const table of tables.filter((name) => name !== 'goal_event' && name !== 'audit_entry')) {
      const before = await store.server.query(`SELECT count(*) FROM ${table} WHERE tenant_id = '${A}'`);
      const changed = await asked(B, `UPDATE ${table} SET tenant_id = tenant_id WHERE tenant_id = $1 RETURNING 1`);
      const removed = await asked(B, `DELETE FROM ${table} WHERE tenant_id = $1 RETURNING 1`);
      expect([table, changed, removed]).toEqual([table, [], []]);
      expect(await store.server.query(`SELECT count(*) FROM ${table} WHERE tenant_id = '${A}'`)).toEqual(before);
    }
  });

  it('lets nobody write rows in the name of another tenant', async () => {
    const forged = aGoal({ tenantId: A });
    await expect(database.tenant(B, (tx) => new GoalRepository(tx).accept(forged, []))).rejects.toThrow(
      /bound to another tenant/,
    );
    const moved = database.tenant(A, (tx) => rows(tx, 'UPDATE goal SET tenant_id = $1', [B]));
    await expect(moved).rejects.toThrow(/row-level security/);
  });

  it('answers a second tenant as if the goal did not exist, in every repository', async () => {
    const { goalId } = goal;
    await database.tenant(B, async (tx) => {
      expect(await new GoalRepository(tx).get(goalId)).toBeNull();
      expect((await new GoalRepository(tx).list({ limit: 10 })).goals).toEqual([]);
      expect(await new GoalRepository(tx).dependencies([goalId])).toEqual([]);
      expect(await new GoalRepository(tx).dependencyEdges([closed.goalId])).toEqual([]);
      await expect(new EventRepository(tx).append(goalId, [{ type: 'x', data: {} }])).rejects.toMatchObject({
        code: 'goal.not_found',
      });
      expect(await new EventRepository(tx).page(goalId, 0, 10)).toEqual([]);
      expect(await new PlanRepository(tx).latest(goalId)).toBeNull();
      expect(await new StepRepository(tx).list(goalId)).toEqual([]);
      expect(await new StepRepository(tx).calls(goalId)).toEqual([]);
      expect(await new VerificationRepository(tx).latest(goalId)).toBeNull();
      expect(await new EffectRepository(tx).list(goalId)).toEqual([]);
      expect(await new ArtifactRepository(tx).listByGoal(goalId)).toEqual([]);
      expect(await new ToolRepository(tx).list()).toEqual([]);
      expect(await new EpisodeRepository(tx).byIds([lesson.episode.id])).toEqual([]);
    });
  });

  describe('in the functions that bind themselves', () => {
    const everything = async () => {
      const found: Record<string, unknown> = {};
      for (const table of tables) found[table] = await store.server.query(`SELECT * FROM ${table} t ORDER BY t::text`);
      return found;
    };
    const foreign = () => ({ tenantId: B, goalId: goal.goalId });
    const learned = { snapshotId: null, arm: 'on', lessons: [] };
    const nothing = { episodes: [], toolStats: [], methodStats: [], learned, calibration: null };
    const missing = { code: 'database.row_missing' };
    const calls = () => new CallRepository(database, foreign());
    const begun = aBeginCall(step, { callNo: 2, effect, events: { first: event, again: event } });
    const finished = aFinishCall(step, {
      callNo: 2,
      effect: { key: effect.key, state: 'confirmed', result: { stolen: true } },
      files: [aProducedFile('b')],
      analyses: [analysis],
      eventsAfter: [event],
    });
    /** What each function answers to the second tenant that names the first one's goal. */
    const attempts: Readonly<Record<FunctionCall['name'], () => Promise<unknown>>> = {
      gk_step_outputs: async () => expect(await calls().outputs([step.id])).toEqual({}),
      gk_begin_call: () => expect(calls().begin(begun)).rejects.toMatchObject(missing),
      gk_open_call: async () => {
        const work = async () => ({ result: null, finish: finished });
        await expect(calls().within(begun, work)).rejects.toMatchObject(missing);
      },
      gk_finish_call: () => expect(calls().finish(finished)).rejects.toThrow(),
      gk_close_call: () => {
        const claim = { ...effect, lineage: step.lineage, occurrence: 0, tool: 'test.echo' };
        const input = { ...finished, claim, tool: 'test.echo', args: {}, decision: {}, idempotencyKey: 'k' };
        return expect(database.perform({ name: 'gk_close_call', ...foreign(), input })).rejects.toThrow('no further');
      },
      gk_recall: async () => {
        const query = { words: 'secret', task: 'data.report', limit: 5, arm: 'on' as const };
        expect(await new MemoryRepository(database).recall(foreign(), query)).toEqual(nothing);
        // Not for a goal that is there: what it is given would be pinned in its row.
        const own = await new MemoryRepository(database).recall({ ...goal, goalId: newId() }, query);
        expect(own).toMatchObject({ episodes: [{ objective: 'secret' }], toolStats: [{}], methodStats: [{}] });
      },
      gk_plan_state: async () => {
        const state = { latest: null, succeeded: [], facts: [], callsMade: 0 };
        expect(await new PlanStore(database, foreign()).state([analysis])).toEqual(state);
      },
      gk_store_plan: async () => {
        const plan = aPlan([step, aPlanStep('second')], { revision: 7 });
        const saved = new PlanStore(database, foreign()).save(plan, null, event);
        await expect(saved).rejects.toMatchObject({ code: 'goal.not_found' });
      },
      gk_work_done: async () =>
        expect(await new VerificationStore(database, foreign()).workDone()).toEqual({ outputs: {}, produced: [] }),
      gk_store_verification: async () => {
        const found = { revision: 1, holds: false, evidence: [], analyses: [analysis], events: [event] };
        const saved = new VerificationStore(database, foreign()).save(found);
        await expect(saved).rejects.toMatchObject({ code: 'goal.not_found' });
      },
      gk_goal_lessons: async () =>
        expect(await new ClosingRepository(database, foreign()).lessons([analysis])).toBeNull(),
      gk_close_goal: async () => expect(await new ClosingRepository(database, foreign()).close(ended)).toBe(false),
      gk_accept_goal: async () => {
        const stolen = aGoal({ tenantId: B, id: goal.goalId });
        expect(await new GoalStore(database).accept(stolen, { events: [event], at: new Date(), holdMs: 0 })).toBe(
          false,
        );
      },
      gk_outbox_delivered: () => new GoalStore(database).delivered(B, goal.goalId, [goal.goalId]),
      gk_get_goal: async () => expect(await new GoalStore(database).get(B, goal.goalId)).toBeNull(),
    };

    it.each(Object.entries(attempts))('%s shows and changes nothing of the first', async (_name, attempt) => {
      const before = await everything();
      await attempt();
      expect(await everything()).toEqual(before);
    });

    it('claims, appends and judges nothing of the first', async () => {
      const before = await everything();
      const claim = json({ ...effect, stepId: step.id, lineage: 'l', tool: 't', occurrence: 0 });
      await database.tenant(B, async (tx) => {
        expect(await rows(tx, 'SELECT gk_claim_effect($1, $2) AS claimed', [goal.goalId, claim])).toEqual([
          { claimed: null },
        ]);
        expect(await rows(tx, `SELECT gk_append_events($1, $2, '{}') AS seq`, [goal.goalId, json([event])])).toEqual([
          { seq: null },
        ]);
        await rows(tx, 'SELECT gk_save_analyses($1, $2)', [goal.goalId, json([analysis])]);
        await rows(tx, 'SELECT gk_learn($1, $2)', [goal.goalId, json(lesson)]);
      });
      expect(await everything()).toEqual(before);
    });

    it('is tested for every one of them', async () => {
      const found = await store.server.query<{ name: string }>(
        `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace
           AND pg_get_function_identity_arguments(oid) ~ '^p_tenant uuid, ' ORDER BY 1`,
      );
      expect(found.map(({ name }) => name)).toEqual(Object.keys(attempts).sort());
    });

    it('lets none of them look past the walls: each runs with the rights of its caller', async () => {
      const found = await store.server.query<{ name: string }>(
        `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1`,
      );
      const trusted = found.map(({ name }) => name);
      expect(trusted.filter((name) => name in attempts)).toEqual([]);
    });
  });

  it('does not let the application role turn on what the system functions use', async () => {
    const seen = await database.tenant(B, async (tx) => {
      await rows(tx, `SELECT set_config('gk.system', 'on', true)`);
      return rows(tx, 'SELECT id FROM goal');
    });
    expect(seen).toEqual([]);
  });

  it('shows packs and tools of the installation to all, a tenant its own instead, and lets no tenant change them', async () => {
    const shared = { ...aDescriptor, summary: 'shared' };
    await database.tenant(SHARED_TENANT_ID, (tx) => new ToolRepository(tx).replaceAll([shared]));
    expect(await database.tenant(A, (tx) => new ToolRepository(tx).list())).toEqual([aDescriptor]);
    expect(await database.tenant(B, (tx) => new ToolRepository(tx).list())).toEqual([shared]);
    const changed = await database.tenant(B, (tx) => rows(tx, `UPDATE tool SET version = '9' RETURNING name`));
    expect(changed).toEqual([]);
  });
});
