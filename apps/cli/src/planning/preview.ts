import type { JsonObject } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { usageError } from '../errors/cli-error';
import { EXIT, type ExitCode } from '../exit-codes';
import { previewLines } from './preview-lines';

export interface PreviewOptions {
  readonly words: readonly string[];
  readonly task?: string;
  readonly args?: JsonObject;
}

/** `goalkeeper plan "words"`: shows what a goal would do; nothing is stored or started. */
export async function previewCommand(session: Session, { words, task, args }: PreviewOptions): Promise<ExitCode> {
  const objective = words.join(' ').trim();
  if ((objective === '') === (task === undefined))
    throw usageError(
      'Give the goal either in words or as a task',
      'goalkeeper plan "analyse sample:movies.json and report"',
    );
  if (args && !task) throw usageError('--args belongs to --task', 'goalkeeper plan --task NAME --args JSON');
  const goal = task === undefined ? { objective } : { task: { name: task, args: args ?? {} } };
  const preview = await ask(session, (client) => client.previewGoal(goal));
  const { terminal } = session;
  if (session.json) terminal.json(preview);
  else previewLines(preview).forEach((line) => terminal.out(line));
  if (!session.json) terminal.err('nothing was started; goalkeeper run does it');
  return EXIT.ok;
}
