import { LESSON_KINDS } from '../lesson';
import { aFailure, anAttempt, someEvidence } from '../testing/evidence';
import { agrees, concerns, proposeAll, PROPOSERS } from './index';

const NOW = 1_000_000_000;
const three = <Item>(make: () => Item): Item[] => [make(), make(), make()];

describe('proposers', () => {
  it('are one for each kind', () => {
    expect(Object.keys(PROPOSERS).sort()).toEqual([...LESSON_KINDS].sort());
    for (const kind of LESSON_KINDS) expect(PROPOSERS[kind].kind).toBe(kind);
  });

  it('count a success of a tool for verified goals alone, a failure always, by the shape of what it was given', () => {
    const evidence = [
      someEvidence({ attempts: [anAttempt(), anAttempt({ tool: 'b', context: 'source=.json' })] }),
      someEvidence({ verified: false, attempts: [anAttempt(), aFailure()] }),
    ];
    const found = PROPOSERS.tool_reliability.propose(evidence, NOW);
    expect(found.map(({ key }) => key)).toEqual(['a | source=.csv', 'b | source=.json']);
    const { successes = 0, failures = 0 } = found[0]?.body ?? {};
    expect([successes > 0 && successes <= 1, failures > 0 && failures <= 1]).toEqual([true, true]);
    const unverified = evidence.map((goal) => ({ ...goal, verified: false }));
    for (const { body } of PROPOSERS.tool_reliability.propose(unverified, NOW)) expect(body.successes).toBe(0);
  });

  it('weigh what is old less than what is new', () => {
    const old = someEvidence({ atMs: 0, attempts: [anAttempt()] });
    const fresh = someEvidence({ atMs: NOW, attempts: [aFailure()] });
    const [found] = PROPOSERS.tool_reliability.propose([old, fresh], NOW);
    expect(found?.body.failures).toBe(1);
    expect(found?.body.successes).toBeLessThan(0.9);
  });

  it('prefer methods by task and shape, and lay a failure at those that failed', () => {
    const choices = (method: string, isGood: boolean) => [{ task: 'data.report', method, worked: isGood }];
    const evidence = [
      someEvidence({ choices: [...choices('quick', false), ...choices('full', true)] }),
      someEvidence({ bucket: 'source=.json', choices: choices('quick', true) }),
    ];
    const found = PROPOSERS.method_preference.propose(evidence, NOW).map(({ key, body }) => [key, body.successes > 0]);
    expect(found).toEqual([
      ['data.report | source=.csv | quick', false],
      ['data.report | source | quick', true], // whatever the shape of the source
      ['data.report | source=.csv | full', true],
      ['data.report | source | full', true],
      ['data.report | source=.json | quick', true],
    ]);
  });

  it('make a macro of the shortest way of two verified goals, with what its steps need and do not give one another', () => {
    const step = (operator: string, needs?: string, gives?: string) => ({
      ...{ operator, args: { source: '$source' } },
      when: needs ? [{ predicate: needs, args: ['$source'] }] : [],
      adds: gives ? [{ predicate: gives, args: ['$source'] }] : [],
    });
    const short = [step('open', 'readable', 'opened'), step('report', 'opened')];
    const long = [short[0]!, step('polish', 'opened'), short[1]!];
    const goals = [
      ...three(() => someEvidence({ steps: long })),
      someEvidence({ steps: short }),
      someEvidence({ steps: short }),
    ];
    const [found] = PROPOSERS.macro.propose(goals, NOW);
    expect(found?.body).toMatchObject({
      ...{ task: 'data.report', params: ['source'], when: [{ predicate: 'readable', args: ['$source'] }] },
      steps: [{ operator: 'open' }, { operator: 'report' }],
    });
    expect(PROPOSERS.macro.propose([...goals.slice(0, 1), goals[3]!], NOW)).toEqual([]);
    const unverified = goals.map((goal) => ({ ...goal, verified: false }));
    expect(PROPOSERS.macro.propose(unverified, NOW)).toEqual([]);
  });

  it('suspect a precondition that held before every success and before no failure', () => {
    const held = { predicate: 'opened', args: ['$source'] };
    const other = { predicate: 'known', args: ['$source'] };
    const goals = [
      ...three(() => someEvidence({ attempts: [anAttempt({ facts: [held, other] })] })),
      ...three(() => someEvidence({ verified: false, attempts: [aFailure({ facts: [other] })] })),
    ];
    const found = PROPOSERS.operator_repair.propose(goals, NOW);
    expect(found.map(({ body }) => body)).toEqual([
      { operator: 'data.open', missing: held, heldInSuccesses: 3, lackedInFailures: 3 },
    ]);
  });

  it('remember what worked after an error, never a recovery that did not', () => {
    const passing = { kind: 'explicit', duration: 'transient', code: 'x', template: 'busy', signature: 'sig' } as const;
    const goal = (next: 'retry' | 'alternative', then: boolean) =>
      someEvidence({
        attempts: [
          aFailure({ next, error: passing }),
          then ? anAttempt({ tool: 'b' }) : aFailure({ tool: 'b', next: null }),
        ],
      });
    const [found] = PROPOSERS.error_recovery.propose(
      [goal('retry', false), goal('alternative', true), goal('alternative', true)],
      NOW,
    );
    expect(found?.body).toMatchObject({ tool: 'a', signature: 'sig', recovery: 'alternative', failures: 0 });
    expect(PROPOSERS.error_recovery.propose([goal('retry', false), goal('retry', false)], NOW)).toEqual([]);
  });

  it('avoid what only ever failed, for a while', () => {
    const goals = three(() => someEvidence({ attempts: [aFailure()] }));
    const [found] = PROPOSERS.avoid_rule.propose(goals, NOW);
    expect(found?.body).toMatchObject({ tool: 'a', context: 'source=.csv', failures: 3 });
    expect(Date.parse(found?.body.expiresAt ?? '')).toBeGreaterThan(goals[2]!.atMs);
    expect(PROPOSERS.avoid_rule.propose([...goals, someEvidence({ attempts: [anAttempt()] })], NOW)).toEqual([]);
  });

  it('learn a wording that always meant one task, and none that meant two', () => {
    const said = (task: string) => someEvidence({ task, stems: ['analys', 'report'] });
    const [found] = PROPOSERS.intent.propose([said('data.report'), said('data.report')], NOW);
    expect(found?.body).toEqual({ task: 'data.report', stems: ['analys', 'report'], goals: 2 });
    expect(PROPOSERS.intent.propose([said('data.report'), said('data.chart')], NOW)).toEqual([]);
  });

  it('say of later goals whether they bear a lesson out', () => {
    const goals = three(() => someEvidence({ attempts: [anAttempt()] }));
    const [candidate] = proposeAll(goals, NOW);
    const lesson = { id: 'l', status: 'shadow', ...candidate! } as Parameters<typeof agrees>[0];
    expect(agrees(lesson, someEvidence({ attempts: [anAttempt()] }))).toBe(true);
    expect(agrees(lesson, someEvidence({ attempts: [aFailure()] }))).toBe(false);
    expect(agrees(lesson, someEvidence({ attempts: [anAttempt({ tool: 'b' })] }))).toBeNull();
    expect(concerns(lesson, someEvidence({ attempts: [anAttempt({ tool: 'b' })] }))).toBe(true);
  });

  it('give the same for the same', () => {
    const goals = three(() => someEvidence({ attempts: [anAttempt(), aFailure({ tool: 'b' })] }));
    expect(proposeAll(goals, NOW)).toEqual(proposeAll(goals, NOW));
  });
});
