import type { GoalResponse, QuestionView } from '@goalkeeper/contracts';
import { givenBy } from './answer';
import { questionLines } from './questions';
import { treeLines } from './tree';

const plain = (lines: readonly (readonly { readonly text: string }[])[]): string[] =>
  lines.map((line) => line.map(({ text }) => text).join(''));
const choices = [
  { id: 'data.report', label: 'a report' },
  { id: 'none', label: 'None of these' },
];
const question: QuestionView = {
  ...{
    id: `qst_${'0'.repeat(32)}`,
    goalId: `goal_${'1'.repeat(32)}`,
    kind: 'intent',
    text: 'Which?\u001b[31m',
    choices,
  },
  ...{ schema: null, onExpiry: { choice: 'none', value: null }, state: 'open', askedAt: '2026-11-23T10:00:00Z' },
  ...{ expiresAt: '2026-11-23T11:00:00Z', answeredAt: null, answer: null, answeredBy: null },
};

describe('what a person types as an answer', () => {
  it('is a choice, or its number', () => {
    expect(givenBy('none', question)).toEqual({ choice: 'none' });
    expect(givenBy('1', question)).toEqual({ choice: 'data.report' });
    expect(givenBy('3', question)).toEqual({ choice: '3' }); // the server says what there is
  });

  it('is a value of the kind that is asked for', () => {
    expect(givenBy('7', { choices, schema: { type: 'integer' } })).toEqual({ value: 7 });
    expect(givenBy('7', { choices, schema: { type: 'string' } })).toEqual({ value: '7' });
    expect(givenBy('none', { choices, schema: { type: 'string' } })).toEqual({ choice: 'none' });
    expect(givenBy('not json', { choices, schema: { type: 'array' } })).toEqual({ value: 'not json' });
  });
});

describe('a question on the terminal', () => {
  it('says how to answer it and until when, without what could steer the terminal', () => {
    const lines = plain(questionLines(question, Date.parse('2026-11-23T10:30:00Z')));
    expect(lines.join('\n')).not.toContain('\u001b');
    expect(lines[0]).toMatch(/^\? Which\?/);
    expect(lines.slice(1, 3)).toEqual(['  data.report  a report', '  none         None of these']);
    expect(lines[3]).toMatch(/^ {2}answer within 30 ?m.*, else: none$/);
    expect(lines[4]).toMatch(/ answer goal_1+ CHOICE$/);
  });

  it('says what became of it', () => {
    const answer = { choice: 'none', value: null };
    const ended = { ...question, answer, answeredBy: 'ann', state: 'answered' as const };
    expect(plain(questionLines(ended, 0))[1]).toBe('  ann: none');
    expect(plain(questionLines({ ...ended, state: 'expired' }, 0))[1]).toBe('  nobody answered in time: none');
  });
});

it('a tree shows goals below the steps that raised them', () => {
  const goal = (n: number, more: object): GoalResponse =>
    ({ id: `goal_${n}`, objective: `o${n}`, state: 'succeeded', parent: null, children: [], ...more }) as never;
  const step = (label: string): object => ({ id: `${label}#0`, label, state: 'succeeded', summary: `did ${label}` });
  const child = goal(2, { steps: [step('inner')], parent: { goalId: 'goal_1', stepId: 'sub#0' } });
  const tree = {
    goal: goal(1, { steps: [step('sub'), step('last')] }),
    children: [{ stepId: 'sub#0', tree: { goal: child, children: [] } }],
  };
  expect(plain(treeLines(tree))).toEqual([
    '✔ verified  o1  goal_1',
    '├─ ✔ sub  did sub',
    '│  └─ ✔ verified  o2  goal_2',
    '│     └─ ✔ inner  did inner',
    '└─ ✔ last  did last',
  ]);
  expect(plain(treeLines({ goal: child, children: [] }))[0]).toBe('below goal_1');
});
