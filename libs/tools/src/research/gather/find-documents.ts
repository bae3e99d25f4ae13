import { plural } from '@goalkeeper/domain';
import { type ToolContext, ToolFailure } from '../../definition';

export interface DocumentFile {
  readonly path: string;
  readonly source: string;
  readonly name: string;
}

const MAX_DOCUMENTS = 20_000;
/** Files that are named as passed over. */
const MOST_NAMED = 50;

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

/** Documents that people would expect to be read, and that are not text. */
const OTHER_ENDINGS = ['pdf', 'doc', 'docx', 'odt', 'rtf', 'ppt', 'pptx', 'xls', 'xlsx', 'epub'];

/** What is read, and what of the folders is passed over because it is no text. */
export interface FoundDocuments {
  readonly files: readonly DocumentFile[];
  readonly passedOver: readonly { readonly source: string; readonly why: string }[];
}

/**
 * The documents that sources name: files as they are, folders with all documents in them, in the order of their names; each once.
 *
 * @throws {ToolFailure} for a source that is not there or may not be read; `research.no_documents` for folders without any
 */
export async function findDocuments(sources: readonly string[], context: ToolContext): Promise<FoundDocuments> {
  const other: string[] = [];
  const found = new Map<string, DocumentFile>();
  for (const source of sources) {
    const inside = await context.sources.list?.(source, DOCUMENT_ENDINGS);
    if (inside) other.push(...((await context.sources.list?.(source, OTHER_ENDINGS)) ?? []));
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
  return { files: [...found.values()], passedOver: named(other) };
}

function named(sources: readonly string[]): FoundDocuments['passedOver'] {
  const why = 'It is no text: PDF and office documents are not read. Save it as text, Markdown or HTML.';
  const shown = sources.slice(0, MOST_NAMED).map((source) => ({ source, why }));
  const more = sources.length - shown.length;
  return more > 0 ? [...shown, { source: plural(more, 'more file'), why }] : shown;
}
