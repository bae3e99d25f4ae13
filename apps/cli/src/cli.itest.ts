import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runCli } from './cli';
import { Terminal } from './io/terminal';

/** A server that speaks the API over real sockets, with faults on demand: what the command does with them is tested here. */
const GOAL = `goal_${'a'.repeat(32)}`;
const REPORT = '<h1>report</h1>';
const TIME = '2026-11-23T05:00:00.000Z';

interface Fake {
  /** Data of `goal.state_changed` that ends the event list. */
  ending: object;
  goal: object;
  /** The stream is cut after each event. */
  cut: boolean;
  /** The stream stays open after the last event. */
  hold: boolean;
  /** How often the report is among the artifacts. */
  copies: number;
  refuse: ((request: IncomingMessage) => [number, object] | null) | null;
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
}

let server: Server;
let dir: string;
let fake: Fake;

const goal = (change: object = {}): object => ({
  id: GOAL,
  objective: 'analyse and report',
  task: null,
  state: 'succeeded',
  verified: true,
  failure: null,
  progress: 1,
  priority: 'normal',
  deadline: null,
  dependsOn: [],
  createdAt: TIME,
  finishedAt: '2026-11-23T05:00:03.000Z',
  callsMade: 1,
  steps: [{ id: 's', label: 'open', state: 'succeeded' }],
  evidence: [{ check: 'rows equal', holds: true, seen: '3' }],
  links: { self: `/v1/goals/${GOAL}`, ui: 'http://127.0.0.1:8233/w' },
  ...change,
});

const events = (): object[] =>
  [
    ['goal.created', null, { objective: 'analyse and report' }],
    ['plan.proposed', null, { revision: 1, reason: 'first plan', steps: [{ id: 's', label: 'open', after: [] }] }],
    ['step.started', 's', { label: 'open', tool: 'data.open', confidence: 0.9, callNo: 1 }],
    ['step.completed', 's', { label: 'open', tool: 'data.open', durationMs: 5, summary: '3 rows' }],
    ['goal.state_changed', null, fake.ending],
  ].map(([type, stepId, data], index) => ({ seq: index + 1, type, stepId, data, time: TIME, goalId: GOAL }));

