import type { GoalState } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { EXIT, exitCodeOfState } from '../exit-codes';
import { interruptible } from '../io/interrupt';
import { type GoalView } from '../view/model';
import { reduce } from '../view/reduce';
import type { Presenter } from './presenters';

export interface FollowOptions {
  readonly presenter: Presenter;
  /** Milliseconds; null to follow to the end. */
  readonly timeoutMs: number | null;
}

/** Why following ended, with the last view. */
export interface Followed {
  readonly view: GoalView;
  readonly end: 'goal_ended' | 'waits_for_person' | 'interrupted' | 'timed_out';
}

/** After this long without a connection the person is told. */
const LOST_AFTER_MS = 3_000;
/** How long the server may stay away before following ends with an error. */
const PATIENCE_MS = 10 * 60_000;
/** A goal counts as waiting for a person when nothing follows that state for so long; history passes by faster. */
const SETTLE_MS = 1_000;

/**
 * Follows a goal until it ends, waits for a person, the time is over or Ctrl-C; a broken connection is taken up again
 * after the last event.
 *
 * @throws {CliError} when the API refuses, or stays away for ten minutes
 */
export function follow(session: Session, start: GoalView, options: FollowOptions): Promise<Followed> {
  return interruptible(async (interrupt) => {
    const stop = new AbortController();
    const timeout = options.timeoutMs === null ? null : setTimeout(() => stop.abort('timed_out'), options.timeoutMs);
    interrupt.addEventListener('abort', () => stop.abort('interrupted'), { once: true });
    options.presenter.begin(start);
    try {
      const view = await takeIn(session, start, { presenter: options.presenter, stop });
      const reason: unknown = stop.signal.reason;
      const early = reason === 'timed_out' || reason === 'interrupted' || reason === 'waits_for_person' ? reason : null;
      return { view, end: early ?? 'goal_ended' };
    } finally {
      if (timeout) clearTimeout(timeout);
      options.presenter.end();
    }
  });
}

async function takeIn(
  session: Session,
  start: GoalView,
  { presenter, stop }: { presenter: Presenter; stop: AbortController },
): Promise<GoalView> {
  let view = start;
  let settle: NodeJS.Timeout | null = null;
  const link = watchLink(presenter);
  try {
    await ask(session, async (client) => {
      const { signal } = stop;
      const stream = {
        after: start.lastSeq,
        signal,
        patienceMs: PATIENCE_MS,
        onReconnect: link.lost,
        onConnect: link.back,
      };
      for await (const event of client.watch(start.goalId, stream)) {
        link.back();
        view = reduce(view, event);
        presenter.event(event, view);
        if (settle) clearTimeout(settle);
        settle = waits(view.state) ? setTimeout(() => stop.abort('waits_for_person'), SETTLE_MS) : null;
      }
    });
  } finally {
    if (settle) clearTimeout(settle);
    link.close();
  }
  return view;
}

const waits = (state: GoalState | null): boolean => state !== null && exitCodeOfState(state) === EXIT.waitsForPerson;

/** Tells the presenter of a break only once it has lasted, and of the return only when the break was told. */
function watchLink(presenter: Presenter) {
  let timer: NodeJS.Timeout | null = null;
  let told = false;
  const close = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    close,
    lost: (cause: string): void => {
      const sinceMs = Date.now();
      timer ??= setTimeout(() => {
        told = true;
        presenter.connection({ kind: 'lost', sinceMs }, cause);
      }, LOST_AFTER_MS);
    },
    back: (): void => {
      close();
      if (told) presenter.connection({ kind: 'live' }, '');
      told = false;
    },
  };
}
