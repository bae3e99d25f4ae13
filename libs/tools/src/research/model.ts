import { z } from 'zod';
import { ArtifactRefSchema } from '../data/schemas';

/** Kinds of documents; each has its way from bytes to text. */
export const DOCUMENT_KINDS = ['text', 'markdown', 'html', 'csv', 'json'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export const DocumentSchema = z.object({
  /** What names it as a source, e.g. `handbook.md` or `art_…`; the same content is found under it again. */
  source: z.string(),
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().nonnegative(),
  kind: z.enum(DOCUMENT_KINDS),
  encoding: z.string(),
  passages: z.int().nonnegative(),
});
export type ReadDocument = z.output<typeof DocumentSchema>;

/** Where a sentence stands: `at` and `end` in the passage, `from` and `to` in the document's text (UTF-16 units), `line` from 1. */
export const SentenceSchema = z.object({
  at: z.int(),
  end: z.int(),
  from: z.int(),
  to: z.int(),
  line: z.int(),
});
export type Sentence = z.output<typeof SentenceSchema>;

/** One piece of a document, as the child writes it, a line of JSON each. */
export interface Passage {
  readonly document: number;
  readonly body: string;
  readonly sentences: readonly Sentence[];
  /** What it is found by: the headings above it and its own words. */
  readonly index: string;
}

export const HitSchema = z.object({
  document: z.int(),
  ordinal: z.int(),
  score: z.number(),
  /** Share of the question's weight that its words carry, 0..1. */
  support: z.number(),
  sentences: z.array(SentenceSchema.omit({ at: true, end: true }).extend({ text: z.string(), weight: z.number() })),
});
export type Hit = z.output<typeof HitSchema>;

export const GatheringSchema = z.object({
  question: z.string(),
  documents: z.array(DocumentSchema),
  skipped: z.array(z.object({ source: z.string(), why: z.string() })),
  passages: z.int(),
  /** Words of the question with their weight; `passages` is how many passages have them. */
  terms: z.array(z.object({ lexeme: z.string(), passages: z.int(), weight: z.number() })),
  hits: z.array(HitSchema),
});
export type Gathering = z.output<typeof GatheringSchema>;

export const GatheredSchema = z.object({
  gathering: ArtifactRefSchema,
  documents: z.int(),
  passages: z.int(),
  hits: z.int(),
  skipped: z.int(),
});

/** A quoted place; `quote` stands literally between `from` and `to` of the document (of a page: is what shows there). */
export const QuoteSchema = z.object({
  id: z.string(),
  document: z.int(),
  from: z.int(),
  to: z.int(),
  line: z.int(),
  quote: z.string(),
});
export type Quote = z.output<typeof QuoteSchema>;

export const ANSWER_KINDS = ['answer', 'document'] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

export const AnswerSchema = z.object({
  kind: z.enum(ANSWER_KINDS),
  question: z.string(),
  found: z.boolean(),
  documents: z.array(DocumentSchema),
  skipped: z.array(z.object({ source: z.string(), why: z.string() })),
  /** Words of the question that no document has. */
  unknownWords: z.array(z.string()),
  /** Ids of quotes under headings, in the order of the page. */
  sections: z.array(z.object({ title: z.string(), quotes: z.array(z.string()) })),
  quotes: z.array(QuoteSchema),
});
export type Answer = z.output<typeof AnswerSchema>;
