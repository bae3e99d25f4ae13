import type { JsonObject } from '@goalkeeper/domain';
import { lineWidth, paint } from '../text/spans';
import { changeLines } from './lines';
import { emptyView, type GoalView } from './model';
import { reduce, type ViewEvent } from './reduce';
import { render } from './render';

const START = Date.parse('2026-11-23T05:00:00.000Z');
const step = (id: string, after: string[] = []): JsonObject => ({
  id: `data.report:full/${id}#0`,
  label: id,
  summary: `${id} the data`,
  tools: [`data.${id}`],
  after: after.map((before) => `data.report:full/${before}#0`),
});

/** Events as the API tells them: `[seconds, type, step label or null, data]`. */
type Told = readonly [number, string, string | null, JsonObject];
const eventsOf = (told: readonly Told[]): ViewEvent[] =>
  told.map(([seconds, type, label, data], index) => ({
    seq: index + 1,
    type,
    time: new Date(START + seconds * 1000).toISOString(),
    stepId: label === null ? null : `data.report:full/${label}#0`,
    data,
  }));

const GOOD: readonly Told[] = [
  [0, 'goal.created', null, { objective: 'analyse sample:movies.json and report' }],
  [0.1, 'goal.state_changed', null, { from: 'queued', to: 'planning', reason: '' }],
  [
    0.2,
    'plan.proposed',
    null,
    {
      revision: 1,
      reason: 'first plan',
      task: { name: 'data.report', args: { source: 'sample:movies.json', by: null } },
      steps: [step('open'), step('profile', ['open'])],
    },
  ],
  [0.3, 'goal.state_changed', null, { to: 'running' }],
  [0.4, 'step.started', 'open', { label: 'open', tool: 'data.open', confidence: 0.8234, callNo: 1 }],
  [1.2, 'step.completed', 'open', { label: 'open', tool: 'data.open', durationMs: 800, summary: '3,201 rows' }],
  [1.3, 'step.started', 'profile', { label: 'profile', tool: 'data.profile', confidence: 0.5, callNo: 1 }],
  [2.0, 'step.completed', 'profile', { durationMs: 700, summary: '16 columns' }],
  [2.1, 'artifact.created', null, { id: 'art_1', name: 'report.html', mediaType: 'text/html', sizeBytes: 10 }],
  [
    2.2,
    'goal.verified',
    null,
    {
      holds: true,
      evidence: [
        { check: 'rows equal the source', holds: true, seen: '3201' },
        { check: 'charts are well-formed', holds: true, seen: '4' },
      ],
    },
  ],
  [2.5, 'goal.state_changed', null, { to: 'succeeded' }],
];

const fold = (told: readonly Told[], from = emptyView('goal_1')): GoalView => eventsOf(told).reduce(reduce, from);
const frame = { width: 90, height: 60, nowMs: START + 2000, connection: { kind: 'live' } as const };
const picture = (view: GoalView, change: Partial<typeof frame> = {}): string[] =>
  render(view, { ...frame, ...change }).map((line) => paint(line, false));

