import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DEFAULT_TENANT_ID, TenantRepository, TokenRepository, type Database } from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';

/**
 * Makes sure that somebody can use the installation: the tenant `default` exists, and the file holds a token that works
 * (mode 600). A token that works is kept; when the file is gone or its token no longer works, a new one is made and
 * the log says so. Without a file, only the tenant is made.
 *
 * @param file where the token is kept; undefined when tokens come from elsewhere
 */
export async function ensureFirstToken(database: Database, file: string | undefined, log: Logger): Promise<void> {
  const isFirst = await database.tenant(DEFAULT_TENANT_ID, async (tx) => {
    const tenants = new TenantRepository(tx);
    const known = await tenants.current();
    if (!known) await tenants.ensureDefault();
    return !known;
  });
  if (!file) return;
  const kept = await readToken(file);
  if (kept !== null && (await database.system((tx) => new TokenRepository(tx).find(kept)))) return;
  const { id, token } = await database.tenant(DEFAULT_TENANT_ID, (tx) =>
    new TokenRepository(tx).create(DEFAULT_TENANT_ID, isFirst ? 'first token' : 'local token'),
  );
  await writePrivately(file, `${token}\n`);
  const reason = isFirst ? 'first start' : kept === null ? 'the file was gone' : 'the token in the file does not work';
  log.info({ file, tokenId: id, reason }, 'auth.token_written');
}

async function readToken(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes beside the file and renames: readers see the old token or the new one, and only the owner may look. */
async function writePrivately(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${randomUUID()}`;
  try {
    const handle = await open(beside, 'wx', 0o600);
    await handle
      .writeFile(text)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}
