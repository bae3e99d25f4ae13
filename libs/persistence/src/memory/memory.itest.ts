import { plainWords } from '@goalkeeper/domain';
import { sample, string } from 'fast-check';
import { aLesson, openTestStore, type StoredGoal, type TestStore } from '@goalkeeper/testing';
import { ClosingRepository, type NewLesson } from '../goals/closing.repository';
import { openDatabase } from '../database/database';
import { newId } from '../ids';
import { MemoryRepository, type RecallQuery } from './memory.repository';

const log = { info: () => undefined, warn: () => undefined };

describe('memory', () => {
  let store: TestStore;
  let A: string;
  const recall = (query: Partial<RecallQuery> = {}) =>
    new MemoryRepository(store.database).recall(
      { tenantId: A, goalId: newId() },
      { words: '', task: null, limit: 10, ...query },
    );
  const close = (goal: StoredGoal, lesson: NewLesson) => {
    const { outcome } = lesson.episode;
    const verified = outcome === 'verified';
    const to = verified ? 'succeeded' : 'failed';
    return new ClosingRepository(store.database, goal).close({ to, reason: '', failure: null, verified, lesson });
  };
  const remember = async (objective: string, task = 'data.report', outcome: 'verified' | 'failed' = 'verified') => {
    const goal = await store.goal({ tenantId: A, objective });
    const told = { id: newId(), objective, task: { name: task, args: {} }, outcome, methods: { [task]: 'full' } };
    await close(goal, aLesson({ episode: told }));
    return { ...told, goalId: goal.goalId };
  };

  beforeAll(async () => (store = await openTestStore()));
  beforeEach(async () => (A = await store.addTenant()));
  afterAll(() => store.close());

  it('brings back goals that share words, in any form, and goals of the same task, best first', async () => {
    const stocks = await remember('compare the prices of stocks', 'data.compare');
    const weather = await remember('analyse the weather of Seattle by month');
    const films = await remember('summarise movies', 'data.report', 'failed');
    const { episodes } = await recall({ words: 'analysing weather in months', task: 'data.report' });
    expect(episodes).toEqual([
      { ...weather, rank: expect.any(Number) },
      { ...films, rank: 0 },
    ]);
    expect(episodes[0]?.rank).toBeGreaterThan(0);
    expect(episodes[1]).toMatchObject({ outcome: 'failed' });
    const byWord = await recall({ words: 'stock' });
    expect(byWord.episodes.map(({ id }) => id)).toEqual([stocks.id]);
    const one = await recall({ words: 'analysing weather in months', task: 'data.report', limit: 1 });
    expect(one.episodes.map(({ id }) => id)).toEqual([weather.id]);
  });

  it.each(['', '   ', `it's`, `a & b | !c :* <-> (`, `C:\\new\\table.csv 'quoted' "double"`, 'the of and', '\u0000'])(
    'takes %j as words, not as a query',
    async (words) => {
      await remember('another goal');
      expect((await recall({ words, limit: 3 })).episodes).toEqual([]);
    },
  );

  it('keeps words as the domain reads them: a path stands for its file', async () => {
    const told = [
      'look at ./a_b/prices_old.csv',
      'C:\\data\\New.Table.xlsx now',
      'sum 3.14 and v1.2.tar.gz',
      'http://x.de/y/Zürich.html?',
      'e.g. "../p.md".',
    ];
    const query = `SELECT gk_plain_words($1) AS words`;
    for (const words of [
      ...told,
      ...sample(string(), { numRuns: 200, seed: 7 }).filter((one) => !one.includes('\u0000')),
    ])
      expect([words, await store.database.system((tx) => tx.query(query, [words]))]).toEqual([
        words,
        [{ words: plainWords(words) }],
      ]);
    const old = await remember('analyse /srv/team/shared/prices_old.csv');
    const at = async (words: string) => (await recall({ words })).episodes.map(({ id }) => id);
    expect(await at('what do prices tell')).toEqual([old.id]);
    expect(await at('elsewhere/prices_old.json')).toEqual([old.id]);
    expect(await at('clean /srv/team/shared/members.csv')).toEqual([]);
  });

  it('finds odd words again', async () => {
    const odd = await remember(`read C:\\new\\table.csv and o'brien's list`);
    for (const words of [`C:\\new\\table.csv`, `o'brien`]) {
      const { episodes } = await recall({ words, limit: 3 });
      expect([words, episodes.map(({ id }) => id)]).toEqual([words, [odd.id]]);
    }
  });

  it('keeps one episode a goal and counts its lesson once, even where the goal came to life again', async () => {
    const goal = await store.goal({ tenantId: A });
    const tools = [{ tool: 'a', successes: 1, failures: 0, durationMs: 5 }];
    const lesson = aLesson({ tools, methods: [{ task: 't', method: 'm', successes: 1, failures: 0 }] });
    expect(await close(goal, lesson)).toBe(true);
    const before = await recall({ task: 'data.report' });
    await store.server.query(`UPDATE goal SET state = 'running', finished_at = NULL WHERE id = $1`, [goal.goalId]);
    expect(await close(goal, { ...lesson, episode: { ...lesson.episode, id: newId() } })).toBe(true);
    expect(await recall({ task: 'data.report' })).toEqual(before);
    expect(before.episodes.map(({ id }) => id)).toEqual([lesson.episode.id]);
    const told = (await store.events(goal)).map(({ type }) => type);
    expect(told).toEqual(['memory.written', 'goal.state_changed', 'goal.state_changed']);
  });

  it('loses no count when goals end at the same time, in whatever order they name their tools', async () => {
    const goals = await Promise.all(Array.from({ length: 20 }, () => store.goal({ tenantId: A })));
    await Promise.all(
      goals.map((goal, index) => {
        const deltas = ['a', 'b', 'c'].map((tool) => ({ tool, successes: 2, failures: 1, durationMs: 30 }));
        const methods = [
          { task: 'data.report', method: index % 2 ? 'full' : 'quick', successes: 1, failures: 0 },
          { task: 'data.report', method: index % 2 ? 'quick' : 'full', successes: 0, failures: 1 },
        ];
        return close(goal, aLesson({ tools: index % 2 ? deltas : deltas.reverse(), methods }));
      }),
    );
    const { toolStats, methodStats } = await recall();
    // Sixty calls, scaled to the thirty that a record counts for at most.
    const share = { successes: expect.closeTo(20, 2), failures: expect.closeTo(10, 2), meanDurationMs: 10 };
    expect(toolStats).toMatchObject(['a', 'b', 'c'].map((tool) => ({ tool, ...share })));
    const ten = { successes: expect.closeTo(10, 2), failures: expect.closeTo(10, 2) };
    expect(methodStats).toEqual([
      { task: 'data.report', method: 'full', ...ten },
      { task: 'data.report', method: 'quick', ...ten },
    ]);
  });

  it('loses not one of twenty goals that end at once, below what a record counts for at most', async () => {
    const goals = await Promise.all(Array.from({ length: 20 }, () => store.goal({ tenantId: A })));
    const deltas = ['a', 'b', 'c'].map((tool) => ({ tool, successes: 1, failures: 0, durationMs: 10 }));
    const methods = [{ task: 'data.report', method: 'full', successes: 1, failures: 0 }];
    const ended = goals.map((goal, index) =>
      close(goal, aLesson({ tools: index % 2 ? deltas : deltas.toReversed(), methods })),
    );
    expect(await Promise.all(ended)).toEqual(goals.map(() => true));
    const { toolStats, methodStats } = await recall();
    const all = { successes: expect.closeTo(20, 2), failures: 0 };
    expect(toolStats).toMatchObject(['a', 'b', 'c'].map((tool) => ({ tool, ...all })));
    expect(methodStats).toEqual([{ task: 'data.report', method: 'full', ...all }]);
    const [row] = await store.server.query('SELECT count(*)::integer AS episodes FROM episode WHERE tenant_id = $1', [
      A,
    ]);
    expect(row).toEqual({ episodes: 20 });
  });

  describe('records of methods', () => {
    const FULL = { task: 'data.report', method: 'full' };
    const add = async (successes: number, failures: number) => {
      const methods = [{ ...FULL, successes, failures }];
      await close(await store.goal({ tenantId: A }), aLesson({ tools: [], methods }));
    };
    /** As if the record had last been added to so many days from now. */
    const shift = (days: number) =>
      store.server.query(
        'UPDATE method_stat SET updated_at = now() + make_interval(days => $2::integer) WHERE tenant_id = $1',
        [A, days],
      );
    const counts = async () => {
      const [stat] = (await recall()).methodStats;
      return stat && [stat.successes, stat.failures];
    };
    const close2 = (...numbers: number[]) => numbers.map((one) => expect.closeTo(one, 2) as number);

    it('are halved every two weeks, and what is new counts whole', async () => {
      await add(8, 4);
      await shift(-14);
      expect(await counts()).toEqual(close2(4, 2));
      await add(1, 0);
      expect(await counts()).toEqual(close2(5, 2));
    });

    it('come to the same whichever of two goals is written first', async () => {
      await add(8, 0);
      await shift(-14);
      await add(0, 6);
      const forward = await counts();
      A = await store.addTenant();
      await add(0, 6);
      await shift(14); // the later goal was there first
      await add(8, 0);
      const [stored] = await store.server.query<{ successes: number; failures: number }>(
        'SELECT successes, failures FROM method_stat WHERE tenant_id = $1',
        [A],
      );
      expect([stored?.successes, stored?.failures]).toEqual(close2(4, 6));
      expect(forward).toEqual(close2(4, 6));
    });

    it('count for thirty goals at most, and a success never lowers the share of successes', async () => {
      const shareOf = async () => {
        const [successes = 0, failures = 0] = (await counts()) ?? [];
        expect(successes + failures).toBeLessThanOrEqual(30.001);
        return successes / (successes + failures);
      };
      await add(5, 25);
      await add(5, 25);
      let share = await shareOf();
      for (let goals = 0; goals < 20; goals += 1) {
        await add(1, 0);
        const now = await shareOf();
        expect(now).toBeGreaterThanOrEqual(share - 1e-4);
        share = now;
      }
      expect(share).toBeGreaterThan(0.5); // plain sums would still say 30 of 80
    });

    it('are there again after a restart', async () => {
      await add(3, 1);
      const before = await counts();
      const again = await openDatabase({
        url: store.server.url,
        applicationName: 'again',
        poolSize: 1,
        migrate: true,
        log,
      });
      try {
        const query = { words: '', task: null, limit: 10 };
        const { methodStats } = await new MemoryRepository(again).recall({ tenantId: A, goalId: newId() }, query);
        expect(methodStats.map(({ successes, failures }) => [successes, failures])).toEqual([
          close2(...(before ?? [])),
        ]);
      } finally {
        await again.close();
      }
    });
  });

  it('knows nothing of a tenant that did nothing yet', async () => {
    expect(await recall({ words: 'goal', task: 'data.report' })).toEqual({
      episodes: [],
      toolStats: [],
      methodStats: [],
      calibration: null,
      learned: { snapshotId: null, arm: 'on', lessons: [] },
    });
  });
});
