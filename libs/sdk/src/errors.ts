import { Problem } from '@goalkeeper/contracts';

/** The API refused or failed; everything it said is here. */
export class ProblemError extends Error {
  readonly code: string;
  readonly status: number;
  readonly hint: string;
  readonly traceId: string;
  readonly retryable: boolean;

  constructor(
    readonly problem: Problem,
    /** Seconds after which the server said it may be tried again; 0 when it said nothing. */
    readonly retryAfterSeconds = 0,
  ) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.code = problem.code;
    this.status = problem.status;
    this.hint = problem.hint;
    this.traceId = problem.traceId;
    this.retryable = problem.retryable;
  }
}

/** Nobody answered, or the connection broke: whether the request had an effect is unknown. */
export class UnreachableError extends Error {
  readonly code = 'server.unreachable';
  readonly hint = 'Is the server running? npm start runs one; GK_API_URL says where to look.';

  constructor(
    readonly url: string,
    override readonly cause: unknown,
  ) {
    super(`No answer from ${url}: ${reasonOf(cause)}`);
    this.name = 'UnreachableError';
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const inner: unknown = cause.cause;
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) return inner.errors[0].message;
  return inner instanceof Error ? inner.message : cause.message;
}

/** The problem that an answer carries; an answer without one (a proxy's page) becomes a problem of its own. */
export async function toProblemError(response: Response): Promise<ProblemError> {
  const retryAfter = Number(response.headers.get('retry-after') ?? 0);
  const seconds = Number.isFinite(retryAfter) ? retryAfter : 0;
  const text = await response.text().catch(() => '');
  const parsed = Problem.safeParse(parseJson(text));
  if (parsed.success) return new ProblemError(parsed.data, seconds);
  const foreign: Problem = {
    type: 'about:blank',
    title: 'Unexpected answer',
    status: response.status,
    detail: `${response.url} answered ${response.status} ${response.statusText}, without a problem document`,
    instance: response.url,
    code: 'server.unexpected_answer',
    hint: 'Does the address lead to a Goalkeeper API?',
    docs: '',
    retryable: response.status >= 500,
    traceId: response.headers.get('x-request-id') ?? '',
  };
  return new ProblemError(foreign, seconds);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
