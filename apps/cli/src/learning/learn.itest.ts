import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeApi } from '../../test/fake-api';

const TIME = '2026-11-23T05:00:00.000Z';
const GOAL = `goal_${'a'.repeat(32)}`;
const LESSON = {
  ...{
    id: `les_${'b'.repeat(32)}`,
    kind: 'avoid_rule',
    key: 'web.get | url=https:',
    status: 'retired',
    origin: 'learned',
  },
  ...{ tasks: ['web.fetch'], body: { tool: 'web.get' }, sources: [GOAL], createdAt: TIME, updatedAt: TIME },
  statistics: {
    ...{ sources: 1, support: 0, against: 0 },
    trial: { with: { goals: 9 }, without: { goals: 8 }, pBetter: 0.01, harm: 0.9 },
  },
  history: [{ at: TIME, status: 'retired', reason: 'harmful: it failed' }],
};
const SNAPSHOT = {
  ...{ id: `snap_${'c'.repeat(32)}`, seq: 4, lessons: 1, isCurrent: true },
  ...{ createdAt: TIME, reason: 'rolled back to snapshot 2' },
};
const REPORT = {
  settings: { enabled: true, frozen: false, controlShare: 0.08, trialShare: 0.5 },
  on: { goals: 40, verified: 38, meanCalls: 2 },
  off: { goals: 1, verified: 1, meanCalls: 3 },
  callsSaved: { value: 0.25, low: 0.1, high: 0.4 },
  verifiedGain: null,
  harm: [
    {
      ...LESSON,
      ...{ takenBack: true, verifiedGain: { value: -0.3, low: -0.5, high: -0.1 }, pBetter: 0.01 },
      having: { goals: 10, verified: 6, meanCalls: 3 },
      lacking: { goals: 9, verified: 9, meanCalls: 2 },
    },
  ],
  items: [{ kind: 'avoid_rule', status: 'retired', count: 1 }],
  bytes: { lessons: 2_048, snapshots: 0, evidence: 0 },
  recall: { goals: 41, p50Ms: 1.2, p95Ms: 3.4 },
  lastRun: null,
};
const EXPORT = { format: 'goalkeeper-lessons-1', exportedAt: TIME, lessons: [LESSON] };
const ROUND = { at: TIME, read: 3, changed: 1, promoted: 1, retired: 0, refused: 2 };
const EPISODE = {
  goalId: GOAL,
  outcome: 'verified',
  task: 'web.fetch',
  why: ['words: page'],
  objective: 'fetch a page',
};
const page = (data: object[], next: string | null = null) => ({ data, page: { next, hasMore: next !== null } });

/** What the API answers, by method and path. */
const ANSWERS: Readonly<Record<string, object>> = {
  'GET /learning/report': REPORT,
  'GET /learning/lessons': page([LESSON], 'more'),
  [`GET /learning/lessons/${LESSON.id}`]: LESSON,
  'GET /learning/snapshots': { data: [SNAPSHOT] },
  'GET /learning/export': EXPORT,
  'GET /episodes': page([EPISODE]),
  'POST /learning/freeze': { ...REPORT.settings, frozen: true },
  'POST /learning/thaw': REPORT.settings,
  'POST /learning/runs': { state: 'completed', lastRun: ROUND },
  [`POST /learning/snapshots/${SNAPSHOT.id}/rollback`]: SNAPSHOT,
  'POST /learning/erasures': { id: 'era_1', goalId: GOAL, episodes: 1, lessons: 2, snapshots: 1 },
  'POST /learning/import': { imported: 1, known: 0, refused: [] },
};

let api: FakeApi;
let cwd: string;

