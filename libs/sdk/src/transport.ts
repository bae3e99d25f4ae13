import { ProblemError, toProblemError, UnreachableError } from './errors';

export interface ClientOptions {
  /** e.g. `http://127.0.0.1:3000` */
  readonly baseUrl: string;
  readonly token: string;
  readonly fetch?: typeof fetch;
  /** How often a request that is safe to repeat is tried in all. */
  readonly attempts?: number;
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'HEAD';
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: Blob;
  readonly signal?: AbortSignal;
  /** True when sending it twice does no harm: reads, and writes with an idempotency key. */
  readonly repeatable?: boolean;
}

/** Sends requests with the token, repeats what may be repeated, and turns refusals into typed errors. */
export class Transport {
  private readonly fetch: typeof fetch;
  private readonly attempts: number;

  constructor(private readonly options: ClientOptions) {
    this.fetch = options.fetch ?? fetch;
    this.attempts = options.attempts ?? 4;
  }

  /**
   * @returns an answer below 400
   * @throws {ProblemError | UnreachableError} after the last attempt
   */
  async send(path: string, request: RequestOptions = {}): Promise<Response> {
    const repeatable = request.repeatable ?? (request.method ?? 'GET') === 'GET';
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(path, request);
      } catch (error) {
        const passing = error instanceof UnreachableError || (error instanceof ProblemError && error.retryable);
        if (!repeatable || !passing || attempt >= this.attempts || request.signal?.aborted) throw error;
        const told = error instanceof ProblemError ? error.retryAfterSeconds * 1000 : 0;
        await pause(Math.min(Math.max(told, 100 * 2 ** attempt), 5_000), request.signal);
      }
    }
  }

  async json<Answer>(path: string, request: RequestOptions = {}): Promise<Answer> {
    const response = await this.send(path, request);
    return (await response.json()) as Answer;
  }

  private async once(path: string, request: RequestOptions): Promise<Response> {
    const url = new URL(path, this.options.baseUrl);
    for (const [name, value] of Object.entries(request.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { authorization: `Bearer ${this.options.token}`, ...request.headers };
    if (request.json !== undefined) headers['content-type'] = 'application/json';
    const init: RequestInit = {
      method: request.method ?? 'GET',
      headers,
      body: request.json === undefined ? (request.body ?? null) : JSON.stringify(request.json),
      signal: request.signal ?? null,
    };
    let response: Response;
    try {
      response = await this.fetch(url, init);
    } catch (error) {
      if (request.signal?.aborted) throw error;
      throw new UnreachableError(url.origin, error);
    }
    if (response.status >= 400) throw await toProblemError(response);
    return response;
  }
}

/** Waits; ends early, without an error, when the signal fires. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done);
  });
}
