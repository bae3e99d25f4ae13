import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { decode, decodeStream } from 'iconv-lite';
import type { Inspection } from './inspect-file';

/** The beginning of the file as text, without its byte order mark. */
export function decodeHead({ head, encoding, markBytes }: Inspection): string {
  return decode(head.subarray(markBytes), encoding, { stripBOM: true });
}

/** The file as a stream of texts, without its byte order mark; never more than a chunk in memory. */
export function decodedStream(path: string, { encoding, markBytes }: Inspection): Readable {
  const decoder = decodeStream(encoding, { stripBOM: true });
  const bytes = createReadStream(path, { start: markBytes, highWaterMark: 1024 * 1024 });
  bytes.on('error', (error) => decoder.emit('error', error));
  const readable = bytes.pipe(decoder) as unknown as Readable;
  readable.setEncoding('utf8');
  return readable;
}
