import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type JsonObject, plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { defineTool, type ToolContext, ToolFailure, type ToolResult } from '../../definition';
import { startJob } from '../jobs/start';
import { DocumentSchema, GatheredSchema, type Gathering, type Hit } from '../model';
import { searchable } from '../read/passages';
import { type Corpus, lexemesOf, searchPassages, storePassages, type Term, termsOf, wordsIn } from './corpus';
import { type DocumentFile, findDocuments } from './find-documents';
import { askedTerms, toHit } from './rank';

const GatherInput = z.object({
  /** What is asked, or what a document is to be written about. */
  question: z.string().trim().min(1).max(2_000),
  /** Files, folders, `art_…` ids. */
  sources: z.array(z.string().min(1).max(4_096)).min(1).max(100),
});

const ReadSchema = z.object({
  documents: z.array(DocumentSchema),
  skipped: z.array(z.object({ source: z.string(), why: z.string() })),
  left: z.object({ passages: z.int(), chars: z.int() }),
});

/** Passages that are looked at closely. */
const HITS = 20;

/** Larger collections are stored without the passages that can have no word of the question. */
const STORED_WHOLE_BYTES = 4 * 1024 * 1024;

const common = {
  version: '1.0.0',
  input: GatherInput,
  output: GatheredSchema,
  effect: 'transactional',
  boundMs: 60_000,
  timeoutMs: 600_000,
  costUsd: 0,
} as const;

/** Reads documents, stores their passages and finds those that speak of a question; what cannot be read is a failure. */
export const researchGather = defineTool({
  ...common,
  name: 'research.gather',
  summary: 'Cut documents into located passages, store them with their word counts and find those that fit a question.',
  run: (args, context) => gather(args, context, false),
});

/** The same, leaving out documents that cannot be read; they are listed in the answer. */
export const researchGatherLenient = defineTool({
  ...common,
  name: 'research.gather-lenient',
  summary: 'Gather passages from those documents that can be read, and list those that cannot.',
  run: (args, context) => gather(args, context, true),
});

async function gather(
  { question, sources }: z.output<typeof GatherInput>,
  context: ToolContext,
  lenient: boolean,
): Promise<ToolResult<z.output<typeof GatheredSchema>>> {
  if (!context.query) throw new Error('research.gather needs the transaction of its call');
  const asked = searchable(question);
  const { files, passedOver } = await findDocuments(sources, context);
  const scratch = await context.artifacts.scratch();
  const isLarge = (await sizeOf(files)) > STORED_WHOLE_BYTES;
  const sieve = isLarge ? await lexemesOf(context.query, asked) : null;
  const job = { documents: files, scratch, lenient, sieve } as unknown as JsonObject;
  const read = ReadSchema.parse(await startJob('read', job, context));
  if (read.documents.length === 0) {
    const why = read.skipped.map((one) => one.why).join(' ');
    throw new ToolFailure('research.unreadable', `None of the documents can be read. ${why}`);
  }
  const corpus = { goalId: context.goalId, corpus: context.idempotencyKey };
  const passages = await storePassages(context.query, corpus, {
    file: join(scratch, 'passages.ndjson'),
    left: read.left,
    told: (stored) => context.heartbeat({ stored }),
  });
  const terms = await termsOf(context.query, corpus, asked);
  const hits = await rank({ ...context, query: context.query }, corpus, { asked, terms });
  const { documents } = read;
  const skipped = [...passedOver, ...read.skipped];
  const gathering: Gathering = { question, documents, skipped, passages, terms, hits };
  const content = Buffer.from(JSON.stringify(gathering));
  const ref = await context.artifacts.put({ name: 'gathering.json', mediaType: 'application/json', content });
  const counts = { documents: read.documents.length, passages, hits: hits.length, skipped: skipped.length };
  return {
    output: { gathering: ref, ...counts },
    summary: `${plural(counts.documents, 'document')}, ${plural(passages, 'passage')}, ${counts.hits} to look at closely`,
  };
}

async function sizeOf(files: readonly DocumentFile[]): Promise<number> {
  let bytes = 0;
  for (const { path } of files) bytes += (await stat(path)).size;
  return bytes;
}

async function rank(
  { query }: { query: NonNullable<ToolContext['query']> },
  corpus: Corpus,
  { asked, terms }: { asked: string; terms: readonly Term[] },
): Promise<Hit[]> {
  const found = await searchPassages(query, corpus, { question: asked, limit: HITS });
  const wanted = askedTerms(terms);
  const texts = found.flatMap(({ body, sentences }) => sentences.map(({ at, end }) => searchable(body.slice(at, end))));
  const words = await wordsIn(query, asked, texts);
  let from = 0;
  return found.map((one) => {
    const own = words.slice(from, from + one.sentences.length);
    from += one.sentences.length;
    return toHit(one, own, wanted);
  });
}
