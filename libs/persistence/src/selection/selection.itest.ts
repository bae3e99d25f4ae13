import {
  calibrationReport,
  contextOf,
  type Decision,
  fitCalibration,
  type Learned,
  type Observation,
  type PlanStep,
  selectAction,
  type ToolDescriptor,
  whatAGoalTeaches,
} from '@goalkeeper/domain';
import {
  aBeginCall,
  aFinishCall,
  aLesson,
  anObservation,
  aPlanStep,
  openTestStore,
  type StoredGoal,
  type TestStore,
} from '@goalkeeper/testing';
import { seededRandom } from '../../../testing/src/system/random';
import { ClosingRepository } from '../goals/closing.repository';
import { newId } from '../ids';
import { ErasureRepository } from '../learning/erasure.repository';
import { MemoryRepository } from '../memory/memory.repository';
import { CallRepository } from '../observation/call.repository';
import { CalibrationRepository } from './calibration.repository';

const seed = Number(process.env.GK_SEED ?? 20261123);

/** How often each tool works, and what it costs; each step has its own tools. */
const WORLD: Readonly<Record<string, Readonly<Record<string, { works: number; ms: number; costUsd: number }>>>> = {
  solid: { 'solid.only': { works: 0.97, ms: 30, costUsd: 0 } },
  shaky: { 'shaky.old': { works: 0.55, ms: 90, costUsd: 0 }, 'shaky.new': { works: 0.9, ms: 300, costUsd: 0.01 } },
  hopeless: { 'hopeless.only': { works: 0.08, ms: 900, costUsd: 0 } },
  twin: { 'twin.left': { works: 0.92, ms: 40, costUsd: 0 }, 'twin.right': { works: 0.85, ms: 20, costUsd: 0 } },
};
const NAMES = Object.keys(WORLD);
const toolsOf = (name: string) => Object.entries(WORLD[name] ?? {});
const stepOf = (name: string, goal: number): PlanStep =>
  aPlanStep(name, {
    args: { source: goal % 2 === 0 ? 'a.csv' : 'b.json' },
    tools: toolsOf(name).map(([tool]) => ({ tool, args: {} })),
  });
const TOOLS: readonly ToolDescriptor[] = NAMES.flatMap((name) =>
  toolsOf(name).map(([tool, { costUsd }]) => ({
    ...{ name: tool, version: '1.0.0', summary: tool, kind: 'real', effect: 'pure' },
    ...{ boundMs: 1000, timeoutMs: 5000, costUsd },
  })),
);
const learned: Learned = { snapshotId: null, arm: 'on', lessons: [] };

