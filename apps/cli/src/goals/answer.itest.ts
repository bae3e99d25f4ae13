import { FakeApi } from '../../test/fake-api';

const GOAL = `goal_${'a'.repeat(32)}`;
const TIME = '2026-11-23T05:00:00.000Z';
const OPEN = {
  ...{ id: `qst_${'c'.repeat(32)}`, goalId: GOAL, kind: 'intent', text: 'Which column?', state: 'open', schema: null },
  ...{ choices: [{ id: 'price', label: 'the price' }], onExpiry: { choice: 'price', value: null } },
  ...{ askedAt: TIME, expiresAt: TIME, answeredAt: null, answer: null, answeredBy: null },
};

let api: FakeApi;
beforeAll(async () => (api = await FakeApi.start()));
beforeEach(() => {
  api.requests = [];
  api.answers = { [`POST /goals/${GOAL}/answers`]: { id: GOAL, state: 'running', finishedAt: null } };
});
afterAll(() => api.close());

const run = (...args: string[]) => api.run(args);
const asks = (...data: object[]) =>
  Object.assign(api.answers, { [`GET /goals/${GOAL}/questions`]: { data }, 'GET /questions': { data } });

describe('goalkeeper answer', () => {
  it('sends the choice by its number, with the question it belongs to', async () => {
    asks({ ...OPEN, id: `qst_${'d'.repeat(32)}`, state: 'answered' }, OPEN);
    const { code, out } = await run('answer', GOAL, '1', '--reason', 'it is clear');
    expect([code, out]).toEqual([0, expect.stringContaining('running')]);
    const [sent] = api.requests.filter(({ line }) => line === `POST /goals/${GOAL}/answers`);
    const body = { questionId: OPEN.id, choice: 'price', reason: 'it is clear' };
    expect(JSON.parse(sent?.body ?? '')).toEqual(body);
  });

  it('shows the question where no answer is given, and says when nothing is asked', async () => {
    asks(OPEN);
    expect((await run('answer', GOAL)).out).toContain('? Which column?');
    asks();
    const none = await run('answer', GOAL, 'price');
    expect([none.code, none.err]).toEqual([5, expect.stringContaining('asks nothing')]);
    expect(api.requests.every(({ line }) => line.startsWith('GET'))).toBe(true);
  });

  it('wants to know which one where several are open', async () => {
    asks(OPEN, { ...OPEN, id: `qst_${'d'.repeat(32)}` });
    const { code, err } = await run('answer', GOAL, 'price');
    expect([code, err]).toEqual([2, expect.stringContaining(`--question ${OPEN.id}`)]);
    expect((await run('answer', GOAL, 'price', '--question', OPEN.id)).code).toBe(0);
  });
});

it('goalkeeper questions lists what all goals ask, as lines of JSON too', async () => {
  asks(OPEN);
  expect((await run('questions')).out).toContain(`answer ${GOAL} CHOICE`);
  expect(JSON.parse((await run('questions', '--json')).out)).toEqual(OPEN);
  expect(api.requests.map(({ line }) => line)).toEqual(['GET /questions', 'GET /questions']);
});
