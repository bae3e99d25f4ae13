import {
  aBeginCall,
  aFinishCall,
  aPlan,
  aPlanStep,
  openTestStore,
  type StoredGoal,
  type TestStore,
} from '@goalkeeper/testing';
import fc from 'fast-check';
import { newId } from '../ids';
import { CallRepository, GoalStoppedError } from '../observation/call.repository';
import { VerificationStore } from '../observation/verification.repository';
import { PlanStore } from '../planning/plan.repository';
import { json } from '../sql';
import { type FunctionName, toStatement, toText } from './functions';

const ATTACK = `'; DROP TABLE goal; --`;
const HOSTILE = [
  ATTACK,
  `\\'; DROP TABLE goal; --`,
  `' || (SELECT 1/0) || '`,
  `'), ('`,
  `''''`,
  `"double" and 'single' and \`back\``,
  `C:\\new\\table\\u0000.csv`,
  '\\',
  '\\\\',
  `ends with a backslash\\`,
  `E'\\x27'`,
  '$$ $1 $tag$ :name ? %s',
  '/* open -- comment',
  'line\nfeed\r\ttab',
  'nul \0 in the middle',
  'half \ud800 and \udfff, whole \ud83d\ude00',
  '',
];
const NAMES: readonly string[] = ['gk_echo'];
const [ECHO] = NAMES as readonly [FunctionName];

/** What of an input can be stored. */
const storable = (input: object): unknown => JSON.parse(json(input) ?? 'null');

describe('a function of the database as text', () => {
  let store: TestStore;
  const ids = { tenantId: newId(), goalId: newId() };
  const asText = async (input: object) => {
    const [found] = await store.server.query<{ answer: unknown }>(toText({ name: ECHO, ...ids, input }));
    return found?.answer;
  };
  const asStatement = async (input: object) => {
    const { text, values } = toStatement({ name: ECHO, ...ids, input });
    const [found] = await store.server.query<{ answer: unknown }>(text, values);
    return found?.answer;
  };
  const isStanding = async () => {
    const [found] = await store.server.query<{ standing: boolean }>(
      `SELECT to_regclass('goal') IS NOT NULL AS standing`,
    );
    return found?.standing;
  };

  beforeAll(async () => {
    store = await openTestStore(1);
    await store.server.query(`CREATE FUNCTION gk_echo(uuid, uuid, said jsonb) RETURNS jsonb LANGUAGE sql RETURN said`);
  });
  afterAll(() => store.close());

  it.each(HOSTILE)('takes %j as a value, in every place, as a parameter would', async (word) => {
    const input = { word, [word]: [word, { [word]: word }], 'quoted ': JSON.stringify(word) };
    expect(await asText(input)).toEqual(storable(input));
    expect(await asStatement(input)).toEqual(storable(input));
    expect(await isStanding()).toBe(true);
  });

  it('takes no backslash for an escape, not even where the server would', async () => {
    await store.server.query('SET standard_conforming_strings = off');
    for (const word of HOSTILE) expect(await asText({ word })).toEqual(storable({ word }));
    await store.server.query('RESET standard_conforming_strings');
    expect(await isStanding()).toBe(true);
  });

  it('takes NUL and half characters as U+FFFD, and leaves their escaped look alone', async () => {
    expect(await asText({ word: 'nul \0, half \ud800, look \\u0000' })).toEqual({
      word: 'nul \ufffd, half \ufffd, look \\u0000',
    });
  });

  it('takes any value whatever as a parameter would', async () => {
    const value = fc.jsonValue({ stringUnit: 'binary', noUnicodeString: false });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ unit: 'binary' }), value), async (input) => {
        expect(await asText(input)).toEqual(await asStatement(input));
      }),
      { numRuns: 200 },
    );
  });

  it.each([ATTACK, `\\${ATTACK}`, `nul \0${ATTACK}`])('refuses %j as the id of a tenant or a goal', async (id) => {
    const perform = (told: Partial<typeof ids>) =>
      store.database.perform({ name: 'gk_work_done', ...ids, input: {}, ...told });
    const framed = (told: Partial<typeof ids>) =>
      store.database.framed(
        { call: { name: 'gk_work_done', ...ids, input: {}, ...told }, statementMs: 30_000 },
        async () => ({
          result: 'reached',
          closing: null,
        }),
      );
    for (const run of [perform, framed]) {
      await expect(run({ tenantId: id })).rejects.toThrow();
      await expect(run({ goalId: id })).rejects.toThrow();
      expect(await run(ids)).toEqual(run === framed ? 'reached' : { outputs: {}, produced: [] });
    }
    expect(await isStanding()).toBe(true);
  });

  it.each(HOSTILE)('brings %j through a frame and back', async (word) => {
    const step = aPlanStep('write');
    const goal = await store.planned([step]);
    const calls = new CallRepository(store.database, goal);
    const event = { type: 'said', data: { word } };
    await calls.within(aBeginCall(step, { args: { word }, idempotencyKey: word }), async () => ({
      result: null,
      finish: aFinishCall(step, { output: { word }, eventsAfter: [event] }),
    }));
    const kept = storable({ word });
    expect(await calls.outputs([step.id])).toEqual({ [step.id]: kept });
    expect(await store.calls(goal)).toMatchObject([{ args: kept }]);
    expect((await store.events(goal)).at(-1)).toMatchObject({ type: 'said', data: kept });
  });
});

