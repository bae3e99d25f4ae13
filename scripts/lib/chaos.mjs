import { signalProcess, sleep } from './proc.mjs';

/**
 * What the events say about a kill: which steps were completed before it, and which of those ran again.
 * @param events all events of the goal in order of seq
 * @param killSeq the last seq that was stored when the worker died
 */
export function judgeKill(events, killSeq) {
  const isDone = (event) => event.type === 'step.completed';
  const before = new Set(events.filter((event) => isDone(event) && event.seq <= killSeq).map((event) => event.stepId));
  const runs = new Map();
  for (const event of events.filter(isDone)) runs.set(event.stepId, (runs.get(event.stepId) ?? 0) + 1);
  const restarted = events.filter(
    (event) =>
      ['step.started', 'step.retrying', 'tool.requested'].includes(event.type) &&
      event.seq > killSeq &&
      before.has(event.stepId),
  );
  const repeated = [...runs].filter(([, count]) => count > 1).map(([stepId]) => stepId);
  return {
    completedBefore: before.size,
    completedInAll: runs.size,
    ranAgain: [...new Set([...repeated, ...restarted.map((event) => event.stepId)])],
  };
}

/** Waits for the first completed step of a goal that is not in `known`; null when `ended()` comes first. */
async function firstCompletedStep(client, known, ended) {
  let goalId = null;
  while (!ended()) {
    try {
      goalId ??= (await client.goals()).find(({ id }) => !known.has(id))?.id ?? null;
      if (goalId && (await client.events(goalId)).some(({ type }) => type === 'step.completed')) return goalId;
    } catch (error) {
      if (!/fetch failed|timeout|ECONN/i.test(String(error))) throw error; // the API may be starting
    }
    await sleep(15);
  }
  return null;
}

/**
 * Kills the worker with SIGKILL after the goal's first completed step; the supervisor starts it again.
 * @returns {Promise<() => Promise<object|null>>} resolves to a function that judges the kill once the goal has ended
 */
export async function killWorkerMidway({ client, known, ended, workerPid, reporter }) {
  const goalId = await firstCompletedStep(client, known, ended);
  const pid = workerPid();
  if (!goalId || !pid) return async () => null;
  signalProcess(pid, 'SIGKILL');
  await sleep(50); // what the dead worker had sent is now committed or rolled back
  const killSeq = (await client.events(goalId)).at(-1)?.seq ?? 0;
  reporter.warn('chaos', `killed the worker (process ${pid}) with SIGKILL after event ${killSeq} of ${goalId}`, {
    event: 'chaos.killed',
    pid,
    goalId,
    killSeq,
  });
  return async () => ({ goalId, pid, ...judgeKill(await client.events(goalId), killSeq) });
}

/** Says how the kill went; true when nothing that was completed ran again. */
export function reportKill(reporter, verdict) {
  if (!verdict) {
    reporter.error('chaos', 'the goal ended before a step could be interrupted: the worker was not killed');
    return false;
  }
  const { completedBefore, completedInAll, ranAgain } = verdict;
  const summary = `${completedBefore} ${completedBefore === 1 ? 'step was' : 'steps were'} completed before the kill, ${completedInAll} in all`;
  if (ranAgain.length > 0)
    reporter.error('chaos', `${summary}; ran again: ${ranAgain.join(', ')}`, { event: 'chaos.result', ...verdict });
  else reporter.done('chaos', `${summary}; none of them ran again`, { event: 'chaos.result', ...verdict });
  return ranAgain.length === 0;
}
