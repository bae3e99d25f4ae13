import { openTestStore, type StoredGoal, type TestStore } from '@goalkeeper/testing';
import { type LocalRoom, localRoom } from '../../data/testing/local-room';
import { runResearch } from '../testing/run-research';

jest.setTimeout(120_000);

let store: TestStore;
let room: LocalRoom;
let ref: StoredGoal;

beforeAll(async () => {
  store = await openTestStore(4);
  room = localRoom();
  room.write('handbook.md', 'Managers approve leave within five working days.\n\nGoods are returned within 30 days.\n');
});
afterAll(async () => {
  room.remove();
  await store.close();
});
beforeEach(async () => (ref = await store.goal()));

const ask = (question: string, sources: string[]) =>
  store.database.tenant(ref.tenantId, (tx) =>
    runResearch(room, { ...ref, query: (sql, parameters) => tx.query(sql, parameters) }, { question, sources }),
  );

describe('the passages in the store', () => {
  const counts = async (): Promise<unknown[]> =>
    store.server.query(
      `SELECT (SELECT count(*)::int FROM research_corpus WHERE goal_id = $1) AS corpora,
         (SELECT count(*)::int FROM research_passage WHERE goal_id = $1) AS passages,
         (SELECT count(*)::int FROM research_term WHERE goal_id = $1) AS terms`,
      [ref.goalId],
    );

  it('go with the end of their goal', async () => {
    await ask('Who approves leave?', ['handbook.md']);
    expect(await counts()).not.toMatchObject([{ passages: 0 }]);
    await store.server.query(`UPDATE goal SET state = 'failed', finished_at = now() WHERE id = $1`, [ref.goalId]);
    expect(await counts()).toEqual([{ corpora: 0, passages: 0, terms: 0 }]);
  });

  it('are seen by their tenant alone', async () => {
    await ask('Who approves leave?', ['handbook.md']);
    const other = await store.addTenant();
    const seen = await store.database.tenant(other, async (tx) => [
      ...(await tx.query<unknown[]>('SELECT FROM research_passage')),
      ...(await tx.query<unknown[]>('SELECT FROM research_corpus')),
      ...(await tx.query<unknown[]>('SELECT FROM research_term')),
      ...(await tx.query<unknown[]>(`SELECT * FROM gk_research_search($1, (SELECT '' || $2::text), 'leave', 5)`, [
        ref.goalId,
        (
          await store.server.query<{ corpus: string }>('SELECT corpus FROM research_corpus WHERE goal_id = $1', [
            ref.goalId,
          ])
        )[0]?.corpus,
      ])),
    ]);
    expect(seen).toEqual([]);
  });

  it('are counted once however often the call is repeated', async () => {
    await ask('Who approves leave?', ['handbook.md']);
    const once = await counts();
    await ask('Who approves leave?', ['handbook.md']);
    expect(await counts()).toEqual(once);
  });

  it('are scored by BM25 as it is written down', async () => {
    room.write('scores.txt', 'apple apple pear\n\napple plum plum plum plum\n\nfig fig fig\n');
    await ask('apple plum', ['scores.txt']);
    const [{ corpus = '' } = {}] = await store.server.query<{ corpus: string }>(
      'SELECT corpus FROM research_corpus WHERE goal_id = $1',
      [ref.goalId],
    );
    const found = await store.inTenant((tx) =>
      tx.query<{ body: string; score: number }[]>('SELECT body, score FROM gk_research_search($1, $2, $3, 5)', [
        ref.goalId,
        corpus,
        'apple plum',
      ]),
    );
    const idf = (n: number): number => Math.log(1 + (3 - n + 0.5) / (n + 0.5));
    const part = (times: number, length: number, n: number): number =>
      (idf(n) * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length) / (11 / 3)));
    expect(found.map(({ body }) => body)).toEqual(['apple plum plum plum plum', 'apple apple pear']);
    expect(found[0]?.score).toBeCloseTo(part(1, 5, 2) + part(4, 5, 1), 9);
    expect(found[1]?.score).toBeCloseTo(part(2, 3, 2), 9);
  });
});
