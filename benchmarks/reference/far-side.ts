import { ToolFailure } from '@goalkeeper/tools';
import { Pool } from 'pg';

/** One call as the far side counts it. */
export interface EchoCall {
  readonly goal: string;
  readonly step: number;
}

/** The outside world of the reference goal: it keeps every call it accepts, once for each key. */
export interface FarSide {
  accept(call: EchoCall, key: string, signal: AbortSignal): Promise<void>;
  /** Steps of a goal that it has accepted, one entry for each accepted call. */
  steps(goal: string): Promise<readonly number[]>;
}

/**
 * `REFERENCE_TOOL_URL` is a counting HTTP server, else `REFERENCE_DATABASE_URL` (else `DATABASE_URL`) has the table
 * `tool_calls(goal, step, pid)`.
 */
export function farSideFrom(env: NodeJS.ProcessEnv): FarSide {
  if (env.REFERENCE_TOOL_URL) return overHttp(env.REFERENCE_TOOL_URL);
  return inDatabase(new Pool({ connectionString: env.REFERENCE_DATABASE_URL ?? env.DATABASE_URL, max: 20 }));
}

function overHttp(url: string): FarSide {
  const refuse = (status: number): never => {
    throw new ToolFailure('reference.refused', `The far side answered ${status}`, { transient: status >= 500 });
  };
  const unreachable = (error: unknown): never => {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new ToolFailure('reference.unreachable', `The far side cannot be reached: ${String(error)}`, {
      transient: true,
    });
  };
  return {
    async accept(call, key, signal) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(call), signal }).catch(
        unreachable,
      );
      await response.body?.cancel();
      if (!response.ok) refuse(response.status);
    },
    async steps(goal) {
      const response = await fetch(`${url}?goal=${encodeURIComponent(goal)}`).catch(unreachable);
      if (!response.ok) refuse(response.status);
      return (await response.json()) as number[];
    },
  };
}

/** The database is the far side here: that it is away, or full, is a failure that may pass. */
function databaseAway(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  throw new ToolFailure('reference.unreachable', `The database of the far side does not answer: ${message}`, {
    transient: true,
  });
}

function inDatabase(pool: Pool): FarSide {
  pool.on('error', () => undefined); // a lost idle connection is replaced at the next call, which reports its own failure
  let isReady: Promise<unknown> | null = null;
  const prepare = (): Promise<unknown> =>
    (isReady ??= pool
      .query('CREATE TABLE IF NOT EXISTS reference_call_key (key text PRIMARY KEY)')
      .catch((error: unknown) => {
        isReady = null;
        throw error;
      }));
  return {
    async accept({ goal, step }, key) {
      await prepare().catch(databaseAway);
      // One statement: the key and the row are both there or both not, and a repeated key adds no row.
      await pool
        .query(
          `WITH first AS (INSERT INTO reference_call_key (key) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1)
         INSERT INTO tool_calls (goal, step, pid) SELECT $2, $3, $4 FROM first`,
          [key, goal, step, process.pid],
        )
        .catch(databaseAway);
    },
    async steps(goal) {
      const { rows } = await pool
        .query<{ step: number }>('SELECT step FROM tool_calls WHERE goal = $1 ORDER BY step', [goal])
        .catch(databaseAway);
      return rows.map(({ step }) => step);
    },
  };
}
