import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { SystemClient } from './system-client';

export type Part = 'postgres' | 'temporal' | 'api' | 'worker';

/** Where the parts of a test's own stack are. */
export interface SystemAddresses {
  readonly folder: string;
  readonly api: string;
  readonly temporal: string;
  readonly databaseUrl: string;
  readonly tokenFile: string;
  /** Processes that ended without having been told to. */
  readonly deaths: readonly string[];
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A whole stack in a folder of its own: every part can be killed and started again. Close it in `afterAll`. */
export class TestSystem {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private ended = false;
  private stderr = '';
  private readonly closed = new AbortController();

  private constructor(
    private readonly host: ChildProcess,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    createInterface({ input: host.stdout as NodeJS.ReadableStream }).on('line', (line) => this.take(line));
    host.stderr?.on('data', (chunk: Buffer) => (this.stderr = (this.stderr + chunk.toString()).slice(-5_000)));
    host.stdin?.on('error', () => undefined); // the host's exit says the same
    host.once('exit', (code) => {
      this.ended = true;
      const error = new Error(`The host of the test's stack ended (${code}):\n${this.stderr}`);
      for (const { reject } of this.waiting.values()) reject(error);
    });
  }

  /**
   * Starts all four parts.
   *
   * @param env settings of API and worker besides those that the stack itself needs
   * @param engineFlags flags of the Temporal server besides those of `temporal/`
   */
  static async start(
    env: Readonly<Record<string, string>> = {},
    engineFlags: readonly string[] = [],
  ): Promise<TestSystem> {
    const host = spawn(process.execPath, [join(__dirname, 'stack-host.mjs')], {
      stdio: 'pipe',
      env: { ...process.env, GK_STACK_ENGINE_FLAGS: JSON.stringify(engineFlags) },
    });
    const system = new TestSystem(host, env);
    try {
      await Promise.all([system.startPart('postgres'), system.startPart('temporal')]);
      await system.startPart('api'); // first: it makes the tables and the token
      await system.startPart('worker');
      return system;
    } catch (error) {
      await system.close();
      throw error;
    }
  }

  /** Starts a part, on the ports and in the folder it always has; resolves when it is ready. */
  async startPart(part: Part, more: { env?: Readonly<Record<string, string>>; wait?: boolean } = {}): Promise<void> {
    await this.ask('start', { part, wait: more.wait ?? true, env: { ...this.env, ...more.env } });
  }

  /** Ends a part with SIGKILL. */
  async kill(part: Part): Promise<void> {
    await this.ask('kill', { part });
  }

  /** Ends a part the way its operator would. */
  async stop(part: Part): Promise<void> {
    await this.ask('stop', { part });
  }

  /** Deletes the file that holds all workflows; the engine must be down. Returns the names of the deleted files. */
  async forgetEngine(): Promise<readonly string[]> {
    return ((await this.ask('forgetEngine')) as { files: string[] }).files;
  }

  async about(): Promise<SystemAddresses> {
    return (await this.ask('about')) as SystemAddresses;
  }

  /** A client with the installation's first token. */
  async client(): Promise<SystemClient> {
    const { api, tokenFile } = await this.about();
    return new SystemClient(api, (await readFile(tokenFile, 'utf8')).trim(), this.closed.signal);
  }

  /** One statement as the superuser, whom no row-level security binds; for looking. */
  async query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const { databaseUrl } = await this.about();
    const client = new Client({ connectionString: databaseUrl });
    client.on('error', () => undefined); // a server that was killed in between: the query itself reports it
    await client.connect();
    try {
      return (await client.query<Row>(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    this.closed.abort(new Error("The test's stack was closed"));
    if (this.ended) return;
    const gone = new Promise((resolve) => this.host.once('exit', resolve));
    this.host.stdin?.end();
    await gone;
  }

  private ask(op: string, input: object = {}): Promise<unknown> {
    if (this.ended) return Promise.reject(new Error(`The host of the test's stack is gone:\n${this.stderr}`));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.host.stdin?.write(`${JSON.stringify({ id, op, ...input })}\n`);
    });
  }

  private take(line: string): void {
    const { id, result, error } = JSON.parse(line) as { id: number; result?: unknown; error?: string };
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }
}
