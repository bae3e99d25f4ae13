import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Problem } from '@goalkeeper/contracts';
import { GoalkeeperClient, ProblemError, UnreachableError } from './index';

type Handler = (request: IncomingMessage & { body: Buffer }, response: ServerResponse) => void;

let server: Server;
let client: GoalkeeperClient;
let handle: Handler;
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handle(Object.assign(request, { body: Buffer.concat(chunks) }), response));
    request.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new GoalkeeperClient({ baseUrl, token: 'gk_pat_x' });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const problem: Problem = {
  type: '/errors/goal.terminal',
  title: 'The goal has ended already',
  status: 409,
  detail: 'The goal has ended already: succeeded',
  instance: '/v1/goals/x/cancel',
  code: 'goal.terminal',
  hint: 'Create a new goal',
  docs: '/errors/goal.terminal',
  retryable: false,
  traceId: '4bf9',
};
const reply = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

describe('refusals', () => {
  it('are typed, with everything the server said', async () => {
    handle = (_request, response) => reply(response, 409, problem);
    const error: unknown = await client.command('goal_1', 'cancel').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: 'goal.terminal', status: 409, hint: 'Create a new goal', traceId: '4bf9' });
  });

  it('without a problem document say where they came from', async () => {
    handle = (_request, response) => response.writeHead(404).end('<h1>nginx</h1>');
    await expect(client.getGoal('goal_1')).rejects.toMatchObject({ code: 'server.unexpected_answer', status: 404 });
  });

  it('that pass are waited out', async () => {
    let calls = 0;
    handle = (_request, response) =>
      ++calls < 3
        ? reply(response, 503, { ...problem, status: 503, retryable: true })
        : reply(response, 200, { id: 'goal_1' });
    await expect(client.getGoal('goal_1')).resolves.toEqual({ id: 'goal_1' });
    expect(calls).toBe(3);
  });
});

it('repeats the creation of a goal with the same key when the connection breaks', async () => {
  const keys: unknown[] = [];
  handle = (request, response) => {
    keys.push(request.headers['idempotency-key']);
    if (keys.length === 1) request.socket.destroy();
    else reply(response, 202, { id: 'goal_1' });
  };
  await client.createGoal({ objective: 'x' });
  expect(keys).toHaveLength(2);
  expect(keys[0]).toEqual(keys[1]);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
});

it('says when nobody is there', async () => {
  const nobody = new GoalkeeperClient({ baseUrl: 'http://127.0.0.1:1', token: 'x', attempts: 1 });
  const error: unknown = await nobody.getGoal('goal_1').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error).toMatchObject({ code: 'server.unreachable' });
});

describe('watching', () => {
  const frame = (seq: number): string =>
    `id: ${seq}\nevent: tool.completed\ndata: ${JSON.stringify({ seq, text: 'ä' })}\n\n`;

  it('resumes a broken stream after the last event and yields each once', async () => {
    const asked: unknown[] = [];
    handle = (request, response) => {
      asked.push(request.headers['last-event-id']);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (asked.length === 1)
        response.write(`retry: 2000\n\n${frame(1)}${frame(2)}id: 3\nevent: x\nda`, () => request.socket.destroy());
      else if (asked.length === 2) response.end(`: ping\n\n${frame(2)}${frame(3)}: end stream.time\n\n`);
      else response.end(`${frame(4)}: end goal.terminal\n\n`);
    };
    const seen: number[] = [];
    const breaks: string[] = [];
    for await (const event of client.watch('goal_1', { onReconnect: (cause) => breaks.push(cause) }))
      seen.push(event.seq);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual(['0', '2', '3']);
    expect(breaks).toHaveLength(2);
  });

  it('ends when there is nothing left, when refused, and when told', async () => {
    handle = (_request, response) => response.writeHead(204).end();
    expect((await client.watch('goal_1').next()).done).toBe(true);
    handle = (_request, response) => reply(response, 404, { ...problem, status: 404, code: 'goal.not_found' });
    await expect(client.watch('goal_1').next()).rejects.toMatchObject({ code: 'goal.not_found' });
    handle = (_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(frame(1));
    const told = new AbortController();
    const watching = client.watch('goal_1', { signal: told.signal });
    expect((await watching.next()).value).toMatchObject({ seq: 1 });
    setTimeout(() => told.abort(), 20);
    expect((await watching.next()).done).toBe(true);
  });
});

it('uploads a big file in pieces and goes on where the server stands', async () => {
  const content = new Blob([new Uint8Array(9 * 1024 * 1024).map((_, index) => index % 251)]);
  let stored: Buffer = Buffer.alloc(0);
  let pieces = 0;
  handle = (request, response) => {
    const state = () => ({
      id: 'upl_1',
      offset: stored.length,
      artifact: stored.length === content.size ? { id: 'art_1' } : null,
    });
    if (request.method === 'PUT') {
      expect(Number(request.headers['upload-offset'])).toBe(stored.length);
      pieces += 1;
      if (pieces === 1) {
        stored = request.body.subarray(0, 1000);
        request.socket.destroy();
        return;
      }
      stored = Buffer.concat([stored, request.body]);
    }
    reply(response, request.method === 'POST' ? 201 : 200, state());
  };
  await expect(client.uploadArtifact({ name: 'a.csv', content })).resolves.toEqual({ id: 'art_1' });
  expect(stored.equals(Buffer.from(await content.arrayBuffer()))).toBe(true);
  expect(pieces).toBe(3);
});
