import type { Database } from '@goalkeeper/persistence';
import type { GoalChange, Logger, Wakeups } from '@goalkeeper/platform';
import { GoalWatcher } from './goal-watcher';

type Head = { id: string; event_seq: string; ended: boolean };

/** A watcher before goals of tenants, as row-level security shows them: each tenant sees its own. */
function aWatcher(goals: Record<string, Head[]>) {
  const woken = new Set<(change: GoalChange) => void>();
  const database = {
    tenant: async (tenantId: string, work: (tx: unknown) => unknown) =>
      work({
        query: async (_sql: string, [ids]: [string[]]) => (goals[tenantId] ?? []).filter(({ id }) => ids.includes(id)),
      }),
  } as unknown as Database;
  const wakeups = {
    kind: 'none',
    subscribe: (_goalId: string, onWake: (change: GoalChange) => void) => {
      woken.add(onWake);
      return () => woken.delete(onWake);
    },
  } as unknown as Wakeups;
  const log = { warn: jest.fn() } as unknown as Logger;
  return { watcher: new GoalWatcher(database, wakeups, log), woken };
}

describe('the watcher of goals', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tells the owner of the end, also when another tenant asked for the same goal first', async () => {
    const { watcher } = aWatcher({ owner: [{ id: 'goal', event_seq: '7', ended: true }] });
    const seen: string[] = [];
    watcher.watch('stranger', 'goal', (change) => seen.push(`stranger ${change}`));
    watcher.watch('owner', 'goal', (change) => seen.push(`owner ${change}`));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(seen).toEqual(['owner ended']);
    watcher.onApplicationShutdown();
  });

  it('goes on for one tenant when the other one leaves, and ends every subscription', async () => {
    const { watcher, woken } = aWatcher({ owner: [{ id: 'goal', event_seq: '7', ended: false }] });
    const seen: GoalChange[] = [];
    const leave = watcher.watch('stranger', 'goal', () => undefined);
    const end = watcher.watch('owner', 'goal', (change) => seen.push(change));
    leave();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(seen).toEqual(['moved']);
    end();
    expect(woken.size).toBe(0);
  });
});
