import {
  aDecision,
  aGoal,
  anObservation,
  aPlan,
  aPlanStep,
  createTestDatabase,
  type TestDatabase,
} from '@goalkeeper/testing';
import { ArtifactRepository } from '../artifacts/artifact.repository';
import { AuditRepository } from '../audit/audit.repository';
import { CommandRepository } from '../commands/command.repository';
import { IdempotencyRepository } from '../commands/idempotency.repository';
import { OutboxRepository } from '../commands/outbox.repository';
import { openDatabase, type Database } from '../database/database';
import { EventRepository } from '../goals/event.repository';
import { GoalRepository } from '../goals/goal.repository';
import { newId } from '../ids';
import { MemoryRepository } from '../memory/memory.repository';
import { StepRepository } from '../observation/step.repository';
import { VerificationRepository } from '../observation/verification.repository';
import { PlanRepository } from '../planning/plan.repository';
import { rows } from '../sql';
import { EffectRepository } from '../tools/effect.repository';
import { PackRepository, ToolRepository } from '../tools/registry.repository';
import { SHARED_TENANT_ID, TenantRepository } from './tenant.repository';
import { TokenRepository } from './token.repository';

const A = newId();
const B = newId();
const log = { info: () => undefined, warn: () => undefined };
const descriptor = {
  name: 'test.echo',
  version: '1',
  summary: '',
  kind: 'real',
  effect: 'pure',
  boundMs: 1,
  timeoutMs: 10,
  costUsd: 0,
} as const;

