import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Larger files are refused: as text they would not fit into a string of the engine. */
const MAX_BYTES = 256 * 1024 * 1024;
const CHUNK = 1024 * 1024;
/** How long to wait before a pipe without data is looked at again. */
const PIPE_WAIT_MS = 10;

/**
 * Reads a file or a pipe to its end. A pipe is never waited for inside the operating system, where nothing could end the wait, and
 * what has no end (`/dev/zero`) is refused once it has given too much.
 *
 * @throws {Error} in words: no such file, a directory, too large; or as the operating system says
 */
export function readWhole(path: string): Buffer {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error('there is no such file');
  if (found.isDirectory()) throw new Error('it is a directory');
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size } = fstatSync(descriptor);
    if (size > MAX_BYTES) throw tooLarge();
    return readChunks(descriptor, found.isFIFO());
  } finally {
    closeSync(descriptor);
  }
}

function readChunks(descriptor: number, isPipe: boolean): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const read = tryRead(descriptor, chunk);
    if (read === 0 && !(isPipe && total === 0)) return Buffer.concat(chunks, total);
    if (read === null || read === 0) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_WAIT_MS); // a pipe whose writer is yet to come
      continue;
    }
    total += read;
    if (total > MAX_BYTES) throw tooLarge();
    chunks.push(chunk.subarray(0, read));
  }
}

/** Null: nothing yet. */
function tryRead(descriptor: number, chunk: Buffer): number | null {
  try {
    return readSync(descriptor, chunk);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return null;
    throw error;
  }
}

const tooLarge = (): Error =>
  new Error(`it has more than ${MAX_BYTES / 1024 / 1024} MiB, which is the most that is read`);
