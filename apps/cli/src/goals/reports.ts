import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArtifactResponse } from '@goalkeeper/contracts';
import { ask, type Session } from '../config/session';
import { CliError } from '../errors/cli-error';
import { EXIT } from '../exit-codes';
import { oneLine } from '../text/sanitize';

const FORMS = ['html', 'md', 'json'];
/** What a person opens to see what came of a goal: reports and answers in all their forms, then tables that were made. */
const REPORT_NAMES: readonly string[] = [
  ...['report', 'answer'].flatMap((name) => FORMS.map((form) => `${name}.${form}`)),
  ...['cleaned.csv', 'joined.csv', 'differences.csv'],
];

/** Where a goal's report is kept unless another folder was named. */
export function reportDir(homeDir: string, goalId: string): string {
  return join(homeDir, '.goalkeeper', 'reports', fileNameOf(goalId));
}

/** A name that stays inside its folder whatever a server calls its file. */
export function fileNameOf(name: string): string {
  const plain = oneLine(name)
    .replace(/[/\\:*?"<>|]/gu, '_')
    .replace(/^\.+/u, '_');
  return plain === '' ? 'unnamed' : plain.slice(0, 200);
}

/** The goal's report among its artifacts, the readable one first; the newest of each name. */
export function reportsAmong(artifacts: readonly ArtifactResponse[]): ArtifactResponse[] {
  return REPORT_NAMES.flatMap((name) => artifacts.filter((artifact) => artifact.name === name).slice(-1));
}

/**
 * Saves artifacts into a folder, each checked against its announced hash.
 *
 * @returns the paths, in order; files of one name and content are saved once
 * @throws {CliError} when the content is not what was announced or the folder cannot be written
 */
export async function saveArtifacts(
  session: Session,
  artifacts: readonly ArtifactResponse[],
  dir: string,
): Promise<string[]> {
  const saved = new Map<string, string>();
  const paths: string[] = [];
  for (const artifact of artifacts) {
    const plain = fileNameOf(artifact.name);
    const name = (saved.get(plain) ?? artifact.sha256) === artifact.sha256 ? plain : `${artifact.id}-${plain}`;
    const path = join(dir, name);
    if (!saved.has(name)) await save(session, artifact, path);
    saved.set(name, artifact.sha256);
    paths.push(path);
  }
  return paths;
}

/** Written beside its place and moved there when whole: a reader never meets half a file. */
async function save(session: Session, artifact: ArtifactResponse, path: string): Promise<void> {
  const response = await ask(session, (client) => client.downloadArtifact(artifact.id));
  const draft = `${path}.${process.pid}.part`;
  const hash = createHash('sha256');
  try {
    mkdirSync(dirname(path), { recursive: true });
    const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(Readable.from(response.body ?? []), counted, createWriteStream(draft));
    if (hash.digest('hex') !== artifact.sha256) throw new Error('the content is not what the server announced');
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw notSaved(path, error);
  }
}

function notSaved(path: string, error: unknown): CliError {
  const why = error instanceof Error ? error.message : String(error);
  const isOfFile = error instanceof Error && 'path' in error;
  return new CliError(`${path} could not be saved: ${why}`, {
    code: isOfFile ? 'file.unreadable' : 'file.download_broken',
    exitCode: EXIT.error,
    fix: [isOfFile ? 'name another folder with --out or --download' : 'repeat the command'],
    repeat: 'safe to repeat',
  });
}