describe('the fold of events', () => {
  it('ends with what happened', () => {
    const view = fold(GOOD);
    expect(view).toMatchObject({ state: 'succeeded', objective: 'analyse sample:movies.json and report', lastSeq: 11 });
    expect(view.endedMs).toBe(START + 2500);
    expect(view.steps.map(({ label, state, tool, outcome }) => [label, state, tool, outcome])).toEqual([
      ['open', 'done', 'data.open', '3,201 rows'],
      ['profile', 'done', 'data.profile', '16 columns'],
    ]);
    expect(view.verification).toMatchObject({ holds: true });
    expect(view.artifacts.map(({ name }) => name)).toEqual(['report.html']);
  });

  it('takes a repeated event once, and any cut of the stream gives the same view', () => {
    const events = eventsOf(GOOD);
    const whole = events.reduce(reduce, emptyView('goal_1'));
    for (let cut = 0; cut <= events.length; cut += 1) {
      const again = [...events.slice(0, cut), ...events.slice(Math.max(0, cut - 3))];
      expect(again.reduce(reduce, emptyView('goal_1'))).toEqual(whole);
    }
  });

  it('passes over unknown types and missing or odd fields', () => {
    const odd: readonly Told[] = [
      [0, 'goal.created', null, {}],
      [1, 'something.new', null, { a: 1 }],
      [2, 'plan.proposed', null, { steps: 'none' }],
      [3, 'step.started', 'ghost', { confidence: 'high', tool: 7 }],
      [4, 'step.failed', 'ghost', { error: { code: 'x' } }],
      [5, 'goal.state_changed', null, { to: 'dancing' }],
      [6, 'goal.verified', null, {}],
      [7, 'step.completed', null, {}],
    ];
    const view = fold(odd);
    expect(view.steps).toHaveLength(1);
    expect(view.steps[0]).toMatchObject({
      label: 'ghost#0',
      state: 'failed',
      tool: null,
      confidence: null,
      outcome: 'x',
    });
    expect(view.state).toBe('queued');
    expect(() => picture(view)).not.toThrow();
  });

  it('keeps a step that was tried when the next revision has no place for it, and forgets one that was not', () => {
    const view = fold([
      GOOD[0]!,
      [
        1,
        'plan.proposed',
        null,
        { revision: 1, steps: [step('fetch'), step('open', ['fetch']), step('late', ['open'])] },
      ],
      [2, 'step.started', 'fetch', { tool: 'data.fetch' }],
      [3, 'step.completed', 'fetch', {}],
      [4, 'step.started', 'open', { tool: 'data.open' }],
      [5, 'step.failed', 'open', { error: { code: 'csv.ragged', message: 'ragged rows at line 17' } }],
      [
        6,
        'plan.revised',
        null,
        {
          revision: 2,
          reason: 'data.open failed: ragged rows at line 17 → open tolerantly',
          steps: [step('fetch'), step('tolerant', ['fetch'])],
        },
      ],
    ]);
    expect(view.steps.map(({ label, state, dropped }) => [label, state, dropped])).toEqual([
      ['fetch', 'done', false],
      ['open', 'failed', true],
      ['tolerant', 'waiting', false],
    ]);
    expect(view.revisions.at(-1)).toMatchObject({ added: ['tolerant'], removed: ['open', 'late'], stepCount: 2 });
    const text = picture(view).join('\n');
    expect(text).toContain('plan r2: data.open failed: ragged rows at line 17 → open tolerantly');
    expect(text).toContain('new: tolerant · gone: open, late');
    expect(text).toContain('csv.ragged: ragged rows at line 17 · no longer in the plan');
  });

  it('removes terminal sequences from everything that is shown', () => {
    const evil = 'x\u001b[2J\u001b]0;owned\u0007y\u202e';
    const view = fold([
      [0, 'goal.created', null, { objective: evil }],
      [1, 'plan.proposed', null, { revision: 2, reason: evil, steps: [{ id: evil, label: evil, summary: evil }] }],
      [2, 'step.started', 'a', { label: evil, tool: evil }],
      [3, 'step.failed', 'a', { error: { code: evil, message: evil } }],
      [4, 'activity.attempt_failed', 'a', { activity: evil, message: evil }],
      [5, 'goal.verified', null, { evidence: [{ check: evil, holds: false, seen: evil }] }],
      [6, 'goal.state_changed', null, { to: 'paused', reason: evil }],
    ]);
    expect(picture(view).join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  });
});

describe('the picture', () => {
  it('shows words, state, steps with tool, confidence, time and outcome, and the verification', () => {
    const text = picture(fold(GOOD)).join('\n');
    expect(text).toContain('analyse sample:movies.json and report');
    expect(text).toMatch(/✔ verified {2}2\.5 s +goal_1/);
    expect(text).toMatch(/plan r1 · 2 steps · 2 done/);
    expect(text).toMatch(/✔ done +open +data\.open 0\.82 +0\.8 s/);
    expect(text).toContain('3,201 rows');
    expect(text).toContain('verification holds: 2 of 2 checks held');
    expect(text).toContain('✔ held   rows equal the source (3201)');
  });

  it('lets the clock of a running step run, and says what a waiting one waits for', () => {
    const running = fold(GOOD.slice(0, 5));
    expect(picture(running).join('\n')).toMatch(/● running +open +data\.open 0\.82 +1\.6 s/);
    expect(picture(running, { nowMs: START + 5400 }).join('\n')).toMatch(/● running +open .* 5\.0 s/);
    expect(picture(running).join('\n')).toMatch(/○ waiting +profile +after open/);
  });

  it.each([40, 55, 71, 72, 110])('keeps every line within %i cells', (width) => {
    const long = 'a label that is far too long for any terminal 日本語日本語日本語';
    const view = fold([
      [0, 'goal.created', null, { objective: long.repeat(5) }],
      [1, 'plan.proposed', null, { revision: 1, steps: [{ ...step('open'), label: long }] }],
      [2, 'step.started', 'open', { label: long, tool: long, confidence: 1 }],
      [3, 'step.failed', 'open', { error: { code: 'x', message: long.repeat(4) } }],
      [4, 'plan.revised', null, { revision: 2, reason: long.repeat(4), steps: [{ ...step('b'), label: long }] }],
      [5, 'goal.verified', null, { evidence: [{ check: long, holds: false, seen: long }] }],
      [6, 'activity.attempt_failed', null, { activity: 'callTool', attempt: 2, message: long.repeat(3) }],
    ]);
    const lines = render(view, { ...frame, width });
    expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(width);
  });

  it('fits a small window: the head and what runs stay, finished and waiting steps are counted', () => {
    const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const view = fold([
      GOOD[0]!,
      [1, 'plan.proposed', null, { revision: 1, steps: names.map((name) => step(name)) }],
      ...names.slice(0, 20).map((name): Told => [2, 'step.completed', name, { summary: `${name} is ready` }]),
      [3, 'step.started', 's20', { tool: 'data.x' }],
    ]);
    const lines = picture(view, { height: 12 });
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines[0]).toContain('analyse');
    expect(lines.join('\n')).toMatch(/● running +s20/);
    expect(lines.join('\n')).toMatch(/… \d+ done/);
    expect(lines.join('\n')).toMatch(/… \d+ waiting/);
    expect(picture(view, { height: Infinity }).length).toBeGreaterThan(60);
    const lost = render(view, { ...frame, height: 5, connection: { kind: 'lost', sinceMs: 0 } });
    expect(lost).toHaveLength(5);
    expect(paint(lost.at(-1)!, false)).toContain('connection lost');
  });

  it('says that the result is being checked while it is', () => {
    expect(picture(fold(GOOD.slice(0, 9))).join('\n')).toContain('● verifying');
    expect(picture(fold(GOOD.slice(0, 7))).join('\n')).not.toContain('verifying');
    expect(picture(fold(GOOD)).join('\n')).not.toContain('verifying');
  });

  it('tells of broken checks first, then of some that held, evenly over all kinds', () => {
    const evidence = Array.from({ length: 11 }, (_, index) => ({
      check: `check-${index}`,
      holds: index !== 7,
      seen: '',
    }));
    const view = fold([
      ...GOOD.slice(0, 9),
      [3, 'goal.verified', null, { holds: false, checks: 40, broken: 1, evidence }],
    ]);
    const told = picture(view).filter((line) => line.includes('check-'));
    expect(told.map((line) => /check-\d+/.exec(line)?.[0])).toEqual([
      'check-7',
      'check-0',
      'check-3',
      'check-6',
      'check-10',
    ]);
    expect(picture(view).join('\n')).toContain('verification failed: 39 of 40 checks held');
    expect(picture(view).join('\n')).toContain('… and 35 more');
  });

  it('says that the connection is lost, and that nothing has come for a while', () => {
    const view = fold(GOOD.slice(0, 5));
    const lost = render(view, { ...frame, connection: { kind: 'lost', sinceMs: frame.nowMs - 4000 } });
    expect(lost.map((line) => paint(line, false)).join('\n')).toContain('connection lost for 4.0 s; trying again');
    expect(picture(view, { nowMs: START + 60_400 }).join('\n')).toContain('no news for 1 m 00 s');
    expect(picture(fold(GOOD), { nowMs: START + 600_000 }).join('\n')).not.toContain('no news');
  });

  it('tells state by word, not by colour alone', () => {
    const view = fold(GOOD.slice(0, 7));
    const plain = picture(view).join('\n');
    for (const word of ['running', 'done']) expect(plain).toContain(word);
  });
});