describe('two tenants on one connection', () => {
  let store: TestStore;
  const step = aPlanStep('write');
  /** The one connection, and whom it is bound to outside of every transaction. */
  const connection = async () => {
    const sql = `SELECT pg_backend_pid() AS pid, coalesce(current_setting('gk.tenant', true), '') AS bound`;
    const [found] = await store.database['source'].query<{ pid: number; bound: string }[]>(sql);
    return found;
  };
  const calls = (goal: StoredGoal) => new CallRepository(store.database, goal);
  const both = async (): Promise<[StoredGoal, StoredGoal]> => [
    await store.planned([step]),
    await store.planned([step], { tenantId: await store.addTenant() }),
  ];
  const refused = {
    events: { first: { type: 'step.started', data: {} }, again: { type: 'again', data: {} } },
    refuseWhen: ['running'],
  } as const;

  beforeAll(async () => (store = await openTestStore(1)));
  afterAll(() => store.close());

  it('see their own rows alone, however their functions and frames follow each other', async () => {
    const goals = await both();
    const [before] = [await connection()];
    const seen = await Promise.all(
      Array.from({ length: 40 }, (_, turn) => {
        const goal = goals[turn % 2] ?? goals[0];
        const other = goals[(turn + 1) % 2] ?? goals[1];
        const call = aBeginCall(step, { callNo: 1 + Math.floor(turn / 4) });
        const look = `SELECT count(*)::integer AS goals, count(*) FILTER (WHERE id = $1)::integer AS own FROM goal`;
        return turn % 4 < 2
          ? calls(goal).within(call, async (_begun, tx) => {
              void calls(other).outputs([step.id]); // waits for the connection until this frame is over
              return { result: await tx.query(look, [goal.goalId]), finish: null };
            })
          : new PlanStore(store.database, goal).state([]).then(({ latest }) => latest);
      }),
    );
    expect(seen).toEqual(seen.map((_, turn) => (turn % 4 < 2 ? [{ goals: 1, own: 1 }] : aPlan([step]))));
    expect(await connection()).toEqual({ pid: before?.pid, bound: '' });
  });

  it('leave no binding behind, whether their work is stored, refused or thrown away', async () => {
    const [mine, other] = await both();
    const start = await connection();
    expect(start?.bound).toBe('');
    const ways: readonly [string, () => Promise<unknown>][] = [
      ['a function', () => calls(mine).outputs([step.id])],
      ['a function that refuses', () => calls(other).begin(aBeginCall(step, refused))],
      ['a function that breaks', () => new VerificationStore(store.database, mine).save({} as never)],
      [
        'a frame that is stored',
        () => calls(mine).within(aBeginCall(step), async () => ({ result: 1, finish: aFinishCall(step) })),
      ],
      ['a frame of nothing', () => calls(other).within(aBeginCall(step), async () => ({ result: 1, finish: null }))],
      ['a frame that throws', () => calls(other).within(aBeginCall(step), () => Promise.reject(new Error('crash')))],
      [
        'a frame that cannot open',
        () => calls(other).within(aBeginCall(step, refused), async () => ({ result: 1, finish: null })),
      ],
      [
        'a frame that is refused',
        () =>
          calls(other).within(aBeginCall(step), async () => ({
            result: 1,
            finish: aFinishCall(step, { refuseWhen: ['running'] }),
          })),
      ],
      [
        'a frame of a goal of another',
        () =>
          calls({ ...mine, tenantId: other.tenantId }).within(aBeginCall(step), async () => ({
            result: 1,
            finish: null,
          })),
      ],
    ];
    const ends: [string, string][] = [];
    for (const [what, run] of ways) {
      const end = await run().then(
        () => 'done',
        (error: Error) => (error instanceof GoalStoppedError ? 'refused' : 'thrown'),
      );
      ends.push([what, end]);
      expect([what, await connection()]).toEqual([what, start]);
    }
    expect(ends.map(([, end]) => end)).toEqual([
      ...['done', 'refused', 'thrown', 'done', 'done', 'thrown', 'refused', 'refused', 'thrown'],
    ]);
  });
});