function stream(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const after = Number(request.headers['last-event-id'] ?? 0);
  const rest = events().slice(after);
  for (const event of fake.cut ? rest.slice(0, 1) : rest) {
    response.write(`id: ${(event as { seq: number }).seq}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  if (fake.hold) return;
  if (fake.cut && rest.length > 1) setTimeout(() => response.destroy(), 5);
  else response.end(': end goal.terminal\n\n');
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const refusal = fake.refuse?.(request);
  if (refusal) {
    const [status, problem] = refusal;
    return void response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
  }
  const path = request.url?.split('?')[0];
  if (path === `/v1/goals/${GOAL}/events`) return stream(request, response);
  if (path === '/v1/artifacts/art_1/content') return void response.end(REPORT);
  const sha256 = createHash('sha256').update(REPORT).digest('hex');
  const report = { id: 'art_1', name: 'report.html', mediaType: 'text/html', sizeBytes: REPORT.length, sha256 };
  const body =
    path === `/v1/goals/${GOAL}/questions`
      ? { data: [] }
      : path === `/v1/goals/${GOAL}/artifacts`
        ? { data: Array.from({ length: fake.copies }, () => report) }
        : path === '/v1/artifacts'
          ? { id: `art_${'b'.repeat(32)}` }
          : fake.goal;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: { write: (chunk) => (out += chunk) },
    stderr: { write: (chunk) => (err += chunk) },
    env: { GK_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, GK_TOKEN: 'secret' },
    cwd: dir,
  });
  return { code: await runCli(args, terminal), out, err };
}

const problem = (status: number, code: string, change: object = {}): [number, object] => [
  status,
  {
    type: `/errors/${code}`,
    title: 'No',
    status,
    detail: 'it is not so',
    instance: '/x',
    code,
    hint: 'do this',
    docs: '/docs',
    retryable: false,
    traceId: '4bf9',
    ...change,
  },
];

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      fake.requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gk-cli-'));
  mkdirSync(join(dir, '.goalkeeper'));
  fake = { ending: { to: 'succeeded' }, goal: goal(), cut: false, hold: false, copies: 1, refuse: null, requests: [] };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const jsonLines = (out: string): Record<string, unknown>[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('goalkeeper run', () => {
  it('hands the goal in with a key, shows it, fetches the report, and ends with 0 when it is verified', async () => {
    const { code, out, err } = await run('run', 'analyse', 'and', 'report');
    expect(code).toBe(0);
    const [post] = fake.requests;
    expect(post).toMatchObject({ method: 'POST', body: JSON.stringify({ objective: 'analyse and report' }) });
    expect(post?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(post?.headers.authorization).toBe('Bearer secret');
    expect(err).toContain('✔ done     open · data.open · 0.0 s · 3 rows');
    const path = join(dir, '.goalkeeper', 'reports', GOAL, 'report.html');
    expect(readFileSync(path, 'utf8')).toBe(REPORT);
    expect(out).toContain('✔ verified in 3.0 s · 1 step done · 1 tool call');
    expect(out).toContain(`report   .goalkeeper/reports/${GOAL}/report.html`);
    expect(out).toContain('http://127.0.0.1:8233/w');
  });

  it('keeps stdout to JSON lines: every event once, then the result, though the stream is cut after each event', async () => {
    fake.cut = true;
    const { code, out } = await run('run', 'x', '--json');
    expect(code).toBe(0);
    const lines = jsonLines(out);
    expect(lines.slice(0, -1).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(lines.at(-1)).toMatchObject({
      type: 'result',
      goalId: GOAL,
      state: 'succeeded',
      verified: true,
      exitCode: 0,
    });
    const resumed = fake.requests
      .filter(({ url }) => url.includes('/events'))
      .map(({ headers }) => headers['last-event-id']);
    expect(resumed).toEqual(['0', '1', '2', '3', '4']);
  });

  it('uploads the file and names it to the goal', async () => {
    writeFileSync(join(dir, 'mine.csv'), 'a,b\n1,2\n');
    const { code, out } = await run('run', 'analyse ./mine.csv by a', '--file', './mine.csv', '--detach');
    expect(code).toBe(0);
    expect(out).toBe(`${GOAL}\n`);
    expect(fake.requests[0]).toMatchObject({ url: '/v1/artifacts?name=mine.csv', body: 'a,b\n1,2\n' });
    expect(fake.requests[1]?.body).toBe(JSON.stringify({ objective: `analyse art_${'b'.repeat(32)} by a` }));
  });

  it.each([
    [{ to: 'failed', failure: { code: 'c', message: 'm' } }, { state: 'failed', verified: false }, 6],
    [{ to: 'cancelled' }, { state: 'cancelled', verified: false }, 6],
    [{ to: 'budget_exceeded' }, { state: 'budget_exceeded', verified: false }, 8],
    [{ to: 'succeeded' }, { state: 'succeeded', verified: false }, 6],
  ])('after %j ends with its exit code', async (ending, change, exit) => {
    fake.ending = ending;
    fake.goal = goal(change);
    const { code, out } = await run('run', 'x', '--wait', '--json');
    expect([code, jsonLines(out).at(-1)?.exitCode]).toEqual([exit, exit]);
  });

  it('tells why a goal failed and what to do', async () => {
    fake.ending = { to: 'failed' };
    fake.goal = goal({
      state: 'failed',
      verified: false,
      failure: { code: 'source.missing', message: 'no \u001b[2Jsuch file', hint: 'check the path', details: {} },
    });
    const { out } = await run('run', 'x', '--wait');
    expect(out).toContain('source.missing: no such file');
    expect(out).toContain('fix: check the path');
    expect(out).not.toContain('\u001b');
  });

  it('ends with 7 when the goal waits for a person, and with 9 when the time is over', async () => {
    fake.hold = true;
    fake.ending = { to: 'waiting_input', reason: 'which column?' };
    fake.goal = goal({ state: 'waiting_input', verified: false, finishedAt: null });
    expect((await run('run', 'x')).code).toBe(7);
    fake.ending = { to: 'running' };
    const timed = await run('run', 'x', '--timeout', '300ms');
    expect(timed.code).toBe(9);
    expect(timed.err).toContain(`fix: goalkeeper watch ${GOAL}`);
    const asJson = await run('watch', GOAL, '--timeout', '300ms', '--json');
    expect(jsonLines(asJson.out).at(-1)).toMatchObject({ type: 'error', code: 'goal.wait_timed_out', goalId: GOAL });
  });
});

describe('goalkeeper watch', () => {
  it('stops watching at Ctrl-C, says how to go on, and sends no command to the goal', async () => {
    fake.hold = true;
    fake.ending = { to: 'running' };
    setTimeout(() => process.emit('SIGINT'), 200);
    const { code, err } = await run('watch', GOAL);
    expect(code).toBe(130);
    expect(err).toContain(`goalkeeper watch ${GOAL}`);
    expect(fake.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });
});

describe('goalkeeper artifacts', () => {
  it('saves files of one name and content once', async () => {
    fake.copies = 2;
    const { code, out } = await run('artifacts', GOAL, '--download', 'out');
    expect([code, out]).toEqual([0, 'out/report.html\n']);
    expect(fake.requests.filter(({ url }) => url.includes('/content'))).toHaveLength(1);
  });
});

describe('refusals', () => {
  it('tells what failed, where, the fix, whether a repeat is safe, and the trace', async () => {
    fake.refuse = () => problem(400, 'request.invalid', { errors: [{ pointer: '/maxSteps', message: 'too many' }] });
    const { code, err } = await run('run', 'x');
    expect(code).toBe(2);
    expect(err.split('\n').slice(0, 4)).toEqual([
      'error request.invalid: it is not so',
      '  at /maxSteps: too many',
      '  fix: do this',
      '  nothing was started (safe to repeat) · docs: goalkeeper help errors request.invalid · trace 4bf9',
    ]);
  });

  it.each([
    [404, 'goal.not_found', 3],
    [401, 'auth.invalid', 4],
    [409, 'goal.terminal', 5],
    [422, 'idempotency.reused', 5],
    [422, 'dependency.circular', 2],
    [500, 'internal', 1],
  ])('status %i (%s) ends with %i', async (status, code, exit) => {
    fake.refuse = () => problem(status, code);
    const outcome = await run('cancel', GOAL, '--json');
    expect(outcome.code).toBe(exit);
    expect(jsonLines(outcome.out)).toMatchObject([{ type: 'error', code, exitCode: exit }]);
  });

  it('refuses a download that is not what was announced, and leaves no file', async () => {
    fake.refuse = ({ url }) => (url?.includes('/content') ? [200, { other: 1 }] : null);
    const { code, err } = await run('artifacts', GOAL, '--download', 'out');
    expect(code).toBe(1);
    expect(err).toContain('error file.download_broken');
    expect(existsSync(join(dir, 'out', 'report.html'))).toBe(false);
  });
});