describe('row-level security', () => {
  let server: TestDatabase;
  let database: Database;
  let tables: string[];
  const goal = aGoal({ tenantId: A });
  const other = aGoal({ tenantId: A, dependsOn: [goal.id] });

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 4, migrate: true, log });
    for (const id of [A, B]) await database.tenant(id, (tx) => new TenantRepository(tx).add({ id, name: id }));
    await database.tenant(A, async (tx) => {
      const step = aPlanStep('first');
      await new TokenRepository(tx).create(A, 'token');
      await new GoalRepository(tx).accept(goal, [{ type: 'goal.created', data: {} }]);
      await new GoalRepository(tx).accept(other, [{ type: 'goal.created', data: {} }]);
      await new PlanRepository(tx).save(goal.id, aPlan([step]));
      const call = { step, planRevision: 1, callNo: 1, decision: aDecision(step.id), tool: 'test.echo', args: {} };
      await new StepRepository(tx).begin(goal.id, { ...call, idempotencyKey: 'k' });
      const observation = anObservation(step.id);
      await new StepRepository(tx).finish(goal.id, {
        stepId: step.id,
        callNo: 1,
        observation,
        state: 'succeeded',
        output: {},
      });
      const effect = {
        key: 'k',
        goalId: goal.id,
        stepId: step.id,
        lineage: 'l',
        tool: 't',
        intent: 'i',
        occurrence: 0,
      };
      await new EffectRepository(tx).claim({ ...effect, class: 'idempotent' });
      await new VerificationRepository(tx).save(goal.id, 1, { holds: true, evidence: [] });
      const memory = new MemoryRepository(tx);
      const { task } = aPlan([]);
      await memory.addEpisode({
        id: newId(),
        goalId: goal.id,
        objective: 'secret',
        task,
        outcome: 'verified',
        methods: {},
      });
      await memory.bumpToolStats([{ tool: 't', successes: 1, failures: 0, durationMs: 1 }]);
      await memory.bumpMethodStats([{ task: 't', method: 'm', successes: 1, failures: 0 }]);
      await new CommandRepository(tx).add({
        id: newId(),
        goalId: goal.id,
        kind: 'cancel',
        reason: '',
        requestedBy: 'a',
      });
      await new OutboxRepository(tx).add({ id: newId(), kind: 'start', goalId: goal.id, payload: {} });
      await new IdempotencyRepository(tx).begin({ key: 'k', bodyHash: 'h', principal: 'p' });
      const file = { id: newId(), goalId: goal.id, stepId: null, name: 'a', mediaType: 'text/plain', sizeBytes: 1 };
      await new ArtifactRepository(tx).add({ ...file, sha256: '0'.repeat(64), direction: 'out' });
      await new ToolRepository(tx).upsert([descriptor]);
      await new PackRepository(tx).upsert([
        { name: 'own', version: '1', summary: '', tasks: [], methods: [], operators: [] },
      ]);
      await new AuditRepository(tx).add({ actor: 'a', action: 'x', target: 'y', outcome: 'allowed' });
    });
    const found = await server.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND NOT relispartition AND relname <> 'goalkeeper_migration' ORDER BY 1`,
    );
    tables = found.map(({ name }) => name);
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('is tested against every table: each holds a row of the first tenant', async () => {
    for (const table of tables) {
      const seen = await database.tenant(A, (tx) =>
        rows(tx, `SELECT tenant_id FROM ${table} WHERE tenant_id = $1`, [A]),
      );
      expect([table, seen.length > 0]).toEqual([table, true]);
    }
  });

  it('shows nothing to a second tenant, whatever is asked', async () => {
    for (const table of tables) {
      const seen = await database.tenant(B, (tx) =>
        rows(tx, `SELECT * FROM ${table} WHERE tenant_id = $1 OR true`, [A]),
      );
      expect([table, seen]).toEqual([table, table === 'tenant' ? [expect.objectContaining({ tenant_id: B })] : []]);
    }
  });

  it('changes and removes nothing of the first for a second tenant', async () => {
    for (const table of tables.filter((name) => name !== 'goal_event' && name !== 'audit_entry')) {
      const before = await server.query(`SELECT count(*) FROM ${table} WHERE tenant_id = '${A}'`);
      const changed = await database.tenant(B, (tx) =>
        rows(tx, `UPDATE ${table} SET tenant_id = tenant_id WHERE tenant_id = $1 RETURNING 1`, [A]),
      );
      const removed = await database.tenant(B, (tx) =>
        rows(tx, `DELETE FROM ${table} WHERE tenant_id = $1 RETURNING 1`, [A]),
      );
      expect([table, changed, removed]).toEqual([table, [], []]);
      expect(await server.query(`SELECT count(*) FROM ${table} WHERE tenant_id = '${A}'`)).toEqual(before);
    }
  });

  it('lets nobody write rows in the name of another tenant', async () => {
    const forged = aGoal({ tenantId: A });
    await expect(database.tenant(B, (tx) => new GoalRepository(tx).accept(forged, []))).rejects.toThrow(
      /row-level security/,
    );
    const moved = database.tenant(A, (tx) => rows(tx, 'UPDATE goal SET tenant_id = $1', [B]));
    await expect(moved).rejects.toThrow(/row-level security/);
  });

  it('answers a second tenant as if the goal did not exist, in every repository', async () => {
    await database.tenant(B, async (tx) => {
      const step = aPlanStep('first');
      expect(await new GoalRepository(tx).get(goal.id)).toBeNull();
      expect((await new GoalRepository(tx).list({ limit: 10 })).goals).toEqual([]);
      expect(await new GoalRepository(tx).dependencies([goal.id])).toEqual([]);
      expect(await new GoalRepository(tx).dependencyEdges([other.id])).toEqual([]);
      await expect(new EventRepository(tx).append(goal.id, [{ type: 'x', data: {} }])).rejects.toMatchObject({
        code: 'goal.not_found',
      });
      expect(await new EventRepository(tx).page(goal.id, 0, 10)).toEqual([]);
      expect(await new PlanRepository(tx).latest(goal.id)).toBeNull();
      expect(await new PlanRepository(tx).save(goal.id, aPlan([step], { revision: 7 }))).toBe(false);
      expect(await new StepRepository(tx).outputs(goal.id)).toEqual({});
      expect(await new EffectRepository(tx).list(goal.id)).toEqual([]);
      expect(
        await new MemoryRepository(tx).recallCandidates({ words: 'secret', task: 'data.report', limit: 5 }),
      ).toEqual([]);
      expect(await new MemoryRepository(tx).toolStats()).toEqual([]);
      expect(await new ArtifactRepository(tx).listByGoal(goal.id)).toEqual([]);
      expect(await new ToolRepository(tx).list()).toEqual([]);
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
    const shared = { ...descriptor, summary: 'shared' };
    await database.tenant(SHARED_TENANT_ID, (tx) => new ToolRepository(tx).upsert([shared]));
    expect(await database.tenant(A, (tx) => new ToolRepository(tx).list())).toEqual([descriptor]);
    expect(await database.tenant(B, (tx) => new ToolRepository(tx).list())).toEqual([shared]);
    const changed = await database.tenant(B, (tx) => rows(tx, `UPDATE tool SET version = '9' RETURNING name`));
    expect(changed).toEqual([]);
  });
});
