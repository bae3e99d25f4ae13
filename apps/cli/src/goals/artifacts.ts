import { relative } from 'node:path';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { formatBytes } from '../text/format';
import { table } from '../text/table';
import { saveArtifacts } from './reports';

/**
 * `goalkeeper artifacts ID`: lists a goal's files, or saves them.
 *
 * @param dir where to save them; null only lists
 */
export async function artifactsCommand(session: Session, id: string, dir: string | null): Promise<ExitCode> {
  const { terminal } = session;
  const { data } = await ask(session, (client) => client.listArtifacts(id));
  const paths = dir === null ? [] : await saveArtifacts(session, data, dir);
  if (session.json) {
    data.forEach((artifact, index) => terminal.json(dir === null ? artifact : { ...artifact, path: paths[index] }));
    return EXIT.ok;
  }
  if (dir !== null) new Set(paths).forEach((path) => terminal.out(relative(terminal.cwd, path) || path));
  else if (data.length > 0) {
    const rows = data.map(({ id: artifactId, name, mediaType, sizeBytes }) => [
      artifactId,
      name,
      mediaType,
      formatBytes(sizeBytes),
    ]);
    table(['ID', 'NAME', 'TYPE', 'SIZE'], rows).forEach((line) => terminal.out(line));
  }
  if (data.length === 0) terminal.err('the goal has no files');
  else if (dir === null) terminal.err(`save them: goalkeeper artifacts ${id} --download DIR`);
  return EXIT.ok;
}
