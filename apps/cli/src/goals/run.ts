import { commandName } from '../text/command-name';
import { randomUUID } from 'node:crypto';
import { openAsBlob, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ask, type Session } from '../config/session';
import { CliError } from '../errors/cli-error';
import { EXIT, type ExitCode } from '../exit-codes';
import { formatBytes } from '../text/format';
import { oneLine } from '../text/sanitize';
import { checkRequest, type RunRequest, toGoalInput } from './request';
import { followToResult, type WatchChoice } from './watch';

export interface RunOptions extends RunRequest {
  readonly idempotencyKey?: string;
  /** Null leaves the goal alone once it is accepted. */
  readonly follow: WatchChoice | null;
}

/** `goalkeeper run`: hands in a goal, and follows it unless told not to. */
export async function runCommand(session: Session, options: RunOptions): Promise<ExitCode> {
  checkRequest(options);
  const { terminal } = session;
  const artifactId = options.file ? await upload(session, resolve(terminal.cwd, options.file)) : null;
  const idempotencyKey = options.idempotencyKey ?? randomUUID();
  const body = toGoalInput(options, artifactId, terminal.now());
  const goal = await ask(session, (client) => client.createGoal(body, { idempotencyKey }), idempotencyKey);
  // an uploaded file is shown by the name the person knows
  const objective = options.words.join(' ') || goal.objective;
  if (options.follow) return followToResult(session, { id: goal.id, objective }, options.follow);
  if (session.json) terminal.json(goal);
  else terminal.out(goal.id);
  if (!session.json) terminal.err(`accepted: ${oneLine(goal.state)} · follow it: ${commandName()} watch ${goal.id}`);
  return EXIT.ok;
}

async function upload(session: Session, path: string): Promise<string> {
  const { terminal } = session;
  const content = await openFile(path);
  const name = basename(path);
  terminal.err(`uploading ${oneLine(name)} (${formatBytes(content.size)})`);
  let told = 0;
  const onProgress = (bytes: number, total: number): void => {
    if (bytes < total && bytes - told < total / 10) return;
    told = bytes;
    terminal.err(`  ${formatBytes(bytes)} of ${formatBytes(total)}`);
  };
  const artifact = await ask(session, (client) => client.uploadArtifact({ name, content, onProgress }));
  return artifact.id;
}

async function openFile(path: string): Promise<Blob> {
  try {
    if (!statSync(path).isFile()) throw new Error('it is not a file');
    return await openAsBlob(path);
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      code: 'file.unreadable',
      exitCode: EXIT.usage,
      fix: ['check the path and its permissions'],
      repeat: 'nothing was sent',
    });
  }
}
