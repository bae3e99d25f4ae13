import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Session } from './config/session';
import { CliError } from './errors/cli-error';
import { EXIT, type ExitCode } from './exit-codes';
import type { Terminal } from './io/terminal';
import { oneLine } from './text/sanitize';

/** `goalkeeper version`: this command's version, and the API's when it can be asked. */
export async function versionCommand(terminal: Terminal, json: boolean, open: () => Session): Promise<ExitCode> {
  const own = ownVersion();
  const server = await serverVersion(open);
  if (json) terminal.json({ cli: own, node: process.version, server });
  else {
    terminal.out(`goalkeeper ${own} (Node ${process.version})`);
    const text = 'error' in server ? `not asked: ${server.error}` : `${server.version}, API ${server.api}`;
    terminal.out(`server     ${oneLine(text)}`);
  }
  return EXIT.ok;
}

async function serverVersion(open: () => Session): Promise<{ version: string; api: string } | { error: string }> {
  try {
    return await open().client.version();
  } catch (error) {
    if (error instanceof CliError || error instanceof Error) return { error: error.message };
    throw error;
  }
}

/** The version of the package that this file belongs to. */
export function ownVersion(): string {
  for (let dir = __dirname; dir !== dirname(dir); dir = dirname(dir)) {
    const path = join(dir, 'package.json');
    if (!existsSync(path)) continue;
    const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown; version?: unknown };
    if (name === 'goalkeeper' && typeof version === 'string') return version;
  }
  return 'unknown';
}
