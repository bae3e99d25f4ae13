import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request as it arrived, whether or not it counted. */
export interface Delivery {
  readonly goal: string;
  readonly step: number;
  readonly key: string;
  /** The whole body as text: what the call meant to do. */
  readonly intent: string;
}

export interface CountingOptions {
  /** How long the answer to a call takes, milliseconds. */
  readonly delayMs?: () => number;
  /** Steps of goals that somebody else counts; null when it is ours to answer. */
  readonly elsewhere?: (goal: string) => Promise<readonly number[]> | null;
}

/** The world outside: it accepts a call once for each Idempotency-Key, and remembers everything that ever arrived. */
export class CountingServer {
  readonly deliveries: Delivery[] = [];
  readonly accepted: Delivery[] = [];
  private readonly keys = new Set<string>();
  private readonly server: Server;
  private readonly watchers = new Set<() => void>();
  private isClosed = false;

  constructor(private readonly options: CountingOptions = {}) {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  /** @returns its address */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Whoever still waits for calls is told that none will come. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const watcher of [...this.watchers]) watcher();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Resolves once so many calls have arrived. */
  async untilDelivered(count: number): Promise<void> {
    while (this.deliveries.length < count) {
      if (this.isClosed) throw new Error(`Closed after ${this.deliveries.length} calls of ${count}`);
      await new Promise<void>((resolve) => {
        const look = (): void => {
          this.watchers.delete(look);
          resolve();
        };
        this.watchers.add(look);
      });
    }
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') return this.answerSteps(request, response);
    const intent = await textOf(request);
    const { goal, step } = JSON.parse(intent) as { goal: string; step: number };
    const delivery = { goal, step, key: String(request.headers['idempotency-key']), intent };
    this.deliveries.push(delivery);
    for (const watcher of [...this.watchers]) watcher();
    if (!this.keys.has(delivery.key)) {
      this.keys.add(delivery.key);
      this.accepted.push(delivery);
    }
    await sleep(this.options.delayMs?.() ?? 0); // the effect has happened; the answer may still be lost
    response.writeHead(200).end();
  }

  private async answerSteps(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const goal = new URL(request.url ?? '/', 'http://localhost').searchParams.get('goal') ?? '';
    const own = this.accepted.filter((call) => call.goal === goal).map(({ step }) => step);
    const steps = (await this.options.elsewhere?.(goal)) ?? own;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(steps));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
