import { advance, type AdvanceInput } from './advance';
import { ADMISSION_GATES, admit } from './admit';
import { armOf, isGiven, learnedFor } from './apply-lessons';
import { compareGoals, normalCdf, probabilityBelow } from './compare';
import { DEFAULT_SETTINGS, type LessonRecord } from './lesson-record';
import { liftOf } from './report-lift';
import { findSecrets } from './secrets';
import { aFailure, anAttempt, someEvidence } from './testing/evidence';
import { runStream } from './testing/stream';

const NOW = 1_000_000_000;
let ids = 0;
const run = (told: Partial<AdvanceInput>) =>
  advance({
    ...{ records: [], evidence: [], assignments: [], settings: DEFAULT_SETTINGS, versions: {}, nowMs: NOW },
    newId: () => `id-${(ids += 1)}`,
    ...told,
  });
const good = (more = {}) => someEvidence({ attempts: [anAttempt()], ...more });
const reliability = (records: readonly LessonRecord[]) => records.find(({ kind }) => kind === 'tool_reliability');

describe('the gates', () => {
  it('refuse what one goal shows, what rests on goals that are not trusted, and what holds a secret', () => {
    const gatesOf = (evidence: Parameters<typeof admit>[0]) => admit(evidence, [], NOW).refused.map(({ gate }) => gate);
    expect(gatesOf([good()])).toEqual(['single_goal']);
    const tainted = [good({ taint: ['untrusted'] }), good({ taint: ['untrusted'] })];
    expect(gatesOf(tainted)).toEqual(['taint']);
    const secret = { stems: ['ghp_0123456789abcdefABCDEF0123456789abcd'] };
    const withSecret = admit([someEvidence(secret), someEvidence(secret)], [], NOW);
    expect(withSecret.refused).toEqual([expect.objectContaining({ gate: 'secret', key: '(withheld)' })]);
    expect(withSecret.admitted).toEqual([]);
    expect(ADMISSION_GATES).toContain('capacity');
  });

  it('keep no more of a kind than there is room for, the best shown first', () => {
    const evidence = Array.from({ length: 450 }, (_, n) => [n, n, ...(n === 449 ? [n] : [])])
      .flat()
      .map((n) => good({ attempts: [anAttempt({ tool: `t${n}` })] }));
    const { admitted, refused } = admit(evidence, [], NOW);
    expect(admitted).toHaveLength(400);
    expect(admitted[0]?.key).toMatch(/^t449 /);
    expect(new Set(refused.map(({ gate }) => gate))).toEqual(new Set(['capacity']));
  });

  it('see secrets of known shapes and random texts, and no words', () => {
    for (const text of [
      'password: hunter22',
      'postgres://u:pw@host/db',
      'AKIAABCDEFGHIJKLMNOP',
      'aB3dE5gH7jK9mN1pQ3sT5vW7yZ',
    ])
      expect([text, findSecrets({ text }).length > 0]).toEqual([text, true]);
    for (const text of ['works.send | source=.csv', 'worker <n> did not answer', 'learned-62d91e4d'])
      expect(findSecrets({ text })).toEqual([]);
  });
});

