import {
  DEFAULT_TENANT_ID,
  MemoryRepository,
  newId,
  openDatabase,
  TenantRepository,
  type Database,
} from '@goalkeeper/persistence';
import { Client } from 'pg';

const EPISODES = 100_000;
const LESSONS = 1_000;
const ASKED = 500;
const TARGET_MS = 30;
const SUBJECTS = [
  'weather',
  'sales',
  'stocks',
  'flights',
  'movies',
  'prices',
  'visitors',
  'orders',
  'rivers',
  'harvests',
];
const VERBS = ['analyse', 'compare', 'chart', 'profile', 'report', 'summarise', 'clean', 'join'];

/** `npm run bench:recall`: 100,000 episodes and 1,000 active lessons of one tenant; recall's p95, and the plans behind it. */
async function main(url: string): Promise<number> {
  const log = { info: () => undefined, warn: () => undefined };
  const database = await openDatabase({ url, applicationName: 'bench-recall', poolSize: 2, migrate: true, log });
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    await fill(database, admin);
    const times = await measure(database);
    const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
    const [p50, p95, p99] = [at(0.5), at(0.95), at(0.99)];
    await printPlans(admin);
    out(`${EPISODES} episodes, ${LESSONS} lessons, ${ASKED} goals, with the round trip:`);
    out(
      `recall p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; p95 must be ≤ ${TARGET_MS} ms`,
    );
    return p95 <= TARGET_MS ? 0 : 1;
  } finally {
    await admin.end();
    await database.close();
  }
}

const out = (line: string): void => void process.stdout.write(`${line}\n`);

/** The words of the n-th goal: a few that many goals share, and some that few do. */
function wordsOf(n: number): string {
  const pick = (list: readonly string[], by: number): string => list[Math.floor(n / by) % list.length] ?? '';
  return `${pick(VERBS, 1)} the ${pick(SUBJECTS, 7)} of region ${n % 977} by month ${n % 12} for customer c${n % 5_003}`;
}

async function fill(database: Database, admin: Client): Promise<void> {
  await database.tenant(DEFAULT_TENANT_ID, (tx) => new TenantRepository(tx).ensureDefault());
  for (let from = 0; from < EPISODES; from += 5_000) {
    const ids = Array.from({ length: 5_000 }, () => newId());
    const words = ids.map((_, n) => wordsOf(from + n));
    await admin.query(
      `INSERT INTO episode (id, tenant_id, goal_id, objective, task_name, task, outcome, methods, evidence)
       SELECT i.id, $1, gen_random_uuid(), i.words, 'data.task' || i.n % 40, jsonb_build_object('name', 'data.task' || i.n % 40, 'args', '{}'::jsonb),
         'verified', '{}', '{}' FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS i (id, words, n)`,
      [DEFAULT_TENANT_ID, ids, words],
    );
    process.stderr.write(`\r${from + 5_000} episodes`);
  }
  process.stderr.write('\n');
  const snapshot = newId();
  await admin.query(`INSERT INTO snapshot (id, tenant_id, seq, reason) VALUES ($1, $2, 1, 'bench')`, [
    snapshot,
    DEFAULT_TENANT_ID,
  ]);
  await admin.query(
    `INSERT INTO snapshot_lesson (tenant_id, snapshot_id, lesson_id, kind, key, status, tasks, body)
     SELECT $1, $2, gen_random_uuid(), 'tool_reliability', 'k' || n, 'active', ARRAY['data.task' || n % 40], jsonb_build_object('tool', 'tool' || n,
       'context', 'source=.csv', 'successes', n, 'failures', 1, 'meanLogMs', 3, 'varLogMs', 1, 'meanCostUsd', 0) FROM generate_series(1, ${LESSONS}) AS n`,
    [DEFAULT_TENANT_ID, snapshot],
  );
  await admin.query('INSERT INTO learning_setting (tenant_id, snapshot_id, snapshot_seq) VALUES ($1, $2, 1)', [
    DEFAULT_TENANT_ID,
    snapshot,
  ]);
  await admin.query(
    `INSERT INTO goal (id, tenant_id, objective, priority, max_steps, parallelism, dependency_policy, state, month, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'bench', 'normal', 10, 1, 'fail', 'queued', date_trunc('month', now())::date, now(), now() FROM generate_series(1, ${ASKED})`,
    [DEFAULT_TENANT_ID],
  );
  await admin.query('ANALYZE');
}

/** Milliseconds of each recall, sorted; every other goal is stated in words alone. */
async function measure(database: Database): Promise<number[]> {
  const found = await database.tenant(DEFAULT_TENANT_ID, (tx) => tx.query<{ id: string }[]>('SELECT id FROM goal'));
  const goals = found.map(({ id }) => id);
  const memory = new MemoryRepository(database);
  const times: number[] = [];
  for (const [n, goalId] of goals.entries()) {
    const began = performance.now();
    const words = wordsOf(n * 37 + 5);
    const task = n % 2 ? `data.task${n % 40}` : null;
    await memory.recall({ tenantId: DEFAULT_TENANT_ID, goalId }, { words, task, limit: 20, stems: [], arm: 'on' });
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

/** The plans of the statements inside recall, as the server made them under the role that goals use. */
async function printPlans(admin: Client): Promise<void> {
  admin.on('notice', ({ message }) => message?.includes('Query Text') && message.length > 600 && out(message));
  await admin.query(`LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on;
    SET auto_explain.log_analyze = on; SET auto_explain.log_timing = off; SET client_min_messages = log; SET ROLE goalkeeper_app`);
  const query = { words: wordsOf(42), task: 'data.task1', limit: 20, stems: [], arm: 'on' };
  await admin.query('SELECT gk_recall($1, gen_random_uuid(), $2)', [DEFAULT_TENANT_ID, JSON.stringify(query)]);
}

const url = process.env.GK_TEST_DATABASE_URL ?? process.env.DATABASE_URL;
if (!url)
  throw new Error(
    'Set DATABASE_URL to an empty database whose owner may load auto_explain; npm run bench:recall makes one by itself',
  );
void main(url).then((code) => (process.exitCode = code));
