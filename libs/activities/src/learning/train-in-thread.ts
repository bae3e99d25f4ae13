import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AgentError, type DomainPack, type SolvedGoal, type TrainedModel, trainOnGoals } from '@goalkeeper/domain';

/** A training as it is handed to a thread: data alone. */
export interface TrainingRequest {
  readonly pack: DomainPack;
  readonly solved: readonly SolvedGoal[];
  readonly timeMs: number;
}

/** A thread that outlives its time by so much is ended from outside. */
const GRACE_MS = 10_000;
const MEMORY_MB = 512;
const FILE = join(__dirname, 'training-thread.js');

/**
 * Learns the order of search for a pack in a thread of its own: it takes seconds, and the worker has goals to serve.
 *
 * @returns null where there is too little to learn from, where the goals no longer fit the pack, and when time or memory end
 */
export async function trainInThread(request: TrainingRequest): Promise<TrainedModel | null> {
  if (!existsSync(FILE)) return trainHere(request); // not compiled: tests run the sources
  const thread = new Worker(FILE, { workerData: request, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
  return new Promise<TrainedModel | null>((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), request.timeMs + GRACE_MS);
    thread.once('message', (model: TrainedModel | null) => resolve(model));
    thread.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(null) : reject(error),
    );
    thread.once('exit', () => clearTimeout(timer));
  }).finally(() => thread.terminate());
}

/** The training itself, where it is called. */
export function trainHere({ pack, solved, timeMs }: TrainingRequest): TrainedModel | null {
  const endAt = performance.now() + timeMs;
  try {
    return trainOnGoals(pack, solved, () => performance.now() > endAt);
  } catch (error) {
    if (error instanceof AgentError) return null; // goals of an earlier version of the pack
    throw error;
  }
}
