import {
  CommandRepository,
  ErasureRepository,
  type ErasureScope,
  IdempotencyRepository,
  LearningRepository,
  LessonRepository,
  newId,
  OutboxRepository,
  QuestionRepository,
  rows,
} from '@goalkeeper/persistence';
import { createLogger } from '@goalkeeper/platform';
import { aProducedFile, aTaughtGoal, openTestStore, type StoredGoal, type TestStore } from '@goalkeeper/testing';
import { createLearningActivities } from './learning-activities';

/** A word that only the goals to erase know. */
const MARKER = 'quokkamark';
/** What is the goal's own record rather than memory. */
const OWN_RECORD = [
  'action',
  'artifact',
  'decision',
  'effect',
  'goal',
  'goal_command',
  'goal_event',
  'idempotency_key',
];
const OWN_RECORD_TOO = ['observation', 'outbox', 'plan', 'question', 'step', 'verification'];

describe('erasure', () => {
  let store: TestStore;
  let A: string;
  let goals: StoredGoal[];
  const log = createLogger('erasure-test', 'fatal');
  const shelf = { offered: () => Promise.resolve([]) };
  const learn = () => createLearningActivities({ database: store.database, log, shelf }).learn({ tenantId: A });
  const erase = (scope: ErasureScope, of = goals) =>
    store.database.tenant(A, async (tx) => {
      await new LearningRepository(tx).lock();
      return new ErasureRepository(tx).erase(
        of.map(({ goalId }) => goalId),
        scope,
      );
    });

  beforeAll(async () => (store = await openTestStore()), 60_000);
  beforeEach(async () => {
    A = await store.addTenant();
    goals = [];
    for (let n = 0; n < 2; n += 1)
      goals.push(
        await aTaughtGoal(store, { tenantId: A, arm: 'on', inWords: true, objective: `inspect the ${MARKER} closely` }),
      );
    for (const { goalId } of goals) await plantElsewhere(goalId);
    for (let n = 0; n < 2; n += 1) await aTaughtGoal(store, { tenantId: A, arm: 'on' });
    await learn();
    await teach();
  });
  afterAll(() => store.close());

  /** The marker in every other row that belongs to a goal. */
  async function plantElsewhere(goalId: string): Promise<void> {
    const told = JSON.stringify({ said: MARKER });
    const plant = (sql: string) =>
      store.server.query(
        sql.replaceAll('$2', () => `'${told}'`),
        [goalId],
      );
    await plant(
      `UPDATE goal SET result = $2, failure = '{"code": "x.y", "message": "", "hint": "", "details": {}}' || $2::jsonb WHERE id = $1`,
    );
    await plant(`UPDATE plan SET body = body || $2::jsonb WHERE goal_id = $1`);
    await plant(`UPDATE step SET output = $2, summary = $2 WHERE goal_id = $1`);
    await plant(`UPDATE observation SET body = body || $2::jsonb WHERE goal_id = $1`);
    await plant(
      `INSERT INTO decision (tenant_id, goal_id, step_id, call_no, body) SELECT tenant_id, id, 's', 1, $2 FROM goal WHERE id = $1`,
    );
    await plant(`INSERT INTO action (tenant_id, goal_id, step_id, call_no, tool, args, idempotency_key)
      SELECT tenant_id, id, 's', 1, 't', $2, 'k' FROM goal WHERE id = $1`);
    await plant(
      `INSERT INTO verification (tenant_id, goal_id, revision, holds, evidence) SELECT tenant_id, id, 1, true, $2 FROM goal WHERE id = $1`,
    );
    await plant(`INSERT INTO effect (tenant_id, key, goal_id, step_id, lineage, tool, intent, occurrence, class, state, result, attempts)
      SELECT tenant_id, id::text, id, 's', $2, 't', $2, 1, 'pure', 'confirmed', $2::jsonb, 1 FROM goal WHERE id = $1`);
    await plant(`INSERT INTO goal_event (tenant_id, goal_id, seq, month, type, actor, data)
      SELECT tenant_id, id, 900, month, 'told', 'a', $2 FROM goal WHERE id = $1`);
    await plant(`INSERT INTO artifact (id, tenant_id, goal_id, name, media_type, size_bytes, sha256, direction)
      SELECT gen_random_uuid(), tenant_id, id, $2, 'text/plain', 1, '${aProducedFile('a').sha256}', 'out' FROM goal WHERE id = $1`);
    await store.database.tenant(A, async (tx) => {
      await new CommandRepository(tx).add({ id: newId(), goalId, kind: 'cancel', reason: MARKER, requestedBy: 'a' });
      await new OutboxRepository(tx).add({ id: newId(), kind: 'start', goalId, payload: { said: MARKER } });
      const choices = [{ id: 'a', label: MARKER }];
      const onExpiry = { choice: 'a', value: null };
      const asked = { id: newId(), key: 'k', kind: 'intent', text: MARKER, schema: null, context: {} } as const;
      await new QuestionRepository(tx).ask(goalId, { ...asked, choices, onExpiry }, 1_000);
      const request = { key: goalId, bodyHash: 'h', principal: 'p' };
      await new IdempotencyRepository(tx).begin(request);
      const body = JSON.stringify({ id: `goal_${goalId.replaceAll('-', '')}`, objective: MARKER });
      await new IdempotencyRepository(tx).complete(request, { status: 202, body });
    });
  }

  /** The lessons act and are pinned; then they come to rest on other goals, as they do when newer ones speak for them. */
  async function teach(): Promise<void> {
    await store.server.query(`UPDATE lesson SET status = 'active' WHERE tenant_id = $1`, [A]);
    await store.database.tenant(A, async (tx) => {
      const learning = new LearningRepository(tx);
      await learning.lock();
      await learning.takeSnapshot('pinned');
      const own = goals.map(({ goalId }) => goalId);
      for (const record of await learning.records()) {
        if (record.kind !== 'intent' || !record.key.includes(MARKER)) continue;
        const sources = [newId(), newId()].filter((id) => !own.includes(id));
        const body = { ...record.body, stems: ['inspect'] };
        await learning.save([{ ...record, key: record.key, body, sources }]);
      }
      await rows(tx, `UPDATE lesson SET key = 'data.report | inspect' WHERE key LIKE '%${MARKER}%'`);
      await learning.noteRun({ refusals: [{ kind: 'intent', key: MARKER, gate: 'single_goal', reason: '' }] });
    });
  }

  /** Tables of the tenant in which some row holds the marker, in whatever column. */
  async function tablesWithIt(): Promise<string[]> {
    const tables = await store.server.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const sql = `SELECT FROM ${name} t WHERE tenant_id = $1 AND strpos(t::text, '${MARKER}') > 0 LIMIT 1`;
      if ((await store.server.query(sql, [A])).length > 0) found.push(name);
    }
    return found;
  }

  it('leaves no row of memory with what the goals said: not in old snapshots either, whatever the lessons rest on now', async () => {
    const memory = ['episode', 'episode_stem', 'episode_word', 'learning_setting', 'snapshot_lesson'];
    expect(await tablesWithIt()).toEqual([...OWN_RECORD, ...OWN_RECORD_TOO, ...memory].toSorted());
    const receipt = await erase('memory');
    expect(receipt).toMatchObject({ scope: 'memory', episodes: 2, snapshots: 1 });
    expect(receipt.touched).toMatchObject({ episode: 2, snapshot_lesson: expect.any(Number), learning_setting: 1 });
    expect(await tablesWithIt()).toEqual([...OWN_RECORD, ...OWN_RECORD_TOO].toSorted());
    await learn();
    expect(await tablesWithIt()).toEqual([...OWN_RECORD, ...OWN_RECORD_TOO].toSorted());
    const kept = await store.database.tenant(A, (tx) =>
      rows<{ key: string }>(tx, 'SELECT key FROM lesson ORDER BY key'),
    );
    expect(kept.length).toBeGreaterThan(0);
  });

  it('leaves no row at all where the goals themselves are erased, and says which tables it touched', async () => {
    const before = await tablesWithIt();
    const receipt = await erase('goal');
    expect(await tablesWithIt()).toEqual([]);
    const touched = Object.keys(receipt.touched);
    const words = ['episode_stem', 'episode_word']; // they go with their episode
    expect(touched).toEqual(expect.arrayContaining(before.filter((table) => !words.includes(table))));
    const [goal] = goals;
    const [left] = await store.server.query(
      `SELECT objective, task, result, failure->>'code' AS code, state, (SELECT count(*)::integer FROM effect e WHERE e.goal_id = g.id) AS effects
       FROM goal g WHERE id = $1`,
      [goal?.goalId],
    );
    const still = { objective: '(erased)', task: null, result: null, code: 'x.y', state: 'succeeded', effects: 1 };
    expect(left).toEqual(still);
    await learn();
    expect(await tablesWithIt()).toEqual([]);
  });

  it('touches nothing of other goals, and refuses goals at work and those of other tenants', async () => {
    const others = async () => {
      const own = goals.map(({ goalId }) => goalId);
      const found = [];
      for (const table of [...OWN_RECORD_TOO, 'episode', 'goal_event'])
        found.push(
          await store.server.query(`SELECT t::text FROM ${table} t WHERE NOT goal_id = ANY ($1) ORDER BY 1`, [own]),
        );
      return found;
    };
    const before = await others();
    await erase('goal');
    expect(await others()).toEqual(before);
    const atWork = await store.goal({ tenantId: A });
    await expect(erase('goal', [atWork])).rejects.toThrow(/only a finished goal/);
    const B = await store.addTenant();
    const theirs = await aTaughtGoal(store, { tenantId: B });
    await expect(erase('goal', [theirs])).rejects.toThrow(/only a finished goal/);
    const deleting = store.database.tenant(A, (tx) => rows(tx, 'DELETE FROM goal_event'));
    await expect(deleting).rejects.toThrow();
    await expect(
      store.server
        .query(`SELECT set_config('gk.erasing', $1, false); `, ['x'])
        .then(() => store.server.query('UPDATE goal_event SET actor = actor')),
    ).rejects.toThrow(/append-only/);
  });

  it('goes back to lessons with the goals that they rested on, so that erasing those reaches them too', async () => {
    const [snapshot] = await store.database.tenant(A, (tx) => new LessonRepository(tx).snapshots(1));
    await store.database.tenant(A, (tx) => new LessonRepository(tx).rollBack(snapshot?.id ?? '', Date.now()));
    const back = await store.database.tenant(A, (tx) => new LearningRepository(tx).records());
    const intent = back.find(({ kind }) => kind === 'intent');
    expect([...(intent?.sources ?? [])]).toEqual(goals.map(({ goalId }) => goalId).toSorted());
    expect(await tablesWithIt()).toContain('lesson');
    await erase('memory');
    expect(await tablesWithIt()).not.toContain('lesson');
  });
});