describe('a round', () => {
  const begun = () => run({ evidence: [good(), good()] }).changed;

  it('records what passed the gates as shadows that change nothing, once', () => {
    const evidence = [good(), good()];
    const first = run({ evidence });
    expect(first.needsSnapshot).toBe(false);
    expect(reliability(first.changed)).toMatchObject({
      status: 'shadow',
      sources: evidence.map(({ goalId }) => goalId),
    });
    expect(run({ evidence, records: first.changed }).changed).toEqual([]);
  });

  it('changes nothing a minute later with the same evidence; what was seen fades by the day', () => {
    const DAY_MS = 86_400_000;
    const old = { atMs: NOW - 3 * DAY_MS };
    const evidence = [good(old), good(old)];
    const { changed: records } = run({ evidence });
    expect(run({ evidence, records, nowMs: NOW + 60_000 }).changed).toEqual([]);
    const [faded] = run({ evidence, records, nowMs: NOW + DAY_MS }).changed;
    const successes = (record?: LessonRecord): number =>
      record?.kind === 'tool_reliability' ? record.body.successes : NaN;
    expect(successes(faded)).toBeLessThan(successes(reliability(records)));
  });

  it('raises no trust for outcomes that were not verified', () => {
    expect(run({ evidence: [good({ verified: false }), good({ verified: false })] }).changed).toEqual([]);
  });

  it('tries a shadow that later goals bear out, and retires one that they do not', () => {
    const evidence = [good(), good()];
    const [shadow] = run({ evidence }).changed as [LessonRecord];
    const later = { atMs: NOW + 1 };
    const borneOut = [...evidence, good(later), good(later), good(later)];
    const tried = run({ records: [shadow], evidence: borneOut, nowMs: NOW + 2 });
    expect(tried.changed[0]).toMatchObject({ status: 'trial', statistics: { support: 3 } });
    expect(tried.needsSnapshot).toBe(true);
    const bad = () => someEvidence({ ...later, attempts: [aFailure()], bucket: 'x' });
    const frozenBody = { ...shadow, key: 'another key' };
    const not = run({ records: [frozenBody], evidence: [...evidence, bad(), bad(), bad()], nowMs: NOW + 2 });
    expect(not.changed.find(({ key }) => key === 'another key')).toMatchObject({ status: 'retired' });
  });

  const onTrial = (callsWith: number, callsWithout: number, goals = 80) => {
    const record = {
      ...begun()[0]!,
      status: 'trial',
      history: [{ atMs: 0, status: 'trial', reason: '' }],
    } as LessonRecord;
    const evidence = Array.from({ length: goals }, (_, n) =>
      good({ atMs: NOW - goals + n, calls: n % 2 ? callsWith : callsWithout, verified: n % 2 ? callsWith < 40 : true }),
    );
    const assignments = evidence.map(({ goalId }, n) => ({ goalId, lessonId: record.id, given: n % 2 === 1 }));
    return run({ records: [record], evidence, assignments }).changed.find(({ id }) => id === record.id);
  };

  it('promotes when goals go better, demotes when they go worse, and waits while there is too little to say', () => {
    expect(onTrial(4, 8)).toMatchObject({
      status: 'active',
      history: expect.arrayContaining([expect.objectContaining({ reason: expect.stringContaining('P(better)') })]),
    });
    expect(onTrial(8, 4)).toMatchObject({ status: 'retired' });
    expect(onTrial(50, 4)).toMatchObject({ status: 'retired' });
    expect(onTrial(4, 8, 10)).toMatchObject({ status: 'trial' });
  });

  it('never promotes without evidence of a difference', () => {
    expect(onTrial(5, 5)).toMatchObject({ status: 'trial' });
    expect(onTrial(5, 5, 130)).toMatchObject({
      status: 'retired',
      history: expect.arrayContaining([expect.objectContaining({ reason: expect.stringMatching(/^no gain/) })]),
    });
  });

  it('forgets what speaks of a tool that changed, what has expired, and what lost its sources', () => {
    const versions = { a: '1.0.0' };
    const evidence = [good({ versions }), good({ versions })];
    const records = run({ evidence }).changed;
    expect(reliability(run({ records, evidence, versions: { a: '2.0.0' } }).changed)).toMatchObject({
      status: 'retired',
    });
    expect(reliability(run({ records, evidence: [] }).changed)).toMatchObject({ status: 'retired' });
    const failing = [aFailure, aFailure, aFailure].map((fail) => someEvidence({ attempts: [fail()] }));
    const rules = run({ evidence: failing }).changed;
    const after = run({ records: rules, evidence: failing, nowMs: NOW + 8 * 86_400_000 }).changed;
    expect(after.find(({ kind }) => kind === 'avoid_rule')).toMatchObject({ status: 'retired' });
  });

  it('does nothing while learning is frozen or off', () => {
    for (const change of [{ frozen: true }, { enabled: false }])
      expect(run({ evidence: [good(), good()], settings: { ...DEFAULT_SETTINGS, ...change } }).changed).toEqual([]);
  });
});

describe('who gets what', () => {
  it('keeps a share of 5 to 10 % of the goals without lessons, always the same ones', () => {
    const goals = Array.from({ length: 5_000 }, (_, n) => `goal-${n}`);
    const off = goals.filter((id) => armOf(id, DEFAULT_SETTINGS) === 'off');
    expect(off.length / goals.length).toBeGreaterThan(0.05);
    expect(off.length / goals.length).toBeLessThan(0.1);
    expect(goals.filter((id) => armOf(id, DEFAULT_SETTINGS) === 'off')).toEqual(off);
    const given = goals.filter((id) => isGiven(id, 'lesson', DEFAULT_SETTINGS)).length / goals.length;
    expect(Math.abs(given - DEFAULT_SETTINGS.trialShare)).toBeLessThan(0.05);
    expect(
      learnedFor(off[0]!, { id: 's', lessons: [{ status: 'active' } as LessonRecord] }, DEFAULT_SETTINGS).lessons,
    ).toEqual([]);
  });
});

describe('comparing', () => {
  it('agrees with known values', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 6);
    expect(normalCdf(1.959964)).toBeCloseTo(0.975, 5);
    expect(probabilityBelow({ successes: 0, failures: 0 }, { successes: 0, failures: 0 }, 0)).toBeCloseTo(0.5, 2);
    expect(probabilityBelow({ successes: 0, failures: 50 }, { successes: 50, failures: 0 }, 0)).toBeGreaterThan(0.999);
    expect(compareGoals([], [])).toMatchObject({ pBetter: 0.5 });
  });

  it('tells the lift with an interval that holds it, the same for the same seed', () => {
    const goals = (arm: 'on' | 'off', calls: number) =>
      Array.from({ length: 60 }, (_, n) => ({ task: 't', arm, verified: true, calls: calls + (n % 3) }));
    const all = [...goals('on', 4), ...goals('off', 8)];
    const { callsSaved } = liftOf(all, 'seed');
    expect(callsSaved?.value).toBeCloseTo(1 - 5 / 9, 5);
    expect(callsSaved!.low).toBeLessThan(callsSaved!.value);
    expect(callsSaved!.high).toBeGreaterThan(callsSaved!.value);
    expect(liftOf(all, 'seed')).toEqual(liftOf(all, 'seed'));
    expect(liftOf(goals('on', 4), 'seed').callsSaved).toBeNull();
  });
});

it('a stream of goals takes fewer calls with learning, the same in every run', () => {
  const options = { seed: 's', order: 'o', goals: 120, shiftAt: 60, freezeAt: 30, poison: 0 };
  const calls = (arm: 'on' | 'off') => runStream({ ...options, arm }).calls.reduce((sum, one) => sum + one, 0);
  expect(calls('on')).toBeLessThan(0.95 * calls('off'));
  expect(calls('on')).toBe(calls('on'));
});
