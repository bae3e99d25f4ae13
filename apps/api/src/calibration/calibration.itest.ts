import { CalibrationResponse, ErrorKindList, parsePublicId } from '@goalkeeper/contracts';
import { CallRepository, MemoryRepository, newId, PlanStore } from '@goalkeeper/persistence';
import {
  aBeginCall,
  aDecision,
  aFinishCall,
  anObservation,
  aPlan,
  aPlanStep,
  createTestDatabase,
  type TestDatabase,
} from '@goalkeeper/testing';
import { startApi, type Api } from '../../test/harness';

let db: TestDatabase;
let api: Api;
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startApi(db.url);
}, 60_000);
afterAll(async () => {
  await api?.close();
  await db?.drop();
}, 30_000);

/** A goal with as many calls, each stated with this confidence; those at an index that `works` takes worked. */
async function calls(
  count: number,
  tool: string,
  confidence: number,
  works: (index: number) => boolean,
): Promise<void> {
  const { id } = (await api.call('POST', '/v1/goals', { json: { objective: tool } })).json;
  const ref = { tenantId: api.tenantId, goalId: parsePublicId('goal', id as string) ?? '' };
  const steps = Array.from({ length: count }, (_, index) => aPlanStep(`s${index}`));
  await new PlanStore(api.database, ref).save(aPlan(steps), null, { type: 'plan.proposed', data: {} });
  const store = new CallRepository(api.database, ref);
  for (const [index, step] of steps.entries()) {
    const outcome = works(index) ? 'success' : 'failure';
    const state = works(index) ? 'succeeded' : 'failed';
    await store.begin(aBeginCall(step, { tool, decision: aDecision(step.id, { confidence }) }));
    await store.finish(aFinishCall(step, { state, observation: anObservation(step.id, { tool, outcome }) }));
  }
}

const read = async (query = '', token = api.token) =>
  CalibrationResponse.parse((await api.call('GET', `/v1/calibration${query}`, { token })).json);

it('says that nothing is known yet', async () => {
  const report = await read();
  expect(report.confidence).toMatchObject({ decisions: 0, brier: null, skill: null });
  expect(report).toMatchObject({ tools: [], map: null });
});

it('compares what was stated with what happened, by tool, and fits a map that new goals take along', async () => {
  await calls(120, 'bold', 0.9, (index) => index % 2 === 0);
  await calls(120, 'meek', 0.2, (index) => index % 4 === 0);
  const before = await read();
  const brier = (0.5 * 0.01 + 0.5 * 0.81 + 0.25 * 0.64 + 0.75 * 0.04) / 2;
  expect(before.confidence).toMatchObject({ decisions: 240, baseRate: 0.375, brier: expect.closeTo(brier, 9) });
  expect(before.confidence.bins[9]).toMatchObject({ decisions: 120, stated: expect.closeTo(0.9, 9), seen: 0.5 });
  expect(before.tools).toMatchObject([
    { tool: 'bold', decisions: 120, seen: 0.5 },
    { tool: 'meek', decisions: 120, seen: 0.25 },
  ]);
  expect((await read('?tool=meek&limit=50')).confidence).toMatchObject({ decisions: 50 });
  const fitted = CalibrationResponse.parse((await api.call('POST', '/v1/calibration/fits')).json);
  expect(fitted.map?.knots.length).toBeGreaterThan(1);
  const seen = (fitted.map?.knots ?? []).map((knot) => knot.seen);
  expect([seen[0], seen.at(-1)]).toEqual([expect.closeTo(0.25, 1), expect.closeTo(0.5, 1)]);
  const ask = { words: 'x', task: null, limit: 1 };
  const ref = { tenantId: api.tenantId, goalId: newId() };
  const { calibration } = await new MemoryRepository(api.database).recall(ref, ask);
  expect(calibration).toMatchObject({ knots: fitted.map?.knots, decisions: 240 });
});

it('shows a tenant its own decisions alone, and refuses what it does not understand', async () => {
  expect((await read('', api.foreignToken)).confidence.decisions).toBe(0);
  expect((await read('', api.foreignToken)).map).toBeNull();
  expect((await api.call('GET', '/v1/calibration?limit=0')).status).toBe(400);
  expect((await api.call('GET', '/v1/calibration', { token: null })).status).toBe(401);
});

it('shows failed calls by kind of error, with what helped', async () => {
  const { id } = (await api.call('POST', '/v1/goals', { json: { objective: 'errors' } })).json;
  const ref = { tenantId: api.tenantId, goalId: parsePublicId('goal', id as string) ?? '' };
  const step = aPlanStep('busy');
  await new PlanStore(api.database, ref).save(aPlan([step]), null, { type: 'plan.proposed', data: {} });
  const store = new CallRepository(api.database, ref);
  const judged = { stepId: step.id, next: 'retry', reason: '', progress: 0, retryAfterMs: 0 } as const;
  for (const callNo of [1, 2, 3]) {
    const message = `queue ${callNo} is busy`;
    const error = { kind: 'explicit', duration: 'transient', code: 'net.busy', message } as const;
    const failed = anObservation(step.id, { tool: 'queue', outcome: 'failure', error });
    const observation = callNo < 3 ? failed : anObservation(step.id, { tool: 'queue' });
    const analyses = callNo > 1 ? [{ ...judged, callNo: callNo - 1 }] : [];
    await store.begin(aBeginCall(step, { callNo, tool: 'queue' }));
    const state = callNo < 3 ? 'failed' : 'succeeded';
    await store.finish(aFinishCall(step, { callNo, state, observation, analyses }));
  }
  const { data } = ErrorKindList.parse((await api.call('GET', '/v1/error-kinds')).json);
  expect(data).toMatchObject([
    {
      ...{
        tool: 'queue',
        template: 'queue <n> is busy',
        code: 'net.busy',
        kind: 'explicit',
        duration: 'transient',
        seen: 2,
      },
      recoveries: [{ move: 'retry', successes: 1, failures: 1 }],
    },
  ]);
  expect(
    ErrorKindList.parse((await api.call('GET', '/v1/error-kinds', { token: api.foreignToken })).json).data,
  ).toEqual([]);
});
