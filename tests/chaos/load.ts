import type { CreateGoalInput } from '@goalkeeper/contracts';
import {
  between,
  type CountingServer,
  type Part,
  type SystemClient,
  type TestSystem,
} from '../../libs/testing/src/system';

/** A goal of the load, and what is decided about it beforehand so that a seed repeats it. */
export interface LoadGoal {
  /** The Idempotency-Key, and the name under which the outside world counts. */
  readonly key: string;
  readonly kind: 'idempotent' | 'transactional' | 'report';
  readonly body: CreateGoalInput;
  /** It is submitted once so many calls have arrived outside. */
  readonly afterDeliveries: number;
  /** The client asks a second time under the same key, as after a lost answer. */
  readonly isRepeated: boolean;
}

/** One SIGKILL: after so many calls outside, with a pause before the part is started again. */
export interface Strike {
  readonly part: Part;
  readonly afterDeliveries: number;
  /** From a submission that is under way to the kill. */
  readonly jitterMs: number;
  readonly pauseMs: number;
}

export const STEPS = 4;
/** Goals that may be under way at once. */
const UNDER_WAY = 6;
const PARTS: readonly Part[] = ['worker', 'api', 'temporal', 'postgres'];

/** 24 goals with a far side over HTTP, 4 whose effects are rows of the database, 2 real reports. */
export function planLoad(random: () => number): { goals: readonly LoadGoal[]; strikes: readonly Strike[] } {
  const kinds: LoadGoal['kind'][] = Array.from({ length: 24 }, () => 'idempotent');
  kinds.unshift('report', 'report');
  for (let count = 0; count < 4; count += 1) kinds.splice(between(random, 2, kinds.length), 0, 'transactional');
  let before = 0;
  const goals = kinds.map((kind, index): LoadGoal => {
    const key = `load-${index}`;
    const afterDeliveries = Math.max(0, (before - UNDER_WAY) * STEPS);
    if (kind === 'idempotent') before += 1;
    return { key, kind, body: bodyOf(kind, key), afterDeliveries, isRepeated: random() < 0.4 };
  });
  const share = Math.floor((before * STEPS) / (PARTS.length + 1));
  const strikes = PARTS.map((part, index) => ({
    part,
    afterDeliveries: share * index + between(random, 3, share),
    jitterMs: between(random, 0, 12),
    pauseMs: between(random, 100, 1_500),
  }));
  return { goals, strikes };
}

function bodyOf(kind: LoadGoal['kind'], key: string): CreateGoalInput {
  if (kind === 'report') return { task: { name: 'data.report', args: { source: 'sample:weather.csv' } } };
  return { task: { name: 'reference.run', args: { k: STEPS, goal: key, class: kind } } };
}

/** Submits every goal when its time has come; resolves to the id of each key, and complains about twins. */
export async function submitAll(
  client: SystemClient,
  far: CountingServer,
  goals: readonly LoadGoal[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  await Promise.all(
    goals.map(async (goal) => {
      await far.untilDelivered(goal.afterDeliveries);
      const { id } = await client.submit(goal.body, goal.key);
      ids.set(goal.key, id);
      if (!goal.isRepeated) return;
      const again = await client.submit(goal.body, goal.key);
      if (again.id !== id || !again.replayed)
        throw new Error(`${goal.key} was accepted twice: ${id} and ${again.id} (replayed: ${again.replayed})`);
    }),
  );
  return ids;
}

/** Kills and restarts one part after the other. */
export async function strikeAll(
  system: TestSystem,
  far: CountingServer,
  strikes: readonly Strike[],
  say: (line: string) => void,
): Promise<void> {
  for (const { part, afterDeliveries, jitterMs, pauseMs } of strikes) {
    await far.untilDelivered(afterDeliveries);
    await sleep(jitterMs);
    await system.kill(part);
    say(`killed ${part} after ${far.deliveries.length} calls, starting it again in ${pauseMs} ms`);
    await sleep(pauseMs);
    await system.startPart(part);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
