import { parsePack } from '../planning/parse-pack';
import { questionAbout, taskOf } from './intent-question';
import { answerProblem } from './answer-problem';
import { NOBODY, unanswered } from './question';
import { confidenceQuestion, decidedByPerson, dependencyQuestion, effectQuestion, isDoubtful } from './step-questions';

const choices = [
  { id: 'yes', label: 'Yes' },
  { id: 'no', label: 'No' },
];

describe('an answer', () => {
  const only = { choices, schema: null };
  it('is one of the choices, where only these answer', () => {
    expect(answerProblem(only, { choice: 'yes', value: null })).toBeNull();
    expect(answerProblem(only, { choice: 'maybe', value: null })).toContain('choose one of yes, no');
    expect(answerProblem(only, { choice: null, value: 'yes' })).toContain('choose one of yes, no');
    expect(answerProblem(only, { choice: 'yes', value: 1 })).toContain('not both');
  });

  it.each([
    [{ type: 'string', minLength: 1 }, 'x', ' '],
    [{ type: 'number' }, 1.5, '1.5'],
    [{ type: 'number' }, 2, true],
    [{ type: 'integer' }, 2, 2.5],
    [{ type: 'string', format: 'uri' }, 'https://a.b/c', 'a.b'],
    [{ type: 'string', format: 'date' }, '2026-02-28', '2026-13-01'],
    [{ type: 'boolean' }, false, 'false'],
    [{ type: 'array' }, [], {}],
  ] as const)('fits the schema %j', (schema, fits, misfits) => {
    expect(answerProblem({ choices, schema }, { choice: null, value: fits })).toBeNull();
    expect(answerProblem({ choices, schema }, { choice: null, value: misfits })).not.toBeNull();
    expect(answerProblem({ choices, schema }, { choice: 'no', value: null })).toBeNull();
  });

  it('is the default where nobody gives one', () => {
    expect(unanswered({ onExpiry: { choice: 'no', value: null } })).toEqual({ choice: 'no', value: null, by: NOBODY });
  });
});

describe('questions of a running goal', () => {
  const step = { id: 's#0', label: 'send' };
  it('offer "it happened" only where nobody needs what the call returned', () => {
    const seen = { tool: 't', summary: 'no end' };
    const ids = (isResultNeeded: boolean): string[] =>
      effectQuestion(step, seen, { callNo: 2, isResultNeeded }).choices.map(({ id }) => id);
    expect(ids(false)).toEqual(['happened', 'not_happened', 'give_up']);
    expect(ids(true)).toEqual(['not_happened', 'give_up']);
    expect(effectQuestion(step, seen, { callNo: 2, isResultNeeded: true }).key).toBe('effect:s#0:2');
  });

  it('ask before an action that selection doubts, and name what else could be done', () => {
    expect(isDoubtful({ confidence: 0.9 })).toBe(false);
    expect(isDoubtful({ confidence: 0.1 })).toBe(true);
    expect(isDoubtful({ confidence: 0.4, advice: 'ask' })).toBe(true);
    expect(isDoubtful({ confidence: 0.1, advice: 'gather' })).toBe(false);
    const candidate = (tool: string, bindingIndex: number, score: number | null) => ({
      ...{ tool, bindingIndex, score, gates: [], factors: null },
    });
    const decision = {
      ...{ stepId: 's#0', chosen: { tool: 'a', bindingIndex: 0 }, confidence: 0.1, recalledEpisodes: [], reason: 'r' },
      candidates: [candidate('a', 0, 0.1), candidate('b', 1, 0.05), candidate('c', 2, null)],
    };
    expect(confidenceQuestion(step, decision, 1).choices.map(({ id }) => id)).toEqual(['go_ahead', 'use:b', 'give_up']);
    expect(decidedByPerson(decision, 'b', 'ann')).toMatchObject({ chosen: { tool: 'b', bindingIndex: 1 } });
    expect(decidedByPerson(decision, 'c', 'ann')).toBe(decision); // a gate is no weight: nobody opens it
  });

  it('are the same for the same lost goals, whatever their order', () => {
    expect(dependencyQuestion(['b', 'a'], 'm').key).toBe(dependencyQuestion(['a', 'b'], 'm').key);
  });
});

describe('questions about words', () => {
  const params = [
    { name: 'source', type: 'source', required: true, summary: 'the data' },
    { name: 'rows', type: 'integer', required: true },
  ];
  const success = [{ name: 'x.y', summary: 'done', args: {} }];
  const task = (name: string, phrasings: string[]) => ({ name, summary: `does ${name}`, params, phrasings, success });
  const pack = parsePack({
    ...{ name: 'p', version: '1.0.0', summary: 'p' },
    tasks: [task('p.count', ['count {rows} rows of {source}']), task('p.list', ['list {rows} rows of {source}'])],
    methods: ['count', 'list'].map((name) => ({
      ...{ name, task: `p.${name}`, summary: name, cost: 1 },
      subtasks: [{ id: 'do', task: 'do', args: {} }],
    })),
    operators: [{ name: 'do', summary: 'do', tools: [{ tool: 'a.b' }] }],
  });
  const about = (objective: string, named: { name: string; args: object } | null, refusal: object) =>
    questionAbout({ objective, task: named as never }, [pack], { code: 'intent.unknown', details: {}, ...refusal });

  it('ask for one missing argument after the other, until the task is whole', () => {
    const first = about('count rows', null, {});
    expect(first).toMatchObject({ kind: 'argument', key: 'argument:p.count:source', schema: { type: 'string' } });
    if (!first) throw new Error('no question');
    const half = taskOf(first, { choice: null, value: 'a.csv' });
    expect(half).toEqual({ name: 'p.count', args: { source: 'a.csv' } });
    const details = { pointer: '/args/rows', got: 'nothing' };
    const second = about('count rows', half, { code: 'task.invalid_arguments', details });
    expect(second).toMatchObject({ key: 'argument:p.count:rows', schema: { type: 'integer' } });
    if (!second) throw new Error('no question');
    expect(taskOf(second, { choice: null, value: 7 })).toEqual({ name: 'p.count', args: { source: 'a.csv', rows: 7 } });
    expect(taskOf(second, { choice: 'give_up', value: null })).toBeNull();
  });

  it('ask nothing where it would not help: unknown words, a task that a program named, a wrong argument', () => {
    expect(about('flurble the wombat', null, {})).toBeNull();
    const details = { pointer: '/args/rows', got: 'nothing' };
    expect(about('', { name: 'p.count', args: {} }, { code: 'task.invalid_arguments', details })).toBeNull();
    const wrong = { pointer: '/args/rows', got: 'the text x' };
    const refusal = { code: 'task.invalid_arguments', details: wrong };
    expect(about('count rows', { name: 'p.count', args: {} }, refusal)).toBeNull();
  });
});