describe('choices and what became of them', () => {
  let store: TestStore;
  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  const recall = (tenantId: string) =>
    new MemoryRepository(store.database).recall({ tenantId, goalId: newId() }, { words: '', task: null, limit: 1 });
  const decide = async (ref: StoredGoal, step: PlanStep): Promise<Decision> => {
    const { toolStats: stats, calibration } = await recall(ref.tenantId);
    const input = { goalId: ref.goalId, step, tools: TOOLS, episodes: [], banned: [], facts: [] };
    return selectAction({ ...input, stats, calibration, learned, nowMs: 0 });
  };
  const close = async (ref: StoredGoal, steps: readonly PlanStep[], seen: readonly Observation[], verified = true) => {
    const plan = { task: { name: 't', args: {} }, choices: [], steps };
    const { tools } = whatAGoalTeaches({ plan, observations: seen, verified });
    const end = verified ? 'succeeded' : 'failed';
    const lesson = aLesson({ tools });
    await new ClosingRepository(store.database, ref).close({ to: end, reason: '', failure: null, verified, lesson });
  };
  const observed = (step: PlanStep, tool: string, worked: boolean, more: Partial<Observation> = {}) =>
    anObservation(step.id, { tool, outcome: worked ? 'success' : 'failure', durationMs: 100, ...more });

  it('fade by half in two weeks, and keep what two goals add at once', async () => {
    const tenantId = await store.addTenant();
    const step = stepOf('solid', 0);
    const goals = await Promise.all(Array.from({ length: 12 }, () => store.goal({ tenantId })));
    await Promise.all(goals.map((goal) => close(goal, [step], [observed(step, 'solid.only', true)])));
    const kept = (await recall(tenantId)).toolStats;
    expect(kept).toMatchObject([
      { tool: 'solid.only', successes: 12, failures: 0, meanDurationMs: 100 },
      { tool: 'solid.only', context: contextOf(step), successes: 12, failures: 0 },
    ]);
    await store.server.query(`UPDATE tool_stat SET updated_at = updated_at - interval '14 days' WHERE tenant_id = $1`, [
      tenantId,
    ]);
    expect((await recall(tenantId)).toolStats).toMatchObject([
      { successes: expect.closeTo(6, 3), failures: 0, meanDurationMs: 100 },
      { successes: expect.closeTo(6, 3), failures: 0 },
    ]);
    await close(await store.goal({ tenantId }), [step], [observed(step, 'solid.only', true)]);
    expect((await recall(tenantId)).toolStats[0]).toMatchObject({
      successes: expect.closeTo(7, 3),
      failures: 0,
      meanLogMs: expect.closeTo(Math.log(100), 3),
    });
  });

  it('lose the share of a goal that is erased in the contexts it had, and no other', async () => {
    const tenantId = await store.addTenant();
    const [csv, json] = [stepOf('solid', 0), stepOf('solid', 1)];
    const seen = [observed(csv, 'solid.only', true, { measures: { rows: 7 } })];
    await close(await store.goal({ tenantId }), [json], [observed(json, 'solid.only', false)]);
    const alone = (await recall(tenantId)).toolStats;
    await close(await store.goal({ tenantId }), [csv], seen);
    await store.server.query(`UPDATE tool_stat SET updated_at = updated_at - interval '14 days' WHERE tenant_id = $1`, [
      tenantId,
    ]);
    await close(await store.goal({ tenantId }), [json], [observed(json, 'solid.only', false)]);
    const taught = whatAGoalTeaches({
      plan: { task: { name: 't', args: {} }, choices: [], steps: [csv] },
      ...{ observations: seen, verified: true },
    });
    const erase = (atMs: number) =>
      store.database.tenant(tenantId, (tx) => new ErasureRepository(tx).subtract(taught, atMs));
    await erase(Date.now() - 14 * 86_400_000);
    const left = (await recall(tenantId)).toolStats;
    // A success where only failures were known casts doubt on part of those, and stays cast when it is erased.
    const failures = expect.closeTo(1.5, 0);
    expect(left).toEqual([
      expect.objectContaining({ tool: 'solid.only', successes: expect.closeTo(0, 2), failures }),
      expect.objectContaining({ context: contextOf(csv), successes: 0, failures: 0 }),
      expect.objectContaining({ context: contextOf(json), successes: 0, failures }),
    ]);
    expect(left[0]).toMatchObject({ meanLogMs: expect.closeTo(alone[0]?.meanLogMs ?? NaN, 1) });
    expect(left.map(({ samples }) => samples)).toEqual([undefined, undefined, undefined]);
    await erase(Date.now());
    expect((await recall(tenantId)).toolStats[0]).toMatchObject({ successes: 0, failures });
  });

  it('never make a tool less trusted by a success, however full its record', async () => {
    const tenantId = await store.addTenant();
    const step = stepOf('solid', 1);
    const trust = async () => {
      const { candidates } = await decide(await store.goal({ tenantId }), step);
      return candidates[0]?.factors?.mean ?? 0;
    };
    let before = await trust();
    for (let n = 0; n < 55; n += 1) {
      const worked = n % 3 !== 0;
      await close(await store.goal({ tenantId }), [step], [observed(step, 'solid.only', worked)]);
      const after = await trust();
      expect(worked ? after >= before - 1e-4 : after <= before + 1e-4).toBe(true);
      before = after;
    }
    const [{ successes = 0, failures = 0 } = {}] = (await recall(tenantId)).toolStats;
    // Thirty at most; what contradicts the record takes part of it away.
    expect(successes + failures).toBeLessThanOrEqual(30);
    expect(successes + failures).toBeGreaterThan(10);
  });

  it('count transient failures in a row over goals until something works, verified or not', async () => {
    const tenantId = await store.addTenant();
    const step = stepOf('solid', 0);
    const busy = { error: { kind: 'explicit', duration: 'transient', code: 'net.busy', message: 'busy' } } as const;
    const failing = async () => (await recall(tenantId)).toolStats[0]?.failing;
    const end = async (calls: readonly Observation[], verified = false) =>
      close(await store.goal({ tenantId }), [step], calls, verified);
    await end([observed(step, 'solid.only', false, busy), observed(step, 'solid.only', false, busy)]);
    await end([observed(step, 'solid.only', false, busy)]);
    expect(await failing()).toBe(3);
    await end([observed(step, 'solid.only', true), observed(step, 'solid.only', false, busy)]);
    expect(await failing()).toBe(1);
    await end([observed(step, 'solid.only', true)]);
    expect(await failing()).toBeUndefined();
  });

  it('keep the newest values of what calls returned', async () => {
    const tenantId = await store.addTenant();
    const step = stepOf('solid', 0);
    for (let n = 1; n <= 14; n += 1) {
      const seen = observed(step, 'solid.only', true, { measures: { $ms: n, rows: n * 10 } });
      await close(await store.goal({ tenantId }), [step], [seen]);
    }
    expect((await recall(tenantId)).toolStats[0]?.samples).toEqual({
      $ms: [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4],
      rows: [140, 130, 120, 110, 100, 90, 80, 70, 60, 50, 40],
    });
  });

  it('state confidences that turn out right over 1,000 decisions, and can be computed again in SQL', async () => {
    process.stdout.write(`seed ${seed}\n`);
    const random = seededRandom(seed);
    const tenantId = await store.addTenant();
    const inTenant = <T>(work: (calibration: CalibrationRepository) => Promise<T>) =>
      store.database.tenant(tenantId, (tx) => work(new CalibrationRepository(tx)));
    for (let goal = 0; goal < 250; goal += 1) {
      const steps = NAMES.map((name) => stepOf(name, goal));
      const ref = await store.planned(steps, { tenantId });
      const calls = new CallRepository(store.database, ref);
      const seen: Observation[] = [];
      for (const [index, step] of steps.entries()) {
        const decision = await decide(ref, step);
        const tool = decision.chosen?.tool ?? '';
        const { works = 0, ms = 0 } = WORLD[NAMES[index] ?? '']?.[tool] ?? {};
        const worked = random() < works;
        await calls.begin(aBeginCall(step, { decision, tool }));
        const observation = observed(step, tool, worked, { durationMs: Math.round(ms * (0.5 + random())) });
        await calls.finish(aFinishCall(step, { observation, state: worked ? 'succeeded' : 'failed' }));
        seen.push(observation);
      }
      await close(ref, steps, seen);
      if (goal % 100 === 99)
        await inTenant(async (calibration) => {
          const map = fitCalibration(await calibration.ended(5000));
          if (map) await calibration.save(map);
        });
    }
    const ended = await inTenant((calibration) => calibration.ended(5000));
    const report = calibrationReport(ended.map(({ confidence, worked }) => ({ stated: confidence, worked })));
    process.stdout.write(`${JSON.stringify({ ...report, bins: undefined })}\n`);
    expect(report.decisions).toBe(1000);
    expect(report.brier).toBeLessThanOrEqual(0.15);
    expect(report.reliabilityError).toBeLessThanOrEqual(0.05);
    expect(report.skill).toBeGreaterThan(0.1);
    const wrong = await store.server.query(RECOMPUTED, [tenantId]);
    expect(wrong.slice(0, 3)).toEqual([]);
    const tampered = `UPDATE decision SET body = jsonb_set(body, '{candidates,0,factors,p}', to_jsonb(0.99))
      WHERE tenant_id = $1 AND step_id = $2 AND goal_id = (SELECT min(goal_id::text)::uuid FROM decision WHERE tenant_id = $1)`;
    await store.server.query(tampered, [tenantId, 'hopeless#0']);
    expect(await store.server.query(RECOMPUTED, [tenantId])).toMatchObject([{ step_id: 'hopeless#0' }]);
    const [counts] = await store.server.query(COUNTED, [tenantId]);
    expect(counts).toEqual({ candidates: 1500, chosen: 1000, sampled: expect.any(Number) });
    expect((counts as { sampled: number }).sampled).toBeGreaterThan(500);
  }, 300_000);
});

