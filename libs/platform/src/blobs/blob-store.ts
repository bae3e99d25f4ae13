import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type ReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AgentError } from '@goalkeeper/domain';
import { type Sweep, sweepAbandoned } from '../files/sweep-abandoned';

const SHA256 = /^[0-9a-f]{64}$/;

/** No blob of that name is stored. */
export class UnknownBlobError extends AgentError {
  readonly code = 'artifact.unknown';
  readonly retryable = false;
}

/** More bytes arrived than the caller allows. */
export class BlobTooLargeError extends AgentError {
  readonly code = 'artifact.too_large';
  readonly retryable = false;
}

export interface StoredBlob {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Files named by their SHA-256 below one folder; a blob is complete or absent, never half there. */
export class BlobStore {
  constructor(private readonly options: { readonly dir: string }) {}

  /**
   * Stores content; the same content is stored once.
   *
   * @param content bytes, a stream, or a local file (which stays where it is)
   * @param limitBytes refuses more than this
   * @throws {BlobTooLargeError}
   */
  async put(
    content: Uint8Array | Readable | { path: string },
    limitBytes = Number.POSITIVE_INFINITY,
  ): Promise<StoredBlob> {
    const incoming = join(this.incomingDir, randomUUID());
    await mkdir(dirname(incoming), { recursive: true });
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        sizeBytes += chunk.length;
        if (sizeBytes > limitBytes) return done(new BlobTooLargeError(`More than ${limitBytes} bytes`, { limitBytes }));
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(toStream(content), meter, createWriteStream(incoming, { flags: 'wx' }));
      const sha256 = hash.digest('hex');
      await this.keep(incoming, sha256);
      return { sha256, sizeBytes };
    } finally {
      await rm(incoming, { force: true });
    }
  }

  /** Flushes before the rename, so that a name never stands for bytes that a crash could take away. */
  private async keep(incoming: string, sha256: string): Promise<void> {
    const target = this.locate(sha256);
    await mkdir(dirname(target), { recursive: true });
    const file = await open(incoming, 'r');
    await file.sync().finally(() => file.close());
    await rename(incoming, target);
    const folder = await open(dirname(target), 'r');
    await folder.sync().finally(() => folder.close());
  }

  /**
   * @returns the local path of a blob, for reading only
   * @throws {UnknownBlobError}
   */
  async path(sha256: string): Promise<string> {
    const target = SHA256.test(sha256) ? this.locate(sha256) : null;
    if (!target || !(await isFile(target))) throw new UnknownBlobError('No such blob is stored', { sha256 });
    return target;
  }

  /**
   * @param range first and last byte, both included
   * @throws {UnknownBlobError}
   */
  async openRead(sha256: string, range?: { start: number; end: number }): Promise<ReadStream> {
    return createReadStream(await this.path(sha256), range);
  }

  /**
   * Removes what a killed process left half-written. A blob that still grows is touched by every byte.
   *
   * @param before milliseconds since the epoch: what was not touched since
   */
  sweep(before: number): Promise<Sweep> {
    return sweepAbandoned(this.incomingDir, before);
  }

  private get incomingDir(): string {
    return join(this.options.dir, 'incoming');
  }

  private locate(sha256: string): string {
    return join(this.options.dir, sha256.slice(0, 2), sha256);
  }
}

function toStream(content: Uint8Array | Readable | { path: string }): Readable {
  if (content instanceof Readable) return content;
  if (content instanceof Uint8Array) return Readable.from([Buffer.from(content)]);
  return createReadStream(content.path);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
