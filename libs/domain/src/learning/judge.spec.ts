import { advance } from './advance';
import { DEFAULT_SETTINGS, type LessonRecord } from './lesson-record';
import { PROPOSERS } from './proposers';
import { harmIn } from './report-harm';
import { taintOf } from './taint';
import { aFailure, anAttempt, someEvidence } from './testing/evidence';

const NOW = 1_000_000_000;
const run = (records: readonly LessonRecord[], evidence: Parameters<typeof advance>[0]['evidence'], nowMs = NOW) =>
  advance({
    ...{ records, evidence, assignments: [], settings: DEFAULT_SETTINGS, versions: {}, nowMs },
    newId: () => `fresh-${nowMs}`,
  }).changed;

const lesson = (id: string, more: object): LessonRecord =>
  ({
    ...{ id, kind: 'tool_reliability', key: `${id} | source=.csv`, status: 'active', tasks: ['data.report'] },
    body: {
      ...{ tool: id, context: 'source=.csv', successes: 9, failures: 0 },
      ...{ meanLogMs: 1, varLogMs: 0, meanCostUsd: 0 },
    },
    ...{ sources: ['x', 'y'], versions: {}, origin: 'imported' },
    statistics: { sources: 2, support: 0, against: 0, trial: null },
    history: [{ atMs: 0, status: 'active', reason: 'was good' }],
    ...more,
  }) as unknown as LessonRecord;

it('harm that goals with learning came to is laid at one lesson of a task at a time, not at its neighbours too', () => {
  const goal = (arm: 'on' | 'off', index: number) =>
    someEvidence({
      ...{ arm, goalId: `${arm}-${index}`, atMs: 1_000 + index, verified: arm === 'off', calls: arm === 'on' ? 20 : 2 },
      attempts: [anAttempt({ tool: 'c', tools: ['a', 'b', 'c'] })],
    });
  const goals = Array.from({ length: 40 }, (_, index) => [goal('on', index), goal('off', index)]).flat();
  const records = [lesson('a', {}), lesson('b', {})];
  const first = run(records, goals).filter(({ id }) => id === 'a' || id === 'b');
  expect(first.filter(({ status }) => status === 'retired')).toHaveLength(1);
  const after = records.map((record) => first.find(({ id }) => id === record.id) ?? record);
  const second = run(after, goals, NOW + 1).filter(({ id }) => id === 'a' || id === 'b');
  expect(second.filter(({ status }) => status === 'retired')).toEqual([]); // nothing has been seen without the first yet
});

it('a lesson that was rolled back keeps that body until goals that ended since then speak for another', () => {
  const goal = (index: number) => someEvidence({ goalId: `g${index}`, atMs: index, attempts: [anAttempt()] });
  const early = Array.from({ length: 8 }, (_, index) => goal(index));
  const [record] = run([], early).filter(({ kind }) => kind === 'tool_reliability');
  if (!record) throw new Error('no lesson was proposed');
  const history = [...record.history, { atMs: 100, status: record.status, reason: 'rolled back to snapshot 1' }];
  const back = { ...record, history, body: { ...record.body, successes: 1 } } as LessonRecord;
  const bodyAfter = (goals: typeof early) => (run([back], goals).find(({ id }) => id === back.id) ?? back).body;
  expect(bodyAfter(early)).toMatchObject({ successes: 1 });
  const later = Array.from({ length: 6 }, (_, index) => goal(200 + index));
  expect(bodyAfter([...early, ...later])).not.toMatchObject({ successes: 1 });
});

it('a lesson about a tool without an alternative stays out of trials', () => {
  const goal = (tools: string[], index: number) =>
    someEvidence({ goalId: `h${index}`, atMs: index, attempts: [anAttempt({ tools })] });
  const statusWith = (tools: string[]) => {
    const shadow = lesson('a', { status: 'shadow', history: [{ atMs: 0, status: 'shadow', reason: 'imported' }] });
    const goals = Array.from({ length: 6 }, (_, index) => goal(tools, index + 1));
    return (run([shadow], goals).find(({ id }) => id === 'a') ?? shadow).status;
  };
  expect(statusWith(['a'])).toBe('shadow');
  expect(statusWith(['a', 'b'])).toBe('trial');
});

it('a macro whose way goals set out on and left has goals against it', () => {
  const step = (operator: string) => ({ operator, args: {}, when: [], adds: [] });
  const way = someEvidence({ steps: [step('x'), step('y')] });
  const [found] = PROPOSERS.macro.propose([way, { ...way, goalId: 'other' }], NOW);
  if (!found) throw new Error('no macro was proposed');
  const macro = { ...found, id: 'm', status: 'active' } as unknown as Parameters<typeof PROPOSERS.macro.agrees>[0];
  const attempts = [anAttempt({ operator: 'x' }), aFailure({ operator: 'y', next: 'replan' })];
  expect(PROPOSERS.macro.agrees(macro, way)).toBe(true);
  expect(PROPOSERS.macro.agrees(macro, someEvidence({ verified: false, attempts }))).toBe(false);
  const elsewhere = [anAttempt({ operator: 'z' }), aFailure({ operator: 'y', next: 'replan' })];
  expect(PROPOSERS.macro.agrees(macro, someEvidence({ verified: false, attempts: elsewhere }))).toBeNull();
});

