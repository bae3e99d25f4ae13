import type { JsonObject } from '@goalkeeper/domain';
import { ToolFailure } from '../../definition';
import type { Quote } from '../model';
import { decodeDocument } from '../read/decode';
import { visibleBlocks } from '../read/visible-text';

interface ReviewJob {
  readonly documents: readonly {
    readonly index: number;
    readonly path: string;
    readonly name: string;
    readonly sha256: string;
  }[];
  readonly quotes: readonly Quote[];
}

/** Looks for each quote at its place. @throws {ToolFailure} `research.document_changed`, `research.quote_missing` */
export async function reviewJob(input: JsonObject): Promise<JsonObject> {
  const { documents, quotes } = input as unknown as ReviewJob;
  for (const { index, path, name, sha256 } of documents) {
    const { text, kind, sha256: now } = await decodeDocument(path, name);
    if (now !== sha256)
      throw new ToolFailure('research.document_changed', `${name} was changed while it was being read. Ask again.`);
    for (const { id, document, from, to, quote } of quotes) {
      if (document !== index) continue;
      const raw = text.slice(from, to);
      const stands =
        kind === 'html'
          ? visibleBlocks(raw)
              .map((block) => block.text)
              .join(' ')
          : raw;
      if (stands !== quote)
        throw new ToolFailure('research.quote_missing', `Quote ${id} does not stand at its place in ${name}.`);
    }
  }
  return { reviewed: quotes.length };
}
