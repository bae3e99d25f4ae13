import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { runCli } from '../src/cli';
import { Terminal } from '../src/io/terminal';

export interface FakeRequest {
  /** `POST /goals`: method and path below /v1. */
  readonly line: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly key: string | undefined;
}

/** The command against a server that answers over real sockets; what the command makes of the answers is tested with it. */
export class FakeApi {
  /** What is answered with 200, by the request's line; anything else gets 404. */
  answers: Record<string, object> = {};
  requests: FakeRequest[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeApi> {
    const server = createServer();
    const api = new FakeApi(server);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        const [path = '', query = ''] = (request.url ?? '').replace(/^\/v1/, '').split('?');
        const line = `${request.method} ${path}`;
        const key = request.headers['idempotency-key']?.toString();
        api.requests.push({ line, query: Object.fromEntries(new URLSearchParams(query)), body, key });
        const answer = api.answers[line];
        response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer ?? { code: 'route.not_found', status: 404, title: 'No such route' }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  /** Runs the command in a folder, and keeps what it prints. */
  async run(args: readonly string[], cwd = process.cwd()): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const terminal = new Terminal({
      stdout: { write: (chunk) => (out += chunk) },
      stderr: { write: (chunk) => (err += chunk) },
      env: { GK_API_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`, GK_TOKEN: 'secret' },
      cwd,
    });
    return { code: await runCli([...args], terminal), out, err };
  }

  close(): void {
    this.server.close();
  }
}
