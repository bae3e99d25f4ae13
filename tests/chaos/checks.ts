import { parsePublicId } from '@goalkeeper/domain';
import type { GoalEvent, GoalResponse } from '@goalkeeper/contracts';
import type { CountingServer, SystemClient, TestSystem } from '../../libs/testing/src/system';

const POLL_MS = 250;
const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'timed_out', 'budget_exceeded']);
/** What is entered before each dispatch of a step. */
const BEGINNINGS: readonly string[] = ['step.started', 'step.retrying', 'activity.attempt_failed'];

/** Waits until every goal of the installation has ended; the watchdog only keeps a broken run from hanging. */
export async function untilAllEnded(client: SystemClient, watchdogMs: number): Promise<readonly GoalResponse[]> {
  const end = Date.now() + watchdogMs;
  for (;;) {
    const { body } = await client.ask<{ data: GoalResponse[] }>('GET', '/v1/goals?limit=200');
    const open = body.data.filter(({ state }) => !ENDED.has(state));
    if (open.length === 0) return body.data;
    if (Date.now() > end)
      throw new Error(`${open.length} goals did not end: ${open.map(({ id, state }) => `${id} ${state}`).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** (goal, step, intent) as comparable texts, sorted: a multiset. */
export function multiset(calls: readonly { goal: string; step: number; intent: string }[]): readonly string[] {
  return calls.map(({ goal, step, intent }) => `${goal} ${step} ${sortedKeys(intent)}`).sort();
}

function sortedKeys(text: string): string {
  const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b))));
}

/** What the stored plans say must happen outside: the arguments of every step of a goal's newest plan. */
export async function plannedCalls(
  system: TestSystem,
  ids: readonly string[],
): Promise<readonly { goal: string; step: number; intent: string }[]> {
  const rows = await system.query<{ args: { goal: string; step: number } }>(
    `SELECT step -> 'tools' -> 0 -> 'args' AS args
     FROM (SELECT DISTINCT ON (goal_id) body FROM plan WHERE goal_id = ANY ($1::uuid[]) ORDER BY goal_id, revision DESC) p,
       jsonb_array_elements(p.body -> 'steps') AS step`,
    [ids.map((id) => parsePublicId('goal', id))],
  );
  return rows.map(({ args }) => ({ goal: args.goal, step: args.step, intent: JSON.stringify(args) }));
}

/** Everything in a goal's events that must not be: gaps, repeats, steps that ran after they were completed. */
export function faultsIn(events: readonly GoalEvent[]): readonly string[] {
  const faults: string[] = [];
  const completed = new Set<string>();
  events.forEach(({ seq, type, stepId }, index) => {
    if (seq !== index + 1) faults.push(`event ${index + 1} has seq ${seq}`);
    if (stepId === null) return;
    if (completed.has(stepId) && (BEGINNINGS.includes(type) || type === 'step.completed' || type === 'step.failed'))
      faults.push(`${type} of ${stepId} (seq ${seq}) after it was completed`);
    if (type === 'step.completed') completed.add(stepId);
  });
  const ends = events.filter(({ type, data }) => type === 'goal.state_changed' && ENDED.has(data.to as string));
  if (ends.length !== 1) faults.push(`the goal ended ${ends.length} times`);
  if (ends[0] !== events.at(-1)) faults.push(`${events.at(-1)?.type} after the end`);
  return faults;
}

/**
 * Calls that arrived outside more often than they were begun. A beginning is entered before its dispatch, and none is entered
 * after the completion; so what arrives no more often than that never arrived after the completion.
 */
export function unaccountedDeliveries(
  far: CountingServer,
  goal: string,
  events: readonly GoalEvent[],
): readonly string[] {
  const begun = new Map<string, number>();
  for (const { type, stepId, data } of events)
    if (stepId !== null && BEGINNINGS.includes(type)) {
      const label = data.label as string;
      begun.set(label, (begun.get(label) ?? 0) + 1);
    }
  const allowed = [...begun.values()].reduce((sum, count) => sum + count, 0);
  const arrived = far.deliveries.filter((call) => call.goal === goal);
  const repeats = arrived.length - new Set(arrived.map(({ step }) => step)).size;
  const repeatsAllowed = allowed - begun.size;
  return repeats > repeatsAllowed
    ? [`${goal}: ${arrived.length} calls arrived, ${allowed} were begun in ${begun.size} steps`]
    : [];
}
