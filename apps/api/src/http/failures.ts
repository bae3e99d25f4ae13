/** What the driver, the socket or PostgreSQL itself say when the database is away, starting or closing. */
const DOWN = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '53400',
  '08000',
  '08001',
  '08003',
  '08006',
]);
const DOWN_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end|not queryable|Driver not Connected|DataSource is not (initialized|set)|Query read timeout/i;

/** True when a query failed because the database could not be reached, not because of the query. */
export function isDatabaseDown(error: unknown): boolean {
  for (const link of chain(error)) {
    if (link.code === 'database.unavailable') return true;
    if (typeof link.code === 'string' && DOWN.has(link.code)) return true;
    if (typeof link.message === 'string' && DOWN_WORDS.test(link.message)) return true;
  }
  return false;
}

/** True when a file could not be written because there is no room or no right to write. */
export function isDiskFull(error: unknown): boolean {
  return chain(error).some(({ code }) => code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS');
}

interface Link {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly driverError?: unknown;
  readonly errors?: unknown;
}

/** The error, what it wraps, and what an AggregateError holds; at most a few levels. */
function chain(error: unknown): Link[] {
  const found: Link[] = [];
  const open: unknown[] = [error];
  while (open.length > 0 && found.length < 10) {
    const next = open.shift();
    if (typeof next !== 'object' || next === null) continue;
    const link = next as Link;
    found.push(link);
    open.push(link.cause, link.driverError, ...(Array.isArray(link.errors) ? (link.errors as unknown[]) : []));
  }
  return found;
}