const FACTORS = `
  SELECT d.goal_id, d.step_id, (d.body->'chosen'->>'bindingIndex')::integer AS chosen, (c->>'bindingIndex')::integer AS index,
    (c->>'score')::double precision AS score, f.*
  FROM decision d, jsonb_array_elements(d.body->'candidates') AS c, jsonb_to_record(c->'factors') AS f (
    successes double precision, failures double precision, "priorSuccesses" double precision, "priorFailures" double precision,
    "backOff" double precision, "toolSuccesses" double precision, "toolFailures" double precision,
    "toolPriorSuccesses" double precision, "toolPriorFailures" double precision, "toolMean" double precision,
    "lessonSuccesses" double precision, "lessonFailures" double precision, repair double precision, mean double precision,
    draw double precision, p double precision, value double precision, "costUsd" double precision,
    "costWeight" double precision, "costCalls" double precision, "meanCostUsd" double precision,
    "declaredCostUsd" double precision, "expectedSeconds" double precision, "latencyWeight" double precision,
    "contextCalls" double precision, "contextSeconds" double precision, "toolCalls" double precision,
    "toolSeconds" double precision, "boundSeconds" double precision, risk double precision, penalty double precision)
  WHERE d.tenant_id = $1`;

const COUNTED = `
  WITH f AS (${FACTORS})
  SELECT count(*)::integer AS candidates, count(DISTINCT (goal_id, step_id))::integer AS chosen,
    (count(*) FILTER (WHERE draw > 0))::integer AS sampled FROM f`;

