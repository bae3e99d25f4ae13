import { aGoal, createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import type { EntityManager } from 'typeorm';
import { openDatabase, type Database } from '../database/database';
import { GoalRepository } from '../goals/goal.repository';
import { newId } from '../ids';
import { TenantRepository } from '../tenants/tenant.repository';
import { MemoryRepository } from './memory.repository';

const log = { info: () => undefined, warn: () => undefined };

describe('memory', () => {
  let server: TestDatabase;
  let database: Database;
  let A: string;
  const memory = <T>(work: (repository: MemoryRepository, tx: EntityManager) => Promise<T>) =>
    database.tenant(A, (tx) => work(new MemoryRepository(tx), tx));
  const remember = async (objective: string, task = 'data.report', outcome: 'verified' | 'failed' = 'verified') => {
    const goal = aGoal({ tenantId: A, objective });
    const episode = {
      id: newId(),
      goalId: goal.id,
      objective,
      task: { name: task, args: {} },
      outcome,
      methods: { [task]: 'full' },
    };
    await memory(async (repository, tx) => {
      await new GoalRepository(tx).accept(goal, []);
      await repository.addEpisode(episode);
    });
    return episode;
  };

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 10, migrate: true, log });
  });
  beforeEach(async () => {
    A = newId();
    await database.tenant(A, (tx) => new TenantRepository(tx).add({ id: A, name: 'A' }));
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('brings back goals that share words, in any form, and goals of the same task, best first', async () => {
    const stocks = await remember('compare the prices of stocks', 'data.compare');
    const weather = await remember('analyse the weather of Seattle by month');
    const films = await remember('summarise movies', 'data.report', 'failed');
    const found = await memory((repository) =>
      repository.recallCandidates({ words: 'analysing weather in months', task: 'data.report', limit: 10 }),
    );
    expect(found.map(({ id }) => id)).toEqual([weather.id, films.id]);
    expect(found[0]).toMatchObject({ ...weather, rank: expect.any(Number), finishedAt: expect.any(Date) });
    expect(found[0]?.rank).toBeGreaterThan(0);
    expect(found[1]).toMatchObject({ outcome: 'failed', rank: 0 });
    const byWord = await memory((repository) => repository.recallCandidates({ words: 'stock', task: null, limit: 10 }));
    expect(byWord.map(({ id }) => id)).toEqual([stocks.id]);
  });

  it.each(['', '   ', `it's`, `a & b | !c :* <-> (`, `C:\\new\\table.csv 'quoted' "double"`, 'the of and', '\u0000'])(
    'takes %j as words, not as a query',
    async (words) => {
      await remember('another goal');
      const found = await memory((repository) => repository.recallCandidates({ words, task: null, limit: 3 }));
      expect(found).toEqual([]);
    },
  );

  it('finds odd words again', async () => {
    const odd = await remember(`read C:\\new\\table.csv and o'brien's list`);
    for (const words of [`C:\\new\\table.csv`, `o'brien`]) {
      const found = await memory((repository) => repository.recallCandidates({ words, task: null, limit: 3 }));
      expect([words, found.map(({ id }) => id)]).toEqual([words, [odd.id]]);
    }
  });

  it('keeps one episode a goal', async () => {
    const episode = await remember('once');
    expect(await memory((repository) => repository.addEpisode({ ...episode, id: newId() }))).toBe(false);
  });

  it('loses no count when goals end at the same time, in whatever order they name their tools', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        memory(async (repository) => {
          const deltas = ['a', 'b', 'c'].map((tool) => ({ tool, successes: 2, failures: 1, durationMs: 30 }));
          await repository.bumpToolStats(index % 2 ? deltas : deltas.reverse());
          await repository.bumpMethodStats([
            { task: 'data.report', method: index % 2 ? 'full' : 'quick', successes: 1, failures: 0 },
            { task: 'data.report', method: index % 2 ? 'quick' : 'full', successes: 0, failures: 1 },
          ]);
        }),
      ),
    );
    expect(await memory((repository) => repository.toolStats(['a', 'c', 'never']))).toEqual([
      { tool: 'a', successes: 40, failures: 20, meanDurationMs: 10 },
      { tool: 'c', successes: 40, failures: 20, meanDurationMs: 10 },
    ]);
    expect(await memory((repository) => repository.methodStats('data.report'))).toEqual([
      { task: 'data.report', method: 'full', successes: 10, failures: 10 },
      { task: 'data.report', method: 'quick', successes: 10, failures: 10 },
    ]);
  });
});