beforeAll(async () => (api = await FakeApi.start()));
beforeEach(() => {
  [api.requests, api.answers] = [[], { ...ANSWERS }];
  cwd = mkdtempSync(join(tmpdir(), 'goalkeeper-learn-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));
afterAll(() => api.close());

const run = (...args: string[]) => api.run(args, cwd);

describe('goalkeeper learn', () => {
  it('report says what learning changed, what it harmed, and where nothing is known', async () => {
    const { code, out } = await run('learn', 'report');
    expect(code).toBe(0);
    for (const said of [
      'on; 8.0 % of the goals run without it',
      '40 goals, 38 verified, calls of each: 2.00',
      '1 goal, 1 verified',
      '25.0 % (95 %: 10.0 % to 40.0 %)',
      'unknown: too few goals with and without it to compare',
      `harmed, taken back: ${LESSON.id} avoid_rule web.get`,
      'it took part: 6 of 10 goals verified, calls of each: 3.00; without it: 9 of 9 goals verified',
      'verified gain -30.0 % (95 %: -50.0 % to -10.0 %)',
      'none yet',
    ])
      expect(out).toContain(said);
    expect(JSON.parse((await run('learn', 'report', '--json')).out)).toEqual(REPORT);
  });

  it('lessons and show tell how a lesson fared and where it comes from', async () => {
    const { out, err } = await run('learn', 'lessons', '--kind', 'avoid_rule', '--status', 'retired', '--limit', '5');
    expect(out).toContain('P(better) 0.01, 9 with, 8 without');
    expect(err).toContain('--cursor more');
    expect(api.requests[0]?.query).toEqual({
      ...{ kind: 'avoid_rule', status: 'retired', limit: '5' },
    });
    const shown = (await run('learn', 'show', LESSON.id)).out;
    for (const said of [GOAL, 'web.fetch', '{"tool":"web.get"}', 'retired: harmful: it failed'])
      expect(shown).toContain(said);
    expect((await run('learn', 'lessons', '--kind', 'nothing')).code).not.toBe(0);
    api.answers['GET /learning/lessons'] = page([]);
    expect((await run('learn', 'lessons')).err).toContain('no lessons');
  });

  it('snapshots and rollback name the set that goals pin', async () => {
    expect((await run('learn', 'snapshots')).out).toMatch(/4 \(current\)/);
    expect((await run('learn', 'rollback', SNAPSHOT.id)).out).toContain(
      'rolled back to snapshot 2: 1 lesson, now number 4',
    );
    api.answers['GET /learning/snapshots'] = { data: [] };
    expect((await run('learn', 'snapshots')).err).toContain('no snapshots yet');
  });

  it.each([
    [['freeze'], 'POST /learning/freeze', 'learning is frozen'],
    [['thaw'], 'POST /learning/thaw', 'learning goes on'],
    [['run'], 'POST /learning/runs', '3 goals read, 1 lesson changed, 1 promoted, 0 retired, 2 refused'],
    [['erase', '--goal', GOAL], 'POST /learning/erasures', 'erased 1 episode, 2 lessons, in 1 snapshot; receipt era_1'],
  ])('%j asks once, under a key, and says what came of it', async (args, line, said) => {
    const { code, out } = await run('learn', ...args);
    expect([code, out.trim()]).toEqual([0, said]);
    expect(api.requests.map((request) => request.line)).toEqual([line]);
    expect(api.requests[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    if (args[0] === 'erase') expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({ goalId: GOAL });
  });

  it('run says where to look when the round takes longer', async () => {
    api.answers['POST /learning/runs'] = { state: 'running', lastRun: null };
    expect((await run('learn', 'run')).out).toContain('goalkeeper learn report');
  });

  it('export writes a file or to stdout, and import sends what was exported', async () => {
    const { code, out } = await run('learn', 'export', 'lessons.json');
    expect([code, out.trim()]).toEqual([0, `1 lesson in ${join(cwd, 'lessons.json')}`]);
    expect(JSON.parse(readFileSync(join(cwd, 'lessons.json'), 'utf8'))).toEqual(EXPORT);
    expect(JSON.parse((await run('learn', 'export', '-')).out)).toEqual(EXPORT);
    expect((await run('learn', 'import', 'lessons.json')).out.trim()).toBe('1 candidate, 0 known already, 0 refused');
    expect(JSON.parse(api.requests.at(-1)?.body ?? '')).toEqual(EXPORT);
  });

  it('import says what was refused and fails then, as it does for a file that cannot be read', async () => {
    writeFileSync(join(cwd, 'some.json'), JSON.stringify(EXPORT));
    api.answers['POST /learning/import'] = {
      imported: 0,
      known: 0,
      refused: [{ index: 0, line: 2, gate: 'capacity', reason: 'full' }],
    };
    const refused = await run('learn', 'import', 'some.json');
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('line 2: lesson 0 refused (capacity): full'),
    ]);
    writeFileSync(join(cwd, 'broken.json'), '{');
    for (const file of ['broken.json', 'missing.json']) {
      const { code, err } = await run('learn', 'import', file);
      expect([code, err]).toEqual([1, expect.stringContaining(join(cwd, file))]);
    }
    expect((await run('learn', 'export', 'no/such/folder/x.json')).code).toBe(1);
    expect(existsSync(join(cwd, 'no'))).toBe(false);
  });
});

describe('goalkeeper memory search', () => {
  it('sends words and filters, and shows why each goal matched', async () => {
    const { out } = await run('memory', 'search', 'a', 'page', '--task', 'web.fetch', '--outcome', 'verified');
    expect(out).toContain('words: page');
    expect(api.requests[0]?.query).toEqual({
      ...{ q: 'a page', task: 'web.fetch', outcome: 'verified', limit: '20' },
    });
    api.answers['GET /episodes'] = page([]);
    expect((await run('memory', 'search', 'zebra')).err).toContain('nothing matched');
  });
});