/**
 * Every stored number from the numbers below it, up to the choice itself; a sampled p by integrating its Beta density (400 midpoints) up
 * to it, or, where the density has a pole, from that end: with u = y^c the pole is gone. Rows are what does not agree.
 */
const RECOMPUTED = `
  WITH f AS (${FACTORS}), again AS (
    SELECT *, ("toolPriorSuccesses" + "toolSuccesses")
        / ("toolPriorSuccesses" + "toolSuccesses" + "toolPriorFailures" + "toolFailures") AS tool_mean,
      "priorSuccesses" + successes AS a, "priorFailures" + failures AS b FROM f
  ), terms AS (
    SELECT *, repair * a / (a + b) AS mean_again,
      ("costCalls" * "meanCostUsd" + "declaredCostUsd") / ("costCalls" + 1) AS cost_again,
      ("contextCalls" * "contextSeconds" + "backOff" * ("toolCalls" * "toolSeconds" + "boundSeconds") / ("toolCalls" + 1))
        / ("contextCalls" + "backOff") AS seconds_again,
      CASE WHEN draw > 0 AND least(a, b) >= 1 THEN (
        SELECT sum(exp((a - 1) * ln(x) + (b - 1) * ln(1 - x) + lgamma(a + b) - lgamma(a) - lgamma(b))) * p / 400
        FROM generate_series(0, 399) AS n, LATERAL (SELECT p * (n + 0.5) / 400 AS x) AS at)
      WHEN draw > 0 THEN (SELECT CASE WHEN a >= b THEN 1 - share ELSE share END FROM (
        SELECT sum((1 - y * ((n + 0.5) / 400) ^ (1 / c)) ^ (d - 1)) / 400 * exp(c * ln(y) - ln(c) + lgamma(a + b) - lgamma(a) - lgamma(b)) AS share
        FROM generate_series(0, 399) AS n, LATERAL (SELECT CASE WHEN a >= b THEN 1 - p ELSE p END AS y, least(a, b) AS c, greatest(a, b) AS d) AS nearer
        GROUP BY y, c) AS integral) END AS below
    FROM again
  ), scores AS (
    SELECT *, p * value - "costWeight" * cost_again - "latencyWeight" * seconds_again - risk - penalty AS score_again FROM terms
  )
  SELECT s.* FROM scores s WHERE abs(tool_mean - "toolMean") > 1e-9
    OR abs("backOff" * tool_mean + "lessonSuccesses" - "priorSuccesses") > 1e-9
    OR abs("backOff" * (1 - tool_mean) + "lessonFailures" - "priorFailures") > 1e-9
    OR abs(mean_again - mean) > 1e-9 OR (draw = 0 AND p <> mean) OR abs(below - draw) > 0.01
    OR abs(cost_again - "costUsd") > 1e-9 OR abs(seconds_again - "expectedSeconds") > 1e-9 OR abs(score_again - score) > 1e-9
    OR chosen <> (SELECT o.index FROM scores o WHERE (o.goal_id, o.step_id) = (s.goal_id, s.step_id)
      ORDER BY o.score_again DESC, o.index LIMIT 1)`;