describe('harm', () => {
  const goal = (arm: 'on' | 'off', index: number, took: readonly string[]) =>
    someEvidence({
      ...{ arm, took, goalId: `${arm}-${took.join()}-${index}`, atMs: 1_000 + index },
      ...(took.includes('a') ? { verified: false, calls: 20 } : { verified: true, calls: 2 }),
      attempts: [anAttempt({ tool: 'c', tools: ['a', 'b', 'c'] })],
    });
  const series = (arm: 'on' | 'off', took: readonly string[]) =>
    Array.from({ length: 20 }, (_, index) => goal(arm, index, took));
  const goals = [...series('on', ['a']), ...series('on', ['b']), ...series('off', [])];
  const records = [lesson('a', {}), lesson('b', {}), lesson('c', {})];

  it('is laid at the lesson that took part in the goals that suffered, not at others of the same task', () => {
    const found = harmIn(records, goals);
    expect(found.map(({ lessonId }) => lessonId)).toEqual(['a']);
    expect(found[0]).toMatchObject({
      ...{ takenBack: false, having: { goals: 20, verified: 0 }, lacking: { goals: 20, verified: 20, meanCalls: 2 } },
      verifiedGain: { value: -1, high: expect.any(Number) },
    });
    expect(found[0]?.verifiedGain?.high).toBeLessThan(-0.5);
    const changed = run(records, goals).filter(({ status }) => status === 'retired');
    expect(changed.map(({ id }) => id)).toEqual(['a']);
    expect(changed[0]?.history.at(-1)?.reason).toContain('against the control share');
  });

  it('is told of a lesson that was taken back, with what the goals that are still kept say', () => {
    const history = [{ atMs: 0, status: 'retired', reason: 'harmful: in a test' }];
    const gone = lesson('gone', { status: 'retired', history });
    const none = { goals: 0, verified: 0, meanCalls: 0 };
    expect(harmIn([gone], [])).toEqual([
      { lessonId: 'gone', takenBack: true, having: none, lacking: none, verifiedGain: null, pBetter: null },
    ]);
    expect(harmIn([lesson('quiet', {})], goals)).toEqual([]);
  });
});

describe('taint', () => {
  const tool = { name: 't', kind: 'real', version: '1.0.0' } as const;
  it.each([
    ['a mock', { ...tool, kind: 'mock' }, true, ['played by t']],
    ['a simulation', { ...tool, version: '1.0.0-simulated' }, true, ['simulated by t']],
    ['injected faults', { ...tool, version: '1.0.0-rc.1-faults' }, true, ['faults were injected into t']],
    [
      'content from outside that nobody verified',
      { ...tool, outside: true },
      false,
      ['unverified content from outside by t'],
    ],
    ['content from outside in a verified goal', { ...tool, outside: true }, true, []],
    ['a tool of our own', tool, false, []],
    ['a word that only looks alike', { ...tool, version: '1.0.0-defaults' }, true, []],
  ] as const)('of %s', (_what, used, verified, labels) => expect(taintOf([used], verified)).toEqual(labels));
});

describe('what somebody else exported', () => {
  const imported = (more: object): LessonRecord =>
    lesson('i', {
      sources: [],
      status: 'candidate',
      history: [{ atMs: 0, status: 'candidate', reason: 'imported' }],
      ...more,
    });

  it('is no active order of search because it says so itself, but once goals of this tenant trained it', () => {
    const body = { domain: 'p', model: { gate: { open: true, why: 'trust me' } } };
    const foreign = imported({ kind: 'search_guidance', key: 'p', body });
    expect(run([foreign], [])).toEqual([]);
    expect(run([{ ...foreign, sources: ['own'] }], [])).toMatchObject([{ status: 'active' }]);
  });

  it('is forgotten where no goal bears it out for long, and keeps no lesson of our own out of its place', () => {
    const day = 86_400_000;
    expect(run([imported({})], [], 59 * day)).toEqual([]);
    expect(run([imported({})], [], 61 * day)).toMatchObject([{ status: 'retired' }]);
    const full = Array.from({ length: 400 }, (_, index) => imported({ id: `i${index}`, key: `i${index} | ` }));
    const own = Array.from({ length: 3 }, (_, index) => someEvidence({ goalId: `o${index}`, attempts: [anAttempt()] }));
    expect(
      run(full, own, 1)
        .filter(({ origin }) => origin === 'learned')
        .map(({ key }) => key),
    ).toContain('a | source=.csv');
  });
});
