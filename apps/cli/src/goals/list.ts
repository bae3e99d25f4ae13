import type { GoalPage, GoalResponse } from '@goalkeeper/contracts';
import type { GoalState } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { formatDuration } from '../text/format';
import { table } from '../text/table';
import { GOAL_BADGES } from '../view/words';

export interface ListOptions {
  readonly state?: GoalState;
  readonly limit: number;
  readonly cursor?: string;
  readonly all?: boolean;
}

/** `goalkeeper ls`: goals, the newest first. */
export async function listCommand(session: Session, options: ListOptions): Promise<ExitCode> {
  const { terminal } = session;
  let page: GoalPage['page'] = { next: options.cursor ?? null, hasMore: true };
  let shown = 0;
  do {
    const query = {
      limit: options.limit,
      ...(page.next === null ? {} : { cursor: page.next }),
      ...(options.state ? { state: options.state } : {}),
    };
    const answer: GoalPage = await ask(session, (client) => client.listGoals(query));
    if (session.json) answer.data.forEach((goal) => terminal.json(goal));
    else if (answer.data.length > 0) print(session, answer.data, shown === 0);
    shown += answer.data.length;
    page = answer.page;
  } while (options.all && page.hasMore && page.next !== null);
  if (shown === 0) terminal.err('no goals; begin with goalkeeper run "analyse sample:movies.json and report"');
  if (page.hasMore && page.next !== null) terminal.err(`more: goalkeeper ls --cursor ${page.next} (or --all)`);
  return EXIT.ok;
}

function print({ terminal }: Session, goals: readonly GoalResponse[], withHead: boolean): void {
  const now = terminal.now();
  const rows = goals.map((goal) => [
    goal.id,
    `${GOAL_BADGES[goal.state].glyph} ${GOAL_BADGES[goal.state].word}`,
    `${Math.round(goal.progress * 100)} %`,
    formatDuration(now - Date.parse(goal.createdAt)),
    goal.objective || (goal.task?.name ?? ''),
  ]);
  const lines = table(['ID', 'STATE', 'DONE', 'AGE', 'GOAL'], rows, terminal.outColumns);
  lines.slice(withHead ? 0 : 1).forEach((line) => terminal.out(line));
}
