import { type ToolContext, ToolFailure } from '../../definition';

export interface DocumentFile {
  readonly path: string;
  readonly source: string;
  readonly name: string;
}

const MAX_DOCUMENTS = 1_000;

/** The endings that a folder is searched for. */
export const DOCUMENT_ENDINGS = [
  'txt',
  'text',
  'md',
  'markdown',
  'html',
  'htm',
  'csv',
  'tsv',
  'json',
  'ndjson',
  'jsonl',
];

/**
 * The documents that sources name: files as they are, folders with all documents in them, in the order of their names; each once.
 *
 * @throws {ToolFailure} for a source that is not there or may not be read; `research.no_documents` for folders without any
 */
export async function findDocuments(sources: readonly string[], context: ToolContext): Promise<DocumentFile[]> {
  const found = new Map<string, DocumentFile>();
  for (const source of sources) {
    const inside = await context.sources.list?.(source, DOCUMENT_ENDINGS);
    for (const one of inside ?? [source]) {
      const { path, name } = await context.sources.resolve(one);
      if (!found.has(path)) found.set(path, { path, source: one, name: inside ? one : name });
    }
  }
  if (found.size === 0) {
    const message = `There is no document in ${sources.join(', ')}. Folders are searched for ${DOCUMENT_ENDINGS.join(', ')}.`;
    throw new ToolFailure('research.no_documents', message);
  }
  if (found.size > MAX_DOCUMENTS)
    throw new ToolFailure(
      'research.too_large',
      `${found.size} documents are too many; at most ${MAX_DOCUMENTS} are read.`,
    );
  return [...found.values()];
}
