import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { table } from '../text/table';

export interface SearchOptions {
  readonly words: readonly string[];
  readonly task?: string;
  readonly outcome?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** `goalkeeper memory search`: finished goals, and why each matched. */
export async function searchCommand(session: Session, options: SearchOptions): Promise<ExitCode> {
  const { terminal } = session;
  const { words, task, outcome, limit, cursor } = options;
  const query = {
    ...{ limit, ...(words.length > 0 ? { q: words.join(' ') } : {}), ...(task ? { task } : {}) },
    ...(outcome ? { outcome } : {}),
    ...(cursor ? { cursor } : {}),
  };
  const { data, page } = await ask(session, (client) => client.learning.searchEpisodes(query));
  if (session.json) data.forEach((episode) => terminal.json(episode));
  else if (data.length > 0) {
    const rows = data.map((one) => [one.goalId, one.outcome, one.task, one.why.join('; '), one.objective]);
    table(['GOAL', 'OUTCOME', 'TASK', 'WHY', 'WORDS'], rows, terminal.outColumns).forEach((line) => terminal.out(line));
  }
  if (data.length === 0) terminal.err('nothing matched');
  if (page.next !== null) terminal.err(`more: the same command with --cursor ${page.next}`);
  return EXIT.ok;
}