describe('lines for a log', () => {
  const logOf = (told: readonly Told[]): string[] => {
    let view = emptyView('goal_1');
    return eventsOf(told).flatMap((event) => {
      const before = view;
      view = reduce(view, event);
      return changeLines(before, view);
    });
  };

  it('prints one line a change, with the time since the start', () => {
    const lines = logOf(GOOD);
    expect(lines[0]).toBe('[    0.0 s] goal goal_1: analyse sample:movies.json and report');
    expect(lines).toContain('[    0.2 s] plan r1 · data.report source=sample:movies.json · 2 steps: open, profile');
    expect(lines).toContain('[    0.4 s] ● running  open · data.open 0.82');
    expect(lines).toContain('[    1.2 s] ✔ done     open · data.open · 0.8 s · 3,201 rows');
    expect(lines.at(-1)).toBe('[    2.5 s] goal ✔ verified');
    expect(lines.filter((line) => line.includes('✔ done     open'))).toHaveLength(1);
  });

  it('says nothing for an event that changes nothing to see', () => {
    expect(logOf([...GOOD.slice(0, 3), [0.3, 'tool.requested', 'open', {}]])).toHaveLength(
      logOf(GOOD.slice(0, 3)).length,
    );
  });

  it('tells a state with its reason once', () => {
    const lines = logOf([GOOD[0]!, [1, 'goal.state_changed', null, { to: 'paused', reason: 'lunch' }]]);
    expect(lines.filter((line) => line.includes('paused'))).toEqual(['[    1.0 s] paused: lunch']);
  });
});
