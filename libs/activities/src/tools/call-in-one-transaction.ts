import { EffectRepository, type EntityManager } from '@goalkeeper/persistence';
import type { ToolRun } from '@goalkeeper/tools';
import type { CallToolResult } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import type { Pulse } from '../heartbeat';
import { settlementOf, storeResult } from './store-result';
import {
  answered,
  begin,
  claimOf,
  judge,
  ledgerResult,
  type PreparedCall,
  prepare,
  refused,
  run,
  startedEvents,
  STOPPED,
  StoppedError,
  type ToolCall,
} from './tool-call';

/**
 * Effect and result in one transaction (`transactional`), or a short `pure` call with its result. A crash at any point leaves
 * both or neither, so a repeat is safe; a step that is finished answers from its record.
 */
export async function callInOneTransaction(deps: ActivityDeps, call: ToolCall, pulse: Pulse): Promise<CallToolResult> {
  try {
    return await deps.database.tenant(call.ref.tenantId, async (tx) => {
      const prepared = await prepare(tx, call);
      const { stored } = await begin(tx, prepared);
      if (stored) return answered(stored);
      const claimed = prepared.tool.effect === 'pure' ? null : await new EffectRepository(tx).claim(claimOf(prepared));
      const known = claimed && !claimed.granted ? claimed.result : null;
      const result = known ? (known as unknown as ToolRun) : await runInside(deps, prepared, pulse, tx);
      const observation = judge(prepared, result, known !== null);
      const settlement = known ? null : settlementOf(prepared, result, ledgerResult(result));
      const options = { before: startedEvents(prepared), refuseWhen: STOPPED };
      const end = await storeResult(tx, prepared, { run: result, observation, settlement }, options);
      if (end === 'stopped') throw new StoppedError();
      if (end === 'known') throw new Error(`Step ${call.step.id} was finished while this transaction held it`);
      return { observation, refused: false };
    });
  } catch (error) {
    if (error instanceof StoppedError) return refused(call);
    throw error;
  }
}

/**
 * What a failed tool wrote is taken back, what we know of its failure stays. A tool that ran out of time may still be at work: it
 * can no longer write, or its writes would be committed with the record of its failure.
 */
async function runInside(deps: ActivityDeps, call: PreparedCall, pulse: Pulse, tx: EntityManager): Promise<ToolRun> {
  if (call.tool.effect === 'pure') return run(deps, call, pulse);
  let isOver = false;
  const query = async (sql: string, parameters?: unknown[]): Promise<Record<string, unknown>[]> => {
    if (isOver) throw new Error(`The call of ${call.tool.name} is over; it can write no more`);
    return tx.query(sql, parameters);
  };
  await tx.query('SAVEPOINT tool');
  const result = await run(deps, call, pulse, query).finally(() => (isOver = true));
  await tx.query(result.ok ? 'RELEASE SAVEPOINT tool' : 'ROLLBACK TO SAVEPOINT tool');
  return result;
}
