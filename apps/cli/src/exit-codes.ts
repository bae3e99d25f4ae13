import type { GoalState } from '@goalkeeper/domain';

/** What the command tells its caller when it ends; scripts decide by these, so none ever changes its meaning. */
export const EXIT = {
  ok: 0,
  error: 1,
  usage: 2,
  notFound: 3,
  auth: 4,
  conflict: 5,
  goalFailed: 6,
  waitsForPerson: 7,
  budget: 8,
  waitTimedOut: 9,
  unreachable: 69,
  defect: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How `plan` ends when it has no plan: benchmarks of planners read these numbers so. */
export const PLAN_EXIT = {
  /** None within the limit. */
  none: 3,
  /** Proved that there is none. */
  unsolvable: 4,
} as const satisfies Record<string, ExitCode>;

export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'done; for a goal that was followed: verified'],
  [EXIT.error, 'something broke; plan check: the plan is not valid'],
  [EXIT.usage, 'the command or the request is not valid'],
  [EXIT.notFound, 'no such goal, step or artifact; plan: none within the limit'],
  [EXIT.auth, 'no token, or one that is not valid here; plan: proved that there is none'],
  [EXIT.conflict, 'the state of things does not allow it'],
  [EXIT.goalFailed, 'the goal ended without success'],
  [EXIT.waitsForPerson, 'the goal waits for a person'],
  [EXIT.budget, 'the budget is used up'],
  [EXIT.waitTimedOut, 'the wait was over before the goal'],
  [EXIT.unreachable, 'the server does not answer'],
  [EXIT.defect, 'the planner made a plan that the validator refuses'],
  [EXIT.interrupted, 'Ctrl-C; the goal goes on'],
];

/** How a command that followed a goal ends when it leaves it in that state; null when there is still something to follow. */
export function exitCodeOfState(state: GoalState): ExitCode | null {
  switch (state) {
    case 'succeeded':
      return EXIT.ok;
    case 'failed':
    case 'cancelled':
    case 'timed_out':
      return EXIT.goalFailed;
    case 'budget_exceeded':
      return EXIT.budget;
    case 'waiting_input':
    case 'waiting_approval':
      return EXIT.waitsForPerson;
    default:
      return null;
  }
}

/** How a command ends when the API refused its request. */
export function exitCodeOfProblem(status: number, code: string): ExitCode {
  if (code.startsWith('budget.') || status === 402) return EXIT.budget;
  if (status === 401 || status === 403) return EXIT.auth;
  if (code === 'route.not_found' || code === 'server.unexpected_answer') return EXIT.error;
  if (status === 404) return EXIT.notFound;
  if ([409, 410, 412, 428].includes(status) || code.startsWith('idempotency.')) return EXIT.conflict;
  if ([400, 413, 415, 416, 422].includes(status)) return EXIT.usage;
  return status === 502 || status === 503 || status === 504 ? EXIT.unreachable : EXIT.error;
}
