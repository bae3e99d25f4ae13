import { commandName } from '../text/command-name';
import { CliError } from '../errors/cli-error';
import { printError } from '../errors/print';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { oneLine } from '../text/sanitize';
import { emptyView } from '../view/model';
import { follow, type Followed } from './follow';
import { jsonOf, linesOf, pictureOf, type Presenter, silent } from './presenters';
import { show } from './questions';
import { printResult, resultOf } from './result';

export interface WatchChoice {
  /** False shows only the end. */
  readonly live: boolean;
  /** Milliseconds; null to follow to the end. */
  readonly timeoutMs: number | null;
  readonly outDir: string | null;
}

/** `goalkeeper watch ID`: shows the goal from its beginning, live, and how it ended. */
export async function watchCommand(session: Session, goalId: string, choice: WatchChoice): Promise<ExitCode> {
  const goal = await ask(session, (client) => client.getGoal(goalId));
  return followToResult(session, { id: goal.id, objective: goal.objective }, choice);
}

/** Follows a goal and prints how it ended. @returns how the command ends */
export async function followToResult(
  session: Session,
  goal: { readonly id: string; readonly objective: string },
  choice: WatchChoice,
): Promise<ExitCode> {
  const view = emptyView(goal.id, oneLine(goal.objective));
  const presenter = presenterOf(session, choice.live, view);
  const followed = await follow(session, view, { presenter, timeoutMs: choice.timeoutMs }).catch((error: unknown) => {
    throw withWayBack(error, goal.id);
  });
  if (followed.end === 'interrupted') return interrupted(session, goal.id);
  if (followed.end === 'timed_out') throw waitTimedOut(goal.id, followed);
  const result = await resultOf(session, goal.id, choice.outDir);
  if (choice.live && !session.json) session.terminal.err('');
  printResult(session, result);
  if (result.exitCode === EXIT.waitsForPerson && result.state === 'waiting_input' && !session.json)
    await showQuestions(session, goal.id);
  if (result.exitCode === EXIT.waitsForPerson)
    session.terminal.err(`when it is answered: ${commandName()} watch ${goal.id}`);
  return result.exitCode;
}

/** What the goal asks; that it waits is told in any case. */
async function showQuestions(session: Session, goalId: string): Promise<void> {
  try {
    const { data } = await ask(session, (client) => client.listQuestions(goalId));
    data.filter(({ state }) => state === 'open').forEach((question) => show(session, question));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    printError(error, session.terminal, false);
    session.terminal.err(`  see what it asks: ${commandName()} questions ${goalId}`);
  }
}

function presenterOf(session: Session, live: boolean, view: ReturnType<typeof emptyView>): Presenter {
  const { terminal, json } = session;
  if (!live) return silent(terminal);
  if (json) return jsonOf(terminal);
  return terminal.redraws ? pictureOf(terminal, view) : linesOf(terminal);
}

/** The goal was accepted, whatever broke afterwards: the way back to it goes along with the error. */
function withWayBack(error: unknown, goalId: string): unknown {
  if (!(error instanceof CliError)) return error;
  const fix = [...(error.details.fix ?? []), `${commandName()} watch ${goalId}`];
  return new CliError(error.message, { ...error.details, goalId, fix });
}

function interrupted({ terminal, json }: Session, goalId: string): ExitCode {
  if (json) terminal.json({ type: 'interrupted', goalId, exitCode: EXIT.interrupted });
  terminal.err('stopped watching; the goal goes on');
  terminal.err(`  watch it again: ${commandName()} watch ${goalId}`);
  terminal.err(`  end it:         goalkeeper cancel ${goalId}`);
  return EXIT.interrupted;
}

function waitTimedOut(goalId: string, { view }: Followed): CliError {
  return new CliError(`The goal is ${view.state ?? 'not started'} and the time of --timeout is over; it goes on`, {
    code: 'goal.wait_timed_out',
    exitCode: EXIT.waitTimedOut,
    fix: [`${commandName()} watch ${goalId}`],
    repeat: 'waiting again is safe',
    goalId,
  });
}
