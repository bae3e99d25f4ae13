import { CallRepository, findArtifact, type FrameTx, GoalStoppedError, sqlState } from '@goalkeeper/persistence';
import type { ToolRun } from '@goalkeeper/tools';
import type { CallToolResult } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import type { Pulse } from '../heartbeat';
import { poisonOf } from './poison';
import { resultOf } from './store-result';
import {
  answered,
  beginningOf,
  failedRun,
  judge,
  type PreparedCall,
  prepare,
  refused,
  run,
  startedEvents,
  STOPPED,
  type ToolCall,
} from './tool-call';

/** What is known of the process that makes a call. */
export interface CallWatch {
  /** True when the same call may have killed another process before: it is noted that it begins. */
  readonly isSuspect: boolean;
  /** Told when the tool came back and the process still lives. */
  readonly cameBack: () => void;
}

/** A statement gets at least this long, whatever its tool may take: it may wait for another attempt at the same call. */
const LEAST_STATEMENT_MS = 5_000;

/**
 * Effect and result in one transaction (`transactional`), or a short `pure` call with its result. A crash at any point leaves
 * both or neither, so a repeat is safe; a step that is finished answers from its record. As a crash takes the count of attempts
 * back too, a suspect call is counted in a transaction of its own first.
 */
export async function callInOneTransaction(
  deps: ActivityDeps,
  call: ToolCall,
  watch: CallWatch,
  pulse: Pulse,
): Promise<CallToolResult> {
  const calls = new CallRepository(deps.database, call.ref);
  const prepared = await prepare(calls, call);
  const noted = watch.isSuspect ? await calls.begin({ ...beginningOf(prepared, null), effect: null }) : null;
  if (noted?.stored) return answered(noted.stored);
  const poison = poisonOf(prepared, noted?.attempts ?? 0);
  try {
    const work: Work = async ({ stored, claimed }, tx) => {
      if (stored) return { result: answered(stored), finish: null };
      const known = claimed && !claimed.granted ? claimed.result : null;
      const ran = (known as unknown as ToolRun | null) ?? poison;
      const toolRun = ran ?? (await runInside(deps, prepared, pulse, tx).finally(watch.cameBack));
      const observation = judge(prepared, toolRun, known !== null);
      const finish = resultOf(prepared, { run: toolRun, observation, settles: known === null });
      return {
        result: { observation, refused: false },
        finish: { ...finish, eventsBefore: [...startedEvents(prepared), ...finish.eventsBefore], refuseWhen: STOPPED },
      };
    };
    const statementMs = Math.max(prepared.tool.timeoutMs, LEAST_STATEMENT_MS);
    return await calls.within<CallToolResult>(beginningOf(prepared, null), work, statementMs);
  } catch (error) {
    if (error instanceof GoalStoppedError) return refused(call);
    throw error;
  }
}

type Work = Parameters<typeof CallRepository.prototype.within<CallToolResult>>[1];

/**
 * What a failed tool wrote is taken back, what we know of its failure stays. A tool that ran out of time may still be at work: it
 * can no longer write, or its writes would be committed with the record of its failure.
 */
async function runInside(deps: ActivityDeps, call: PreparedCall, pulse: Pulse, tx: FrameTx): Promise<ToolRun> {
  const find = (id: string): ReturnType<typeof findArtifact> => findArtifact(tx, id);
  if (call.tool.effect === 'pure') return run(deps, call, pulse, { findArtifact: find });
  let isOver = false;
  let hasFailed = false;
  const query = async (sql: string, parameters?: unknown[]): Promise<Record<string, unknown>[]> => {
    if (isOver) throw new Error(`The call of ${call.tool.name} is over; it can write no more`);
    return tx.query(sql, parameters).catch((error: unknown) => {
      hasFailed = true;
      throw error;
    });
  };
  const result = await run(deps, call, pulse, { query, findArtifact: find }).finally(() => (isOver = true));
  const end = result.ok && hasFailed && (await isAborted(tx)) ? wentOn(call, result) : result;
  if (!end.ok) await tx.undo();
  return end;
}

const IN_FAILED_TRANSACTION = '25P02';

/** After a failed statement a transaction takes no other, unless the tool went back to a savepoint of its own. */
async function isAborted(tx: FrameTx): Promise<boolean> {
  try {
    await tx.query('SELECT');
    return false;
  } catch (error) {
    if (sqlState(error) === IN_FAILED_TRANSACTION) return true;
    throw error;
  }
}

/** A defect of the tool, told as such: storing its "success" would fail in every attempt. */
function wentOn({ tool }: PreparedCall, { durationMs }: ToolRun): ToolRun {
  const message = `${tool.name} went on after a failed statement; nothing that it wrote can be kept`;
  return { ...failedRun('tool.defect', message, false), durationMs };
}
