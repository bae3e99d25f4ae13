import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { plural } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { CliError } from '../errors/cli-error';
import { EXIT, type ExitCode } from '../exit-codes';

/** Prints the answer as JSON, or the line for people. */
function tell(session: Session, answer: unknown, line: string): ExitCode {
  if (session.json) session.terminal.json(answer);
  else session.terminal.out(line);
  return EXIT.ok;
}

/** `goalkeeper learn freeze` and `thaw` */
export async function freezeCommand(session: Session, kind: 'freeze' | 'thaw'): Promise<ExitCode> {
  const settings = await ask(session, (client) => client.learning[kind]());
  return tell(session, settings, settings.frozen ? 'learning is frozen' : 'learning goes on');
}

/** `goalkeeper learn run` */
export async function runCommand(session: Session): Promise<ExitCode> {
  const answer = await ask(session, (client) => client.learning.run());
  const { state, lastRun } = answer;
  if (state === 'running' || lastRun === null)
    return tell(session, answer, 'the round is running; see goalkeeper learn report');
  const { read, changed, promoted, retired, refused } = lastRun;
  const told = `${plural(read, 'goal')} read, ${plural(changed, 'lesson')} changed, ${promoted} promoted, ${retired} retired, ${refused} refused`;
  return tell(session, answer, told);
}

/** `goalkeeper learn rollback SNAPSHOT` */
export async function rollBackCommand(session: Session, id: string): Promise<ExitCode> {
  const snapshot = await ask(session, (client) => client.learning.rollBack(id));
  return tell(
    session,
    snapshot,
    `${snapshot.reason}: ${plural(snapshot.lessons, 'lesson')}, now number ${snapshot.seq}`,
  );
}

/** `goalkeeper learn erase --goal ID [--whole]`; `--whole` erases the goal's own record too. */
export async function eraseCommand(session: Session, goal: string, isWhole: boolean): Promise<ExitCode> {
  const receipt = await ask(session, (client) => client.learning.erase(goal, isWhole ? 'goal' : undefined));
  const { id, episodes, lessons, snapshots } = receipt;
  const told = `erased ${isWhole ? 'the goal, ' : ''}${plural(episodes, 'episode')}, ${plural(lessons, 'lesson')}, in ${plural(snapshots, 'snapshot')}; receipt ${id}`;
  return tell(session, receipt, told);
}

/** `goalkeeper learn export FILE`; `-` writes to stdout. */
export async function exportCommand(session: Session, file: string): Promise<ExitCode> {
  const { terminal } = session;
  const lessons = await ask(session, (client) => client.learning.export());
  if (file === '-') {
    terminal.json(lessons);
    return EXIT.ok;
  }
  const path = resolve(terminal.cwd, file);
  const lines = lessons.lessons.map((lesson) => JSON.stringify(lesson)).join(',\n');
  const head = { format: lessons.format, exportedAt: lessons.exportedAt };
  atFile(path, () => writeFileSync(path, `${JSON.stringify(head).slice(0, -1)},"lessons":[\n${lines}\n]}\n`));
  return tell(
    session,
    { path, lessons: lessons.lessons.length },
    `${plural(lessons.lessons.length, 'lesson')} in ${path}`,
  );
}

/** As much as the API takes: what is bigger is not even read. */
const MOST_BYTES = 64_000_000;

/** `goalkeeper learn import FILE`; sent as it is: the API checks shapes and digests, and names the lines of faults. */
export async function importCommand(session: Session, file: string): Promise<ExitCode> {
  const path = resolve(session.terminal.cwd, file);
  const text = atFile(path, () => textOf(path));
  const answer = await ask(session, (client) => client.learning.import(new Blob([text])));
  answer.refused.forEach(({ index, line, gate, reason }) =>
    session.terminal.err(`line ${line}: lesson ${index} refused (${gate}): ${reason}`),
  );
  const told = `${plural(answer.imported, 'candidate')}, ${answer.known} known already, ${answer.refused.length} refused`;
  tell(session, answer, told);
  return answer.refused.length > 0 ? EXIT.error : EXIT.ok;
}

function textOf(path: string): string {
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${plural(size, 'byte')}; a file of lessons ends at ${MOST_BYTES / 1e6} MB`);
  const text = readFileSync(path, 'utf8');
  JSON.parse(text); // what is no JSON at all needs no way to the API; the message says the line
  return text;
}

function atFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new CliError(`${path}: ${error instanceof Error ? error.message : String(error)}`, {
      code: 'file.unreadable',
      exitCode: EXIT.error,
      fix: ['name a file of goalkeeper learn export, in a folder that can be written'],
      repeat: 'safe to repeat',
    });
  }
}
