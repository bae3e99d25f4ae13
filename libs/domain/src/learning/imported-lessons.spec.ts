import { admit, CAPACITY } from './admit';
import { advance, FORGET_AFTER_MS } from './advance';
import { DEFAULT_SETTINGS, type LessonRecord } from './lesson-record';
import { anAttempt, someEvidence } from './testing/evidence';
import type { TrainedModel } from './train-on-goals';

const NOW = 1_000_000_000;
const imported = (id: string, more: object): LessonRecord =>
  ({
    ...{ id, key: id, tasks: ['data.report'], sources: [], versions: {}, status: 'candidate', origin: 'imported' },
    statistics: { sources: 0, support: 0, against: 0, trial: null },
    history: [{ atMs: 0, status: 'candidate', reason: 'imported' }],
    ...more,
  }) as unknown as LessonRecord;

const rounds = (
  first: LessonRecord,
  told: { evidence?: Parameters<typeof advance>[0]['evidence']; models?: readonly TrainedModel[]; nowMs?: number } = {},
): LessonRecord => {
  let record = first;
  for (let round = 0; round < 3; round += 1) {
    const { changed } = advance({
      ...{ records: [record], evidence: [], assignments: [], settings: DEFAULT_SETTINGS, versions: {}, nowMs: NOW },
      ...told,
      newId: () => 'fresh',
    });
    record = changed.find(({ id }) => id === record.id) ?? record;
  }
  return record;
};

describe('what comes from elsewhere', () => {
  const model = (why: string) => ({ gate: { open: true, why } });
  const guidance = imported('courier', {
    kind: 'search_guidance',
    body: { domain: 'courier', model: model('it says so itself') },
  });

  it('does not become active because its model says that its gate is open', () => {
    expect(rounds(guidance)).toMatchObject({ status: 'candidate', origin: 'imported' });
  });

  it('becomes active with the model that was trained here', () => {
    const trained = { pack: 'courier', model: model('tried here'), tasks: ['courier.deliver'], goals: ['a', 'b'] };
    const after = rounds(guidance, { models: [trained as unknown as TrainedModel] });
    expect(after).toMatchObject({ status: 'active', body: { model: model('tried here') } });
  });

  it('is no way that goals went where only its operators are theirs and its arguments are not', () => {
    const step = (args: object) => ({ operator: 'data.open', args });
    const body = (args: object) => ({
      ...{ task: 'data.report', name: 'learned-x', params: ['source'], when: [] },
      steps: [step(args), { operator: 'data.tell', args: {} }],
    });
    const goal = (index: number) =>
      someEvidence({
        ...{ goalId: `g${index}`, atMs: 1 + index, verified: true, task: 'data.report', bucket: 'source=.csv' },
        steps: [step({ source: '$source' }), { operator: 'data.tell', args: {} }].map((one) => ({
          ...{ when: [], adds: [] },
          ...one,
        })) as never,
        attempts: [anAttempt()],
      });
    const evidence = [goal(1), goal(2), goal(3)];
    const statusOf = (args: object): string =>
      rounds(imported('m', { kind: 'macro', body: body(args) }), { evidence }).status;
    expect(statusOf({ source: '/etc/other.csv' })).toBe('candidate');
    expect(statusOf({ source: '$source' })).not.toBe('candidate');
  });

  it('takes no place from what goals of the tenant teach, however much of it there is', () => {
    const flood = Array.from({ length: CAPACITY.tool_reliability }, (_, index) =>
      imported(`forged ${index}`, {
        kind: 'tool_reliability',
        body: {
          tool: `t${index}`,
          context: '',
          successes: 1e9,
          failures: 0,
          meanLogMs: 1,
          varLogMs: 0,
          meanCostUsd: 0,
        },
      }),
    );
    const evidence = [1, 2].map((index) => someEvidence({ goalId: `g${index}`, attempts: [anAttempt()] }));
    const { admitted, refused } = admit(evidence, flood, NOW);
    expect(admitted.map(({ kind }) => kind)).toContain('tool_reliability');
    expect(refused.map(({ gate }) => gate)).not.toContain('capacity');
  });

  it('is forgotten when no goal bears it out for a long time', () => {
    expect(rounds(guidance, { nowMs: FORGET_AFTER_MS })).toMatchObject({ status: 'candidate' });
    expect(rounds(guidance, { nowMs: FORGET_AFTER_MS + 1 })).toMatchObject({ status: 'retired' });
  });
});
