import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { table } from '../text/table';

/** `goalkeeper tasks`: what can be asked for, pack by pack, and what cannot be done here, with the reason. */
export async function tasksCommand(session: Session): Promise<ExitCode> {
  const { terminal } = session;
  const { data } = await ask(session, (client) => client.listPacks());
  // Tasks without sample wordings are parts of others.
  const rows = data.flatMap((pack) =>
    pack.tasks
      .filter(({ phrasings }) => phrasings.length > 0)
      .map((task) => ({ pack: pack.name, version: pack.version, ...task })),
  );
  if (session.json) rows.forEach((row) => terminal.json(row));
  else {
    const cells = rows.map(({ name, available, summary, reason }) => [
      name,
      available ? 'yes' : 'no',
      available ? summary : `${summary}; ${reason ?? ''}`,
    ]);
    table(['TASK', 'HERE', 'WHAT'], cells, terminal.outColumns).forEach((line) => terminal.out(line));
  }
  if (rows.length === 0) terminal.err('no tasks; no worker has told what it can do');
  return EXIT.ok;
}
