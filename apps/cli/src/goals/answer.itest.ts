import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { runCli } from '../cli';
import { Terminal } from '../io/terminal';

const GOAL = `goal_${'a'.repeat(32)}`;
const TIME = '2026-11-23T05:00:00.000Z';
const OPEN = {
  ...{ id: `qst_${'c'.repeat(32)}`, goalId: GOAL, kind: 'intent', text: 'Which column?', state: 'open', schema: null },
  ...{ choices: [{ id: 'price', label: 'the price' }], onExpiry: { choice: 'price', value: null } },
  ...{ askedAt: TIME, expiresAt: TIME, answeredAt: null, answer: null, answeredBy: null },
};

/** A server that speaks of questions over real sockets; what the command does with them is tested here. */
let server: Server;
let questions: object[];
let requests: { method: string; url: string; body: string }[];

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ method: request.method ?? '', url: request.url ?? '', body });
      const goal = { id: GOAL, state: 'running', finishedAt: null };
      const answer = request.url?.endsWith('/questions') ? { data: questions } : goal;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => void (requests = []));
afterAll(() => server.close());

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: { write: (chunk) => (out += chunk) },
    stderr: { write: (chunk) => (err += chunk) },
    env: { GK_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, GK_TOKEN: 'secret' },
    cwd: process.cwd(),
  });
  return { code: await runCli(args, terminal), out, err };
}

describe('goalkeeper answer', () => {
  it('sends the choice by its number, with the question it belongs to', async () => {
    questions = [{ ...OPEN, id: `qst_${'d'.repeat(32)}`, state: 'answered' }, OPEN];
    const { code, out } = await run('answer', GOAL, '1', '--reason', 'it is clear');
    expect([code, out]).toEqual([0, expect.stringContaining('running')]);
    const [sent] = requests.filter(({ method }) => method === 'POST');
    expect(sent?.url).toBe(`/v1/goals/${GOAL}/answers`);
    const body = { questionId: OPEN.id, choice: 'price', reason: 'it is clear' };
    expect(JSON.parse(sent?.body ?? '')).toEqual(body);
  });

  it('shows the question where no answer is given, and says when nothing is asked', async () => {
    questions = [OPEN];
    expect((await run('answer', GOAL)).out).toContain('? Which column?');
    questions = [];
    const none = await run('answer', GOAL, 'price');
    expect([none.code, none.err]).toEqual([5, expect.stringContaining('asks nothing')]);
    expect(requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('wants to know which one where several are open', async () => {
    questions = [OPEN, { ...OPEN, id: `qst_${'d'.repeat(32)}` }];
    const { code, err } = await run('answer', GOAL, 'price');
    expect([code, err]).toEqual([2, expect.stringContaining(`--question ${OPEN.id}`)]);
    expect((await run('answer', GOAL, 'price', '--question', OPEN.id)).code).toBe(0);
  });
});

it('goalkeeper questions lists what all goals ask, as lines of JSON too', async () => {
  questions = [OPEN];
  expect((await run('questions')).out).toContain(`answer ${GOAL} CHOICE`);
  expect(JSON.parse((await run('questions', '--json')).out)).toEqual(OPEN);
  expect(requests.map(({ url }) => url)).toEqual(['/v1/questions', '/v1/questions']);
});
