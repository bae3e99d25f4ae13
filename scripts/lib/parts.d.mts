/** Types of parts.mjs for tests and benchmarks in TypeScript. */

/** A running part: `kill` is SIGKILL at once, `stop` asks, waits, then kills. */
export interface Part {
  readonly pid: number;
  kill(): void;
  stop(): Promise<void>;
}

export interface EnginePorts {
  readonly grpc: number;
  /** 0: no Web UI. */
  readonly ui: number;
  readonly http: number;
  readonly metrics: number;
}

/** Starts PostgreSQL 18 on the data in `dir`, made when it is not there; any free port unless one is given. */
export function startPostgres(options: {
  dir: string;
  port?: number;
  log?: string;
  signal?: AbortSignal;
}): Promise<Part & { readonly url: string; readonly port: number }>;

/** Starts the Temporal server on the file in `dir`, with our dynamic configuration and search attributes. */
export function startEngine(options: {
  binary: string;
  dir: string;
  ports?: EnginePorts;
  namespace?: string;
  ui?: boolean;
  log?: string;
}): Promise<Part & { readonly address: string; readonly ports: EnginePorts }>;

/** Free ports for a Temporal server; `usual` prefers 7233 and 8233. */
export function enginePorts(options?: { usual?: boolean; ui?: boolean }): Promise<EnginePorts>;

/** Starts Redis without files; `server` is JSON.parse(GK_TEST_REDIS_SERVER). */
export function startRedis(options: {
  server: { command: string; env: Record<string, string> };
  dir: string;
  port?: number;
  log?: string;
}): Promise<Part & { readonly url: string; readonly port: number }>;

/** Starts the built API or worker with exactly `env`; ready when `<url>/readyz` answers 200. */
export function startService(options: {
  name: 'api' | 'worker';
  env: Record<string, string>;
  url: string;
  dir: string;
  readyMs?: number;
}): Promise<Part & { readonly url: string; readonly log: string }>;

/** A free port on loopback below 32768, the preferred one when it is free. */
export function pickPort(preferred?: number): Promise<number>;

/** The checkout. */
export const root: string;
