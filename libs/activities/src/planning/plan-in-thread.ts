import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  AgentError,
  type GoalFailure,
  type JsonObject,
  NoPlanError,
  type Plan,
  type PlanInput,
  planTask,
  type RepairInput,
  repairPlan,
} from '@goalkeeper/domain';
import { planningSlots } from './thread-slots';

/** A search as it is handed to a thread: data alone. */
export type ThreadRequest = { readonly timeMs: number; readonly maxNodes: number } & (
  | { readonly kind: 'plan'; readonly input: Omit<PlanInput, 'budget'> }
  | { readonly kind: 'repair'; readonly input: Omit<RepairInput, 'budget'> }
);

export type ThreadAnswer =
  { readonly kind: 'planned'; readonly plan: Plan } | ({ readonly kind: 'refused' } & GoalFailure);

/** The error of a search that happened elsewhere, with the code it had there. */
class PlanningRefused extends AgentError {
  readonly retryable = false;
  constructor(
    readonly code: string,
    message: string,
    details: JsonObject,
    hint: string,
  ) {
    super(message, details, hint);
  }
}

/** A thread that outlives its time by so much is ended from outside: it hangs where the search does not look at the clock. */
const GRACE_MS = 5_000;
const MEMORY_MB = 1_024;
const FILE = join(__dirname, 'planning-thread.js');

/**
 * Searches in a thread of its own, so that the worker goes on beating and serving however long it takes. The time counts
 * from the search's turn: as many as there are processors run at once.
 *
 * @param tenantId whose search it is: turns are shared among tenants
 * @throws {AgentError} what the search throws; `plan.none` with reason `exhausted` when time or memory end
 */
export async function planInThread(request: ThreadRequest, tenantId: string, signal: AbortSignal): Promise<Plan> {
  const giveBack = await planningSlots.take(tenantId, signal);
  try {
    return await search(request, signal);
  } finally {
    giveBack();
  }
}

async function search(request: ThreadRequest, signal: AbortSignal): Promise<Plan> {
  signal.throwIfAborted(); // an event that has passed reaches no listener
  if (!existsSync(FILE)) return planHere(request); // not compiled: tests run the sources
  const thread = new Worker(FILE, { workerData: request, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
  const answer = await new Promise<ThreadAnswer>((resolve, reject) => {
    const timer = setTimeout(() => resolve(overrun(request, 'time')), request.timeMs + GRACE_MS);
    const reason = (): Error => (signal.reason instanceof Error ? signal.reason : new Error('planning was stopped'));
    const stop = (): void => finish(() => reject(reason()));
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      end();
    };
    signal.addEventListener('abort', stop, { once: true });
    thread.once('message', (message: ThreadAnswer) => finish(() => resolve(message)));
    thread.once('error', (error: NodeJS.ErrnoException) =>
      finish(() => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(overrun(request, 'memory')) : reject(error))),
    );
  }).finally(() => thread.terminate());
  if (answer.kind === 'planned') return answer.plan;
  throw new PlanningRefused(answer.code, answer.message, answer.details, answer.hint);
}

function planHere({ kind, input, timeMs, maxNodes }: ThreadRequest): Plan {
  const endAt = performance.now() + timeMs;
  const budget = { maxNodes, isOver: () => performance.now() > endAt };
  return kind === 'plan' ? planTask({ ...input, budget }) : repairPlan({ ...input, budget });
}

function overrun({ kind, input, timeMs }: ThreadRequest, what: 'time' | 'memory'): ThreadAnswer {
  const task = kind === 'plan' ? input.request.name : input.plan.task.name;
  const limit = what === 'time' ? `${Math.round(timeMs / 1000)} s` : `${MEMORY_MB} MiB of memory`;
  const { message, details, hint } = new NoPlanError(
    `No plan for ${task} within ${limit}`,
    { task, reason: 'exhausted', partial: [], obstacles: [] },
    'Ask for less at once, or give the domain methods that lead further.',
  );
  return { kind: 'refused', code: 'plan.none', message, details, hint };
}
