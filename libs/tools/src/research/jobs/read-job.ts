import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject } from '@goalkeeper/domain';
import { ToolFailure } from '../../definition';
import type { ReadDocument } from '../model';
import { decodeDocument } from '../read/decode';
import { passagesOf } from '../read/passages';
import { type LeftOut, sieveFor } from '../read/sieve';

export interface ReadJob {
  readonly documents: readonly { readonly path: string; readonly source: string; readonly name: string }[];
  readonly scratch: string;
  /** Leaves out what cannot be read, and says so, instead of failing. */
  readonly lenient: boolean;
  /** Stems of the question: passages that can have none of them are counted and left out. Null keeps all. */
  readonly sieve: readonly string[] | null;
}

/** All documents of a goal together. */
const MAX_BYTES = 512 * 1024 * 1024;
/** Passages that are stored. */
const MAX_PASSAGES = 200_000;
const BATCH_CHARS = 256 * 1024;

/** Reads documents and writes their passages as lines of JSON (`passages.ndjson` in the scratch folder). */
export async function readJob(input: JsonObject, progress: (value: Json) => void): Promise<JsonObject> {
  const job = input as unknown as ReadJob;
  const documents: ReadDocument[] = [];
  const skipped: { source: string; why: string }[] = [];
  const file = await open(join(job.scratch, 'passages.ndjson'), 'w');
  const left: LeftOut = { passages: 0, chars: 0 };
  const sieve = job.sieve ? { keeps: sieveFor(job.sieve), left } : undefined;
  let bytes = 0;
  let total = 0;
  try {
    for (const { path, source, name } of job.documents) {
      const decoded = await decodeDocument(path, name).catch((error: unknown) => {
        if (!job.lenient || !(error instanceof ToolFailure)) throw error;
        skipped.push({ source, why: error.message });
        return null;
      });
      if (!decoded) continue;
      const { text, kind, ...told } = decoded;
      bytes += told.sizeBytes;
      if (bytes > MAX_BYTES) throw tooLarge(`the documents have more than ${MAX_BYTES} bytes`);
      let passages = 0;
      const before = left.passages;
      let lines = '';
      for (const passage of passagesOf(text, kind, documents.length, sieve)) {
        passages += 1;
        lines += `${JSON.stringify(passage)}\n`;
        if (lines.length < BATCH_CHARS) continue;
        await file.write(lines);
        lines = '';
      }
      await file.write(lines);
      total += passages;
      if (total > MAX_PASSAGES) throw tooLarge(`more than ${MAX_PASSAGES} passages have words of the question`);
      documents.push({ source, name, kind, ...told, passages: passages + left.passages - before });
      progress({ read: documents.length, of: job.documents.length });
    }
  } finally {
    await file.close();
  }
  return { documents, skipped, left: { ...left } };
}

function tooLarge(why: string): ToolFailure {
  return new ToolFailure(
    'research.too_large',
    `Too much to read at once: ${why}. Name fewer documents, or ask in rarer words.`,
  );
}
