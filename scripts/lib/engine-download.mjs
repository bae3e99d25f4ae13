import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cacheDir } from './paths.mjs';
import { run } from './proc.mjs';
import { pinnedEngineVersion } from './temporal-files.mjs';

const ARCH = { x64: 'amd64', arm64: 'arm64' };

/** The archive of the Temporal CLI as the vendor publishes it. */
export function downloadUrl(version, platform = process.platform, arch = process.arch) {
  const query = new URLSearchParams({ platform, arch: ARCH[arch] ?? arch, format: 'tar.gz' });
  return `https://temporal.download/cli/v${version}?${query}`;
}

/** Downloads the pinned CLI; gives up after 10 s without an answer. */
export async function downloadEngine({ reporter, signal, out }) {
  const version = pinnedEngineVersion();
  const url = downloadUrl(version);
  reporter.info('engine', `downloading ${url}`);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new Error('no answer within 10 s')), 10_000);
  const folder = join(cacheDir(), `download-${process.pid}`);
  const progress = reporter.progress('engine');
  try {
    const response = await fetch(url, {
      signal: signal ? AbortSignal.any([signal, patience.signal]) : patience.signal,
    }).catch((error) => {
      throw new Error(`temporal.download: ${error.cause?.code ?? error.message}`);
    });
    clearTimeout(timer);
    if (!response.ok) throw new Error(`temporal.download answered ${response.status}`);
    mkdirSync(folder, { recursive: true });
    await save(response, join(folder, 'cli.tar.gz'), progress);
    await run('tar', ['-xzf', 'cli.tar.gz', 'temporal'], { cwd: folder, signal });
    renameSync(join(folder, 'temporal'), out);
  } finally {
    clearTimeout(timer);
    progress.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function save(response, file, progress) {
  const total = Number(response.headers.get('content-length') ?? 0);
  let done = 0;
  const source = Readable.fromWeb(response.body);
  source.on('data', (chunk) => {
    done += chunk.length;
    progress.update(`downloaded ${mib(done)}${total ? ` of ${mib(total)}` : ''} MiB`);
  });
  await pipeline(source, createWriteStream(file));
}

const mib = (bytes) => (bytes / 2 ** 20).toFixed(0);
