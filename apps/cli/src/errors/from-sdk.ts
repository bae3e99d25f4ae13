import { ProblemError, UnreachableError } from '@goalkeeper/sdk';
import { EXIT, exitCodeOfProblem } from '../exit-codes';
import { CliError } from './cli-error';

/** What the failed request was, as far as it changes the advice. */
export interface RequestContext {
  /** Present for requests that make or change something and carry a key. */
  readonly idempotencyKey?: string;
  /** Where the API was looked for. */
  readonly apiUrl: string;
}

/** Where the API's own advice speaks of HTTP, the same in commands. */
const FIXES: Readonly<Record<string, readonly string[]>> = {
  'auth.required': ['set GK_TOKEN or GK_TOKEN_FILE; npm start keeps a token in .goalkeeper/token'],
  'auth.invalid': [
    'check GK_TOKEN, GK_TOKEN_FILE or .goalkeeper/token: the token was revoked or belongs to another stack',
  ],
  'goal.not_found': ['goalkeeper ls'],
  'artifact.not_found': ['goalkeeper artifacts ID'],
  'lesson.not_found': ['goalkeeper learn lessons'],
  'snapshot.not_found': ['goalkeeper learn snapshots'],
  'episode.not_found': ['goalkeeper memory search'],
  'goal.terminal': ['hand in a new one: goalkeeper run "…"'],
  'request.invalid_cursor': ['begin again without --cursor'],
  'idempotency.reused': ['leave out --idempotency-key, or repeat exactly the request that it belongs to'],
};

/** Turns an error of the SDK into what the person reads; other errors come back as they are. */
export function fromSdk(error: unknown, context: RequestContext): unknown {
  if (error instanceof UnreachableError) return unreachable(error, context);
  if (error instanceof ProblemError) return refused(error, context);
  return error;
}

function unreachable(error: UnreachableError, { apiUrl, idempotencyKey }: RequestContext): CliError {
  const repeat =
    idempotencyKey === undefined
      ? 'safe to repeat'
      : `it may have been accepted; safe to repeat with --idempotency-key ${idempotencyKey}`;
  return new CliError(error.message, {
    code: 'server.unreachable',
    exitCode: EXIT.unreachable,
    fix: ['npm start', `or name another server: --api-url URL or GK_API_URL (now ${apiUrl})`],
    repeat,
  });
}

function refused(error: ProblemError, { idempotencyKey }: RequestContext): CliError {
  const { problem } = error;
  return new CliError(problem.detail || problem.title, {
    code: problem.code,
    exitCode: exitCodeOfProblem(problem.status, problem.code),
    fix: FIXES[problem.code] ?? (problem.hint === '' ? [] : [problem.hint]),
    places: (problem.errors ?? []).map(({ pointer, message }) => `${pointer || '/'}: ${message}`),
    repeat: repeatAdvice(error, idempotencyKey),
    traceId: problem.traceId,
  });
}

function repeatAdvice({ status, retryable }: ProblemError, key: string | undefined): string {
  if (key === undefined) return retryable ? 'safe to repeat' : 'safe to repeat, but that alone will not help';
  if (status < 500) return 'nothing was started (safe to repeat)';
  return `it may have been accepted; safe to repeat with --idempotency-key ${key}`;
}
