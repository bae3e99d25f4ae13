import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { ToolFailure } from '../../definition';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface Inspection {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The first bytes of the file, at most 256 KiB. */
  readonly head: Buffer;
  readonly encoding: Encoding;
  /** Bytes of the byte order mark, 0 to 3. */
  readonly markBytes: number;
  /** First line, from 1, that is not UTF-8; null when all of it is. */
  readonly badLine: number | null;
}

const HEAD_BYTES = 256 * 1024;
const CHUNK_BYTES = 1024 * 1024;

const MAGICS: readonly { readonly bytes: string; readonly what: string }[] = [
  { bytes: '504b0304', what: 'a ZIP archive or an office document (save the sheet as CSV)' },
  { bytes: '1f8b', what: 'compressed with gzip (unpack it first)' },
  { bytes: '28b52ffd', what: 'compressed with zstd (unpack it first)' },
  { bytes: '25504446', what: 'a PDF document' },
  { bytes: '89504e47', what: 'a PNG image' },
  { bytes: 'ffd8ff', what: 'a JPEG image' },
  { bytes: '47494638', what: 'a GIF image' },
  { bytes: '53514c69746520', what: 'an SQLite database' },
  { bytes: '4152524f5731', what: 'an Arrow file (save it as Parquet)' },
  { bytes: 'd0cf11e0', what: 'an old office document (save the sheet as CSV)' },
  { bytes: '7f454c46', what: 'a program' },
];

/**
 * Reads a file once from end to end: size, SHA-256, and how its bytes are to be read as text.
 *
 * @throws {ToolFailure} `source.empty`, `source.binary`
 */
export async function inspectFile(path: string, name: string): Promise<Inspection> {
  const hash = createHash('sha256');
  const text = new TextScan();
  const heads: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const chunk = part as Buffer;
    hash.update(chunk);
    text.add(chunk);
    if (sizeBytes < HEAD_BYTES) heads.push(chunk.subarray(0, HEAD_BYTES - sizeBytes));
    sizeBytes += chunk.length;
  }
  if (sizeBytes === 0)
    throw new ToolFailure('source.empty', `${name} is empty: it has no bytes. Check how it was made or copied.`);
  const head = Buffer.concat(heads);
  const common = { sha256: hash.digest('hex'), sizeBytes, head };
  if (isParquet(head)) return { ...common, encoding: 'utf-8', markBytes: 0, badLine: null };
  refuseKnownBinary(head, name);
  const wide = wideEncoding(head);
  if (wide) return { ...common, ...wide, badLine: 1 };
  if (text.hasNul)
    throw new ToolFailure(
      'source.binary',
      `${name} is binary, not text: it holds zero bytes. Give CSV, JSON or Parquet.`,
    );
  const isText = text.badLine === null;
  if (!isText && controlShare(head) > 0.02) {
    throw new ToolFailure('source.binary', `${name} is binary, not text. Give CSV, JSON or Parquet.`);
  }
  const markBytes = head.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  return { ...common, encoding: isText ? 'utf-8' : 'windows-1252', markBytes, badLine: text.badLine };
}

/** True when the file begins as Parquet files do. */
export function isParquet(head: Buffer): boolean {
  return head.subarray(0, 4).toString('latin1') === 'PAR1';
}

/** Follows a stream of bytes: whether it is UTF-8 (else the first line that is not), and whether it holds zero bytes. */
class TextScan {
  hasNul = false;
  badLine: number | null = null;
  private line = 1;
  private rest: Buffer = Buffer.alloc(0);
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  add(chunk: Buffer): void {
    if (!this.hasNul && chunk.includes(0)) this.hasNul = true;
    if (this.badLine !== null) return;
    try {
      this.decoder.decode(chunk, { stream: true });
    } catch {
      this.badLine = this.line + firstBadLine(Buffer.concat([this.rest, chunk]));
      return;
    }
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) this.line += 1;
    this.rest = chunk.subarray(chunk.lastIndexOf(10) + 1);
  }
}

function firstBadLine(bytes: Buffer): number {
  let from = 0;
  for (let line = 0; ; line += 1) {
    const end = bytes.indexOf(10, from);
    if (end === -1 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
}

function refuseKnownBinary(head: Buffer, name: string): void {
  const hex = head.subarray(0, 8).toString('hex');
  const magic = MAGICS.find(({ bytes }) => hex.startsWith(bytes));
  if (magic) throw new ToolFailure('source.binary', `${name} is ${magic.what}. Give CSV, JSON or Parquet.`);
}

/** UTF-16 by its mark, or by zero bytes standing in one half of the places alone. */
function wideEncoding(head: Buffer): { encoding: Encoding; markBytes: number } | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  const sample = head.subarray(0, 4096);
  if (sample.length < 4) return undefined;
  const zeros = [0, 0];
  sample.forEach((byte, index) => byte === 0 && (zeros[index % 2] = (zeros[index % 2] ?? 0) + 1));
  const [even = 0, odd = 0] = zeros;
  const half = sample.length / 2;
  if (odd > half * 0.7 && even < half * 0.1) return { encoding: 'utf-16le', markBytes: 0 };
  if (even > half * 0.7 && odd < half * 0.1) return { encoding: 'utf-16be', markBytes: 0 };
  return undefined;
}

function controlShare(head: Buffer): number {
  let controls = 0;
  for (const byte of head) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls += 1;
  return controls / head.length;
}
