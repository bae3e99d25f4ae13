import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TransactionQuery } from '../../definition';
import type { LeftOut } from '../read/sieve';
import { SentenceSchema, type Passage, type Sentence } from '../model';

/** Names the passages of one gathering in the store. */
export interface Corpus {
  readonly goalId: string;
  readonly corpus: string;
}

/** A passage that a question found. */
export interface Found {
  readonly ordinal: number;
  readonly document: number;
  readonly body: string;
  readonly sentences: readonly Sentence[];
  readonly score: number;
  readonly lexemes: readonly string[];
}

export interface Term {
  readonly lexeme: string;
  readonly passages: number;
  readonly weight: number;
}

/** Passages that a child wrote, and what it left out. */
export interface Stored {
  readonly file: string;
  readonly left: LeftOut;
  /** Told of every batch. */
  readonly told: (passages: number) => void;
}

const BATCH = 500;

/** What was left out counts for the mean length and the weights; its words are estimated by its letters. */
const COUNT_LEFT = `
  UPDATE research_corpus SET passages = passages + $3, words = words + round(words * $4::numeric / greatest(
    (SELECT sum(length(body)) FROM research_passage p WHERE p.goal_id = $1 AND p.corpus = $2), 1))
  WHERE goal_id = $1 AND corpus = $2`;

const STORE = `
  INSERT INTO research_passage (tenant_id, goal_id, corpus, ordinal, document, body, sentences, words, length)
  SELECT gk_tenant(), $1, $2, p.ordinal, p.document, p.body, p.sentences, v.words,
    (SELECT coalesce(sum(cardinality(w.positions)), 0) FROM unnest(v.words) AS w (lexeme, positions, weights))
  FROM jsonb_to_recordset($3::jsonb) AS p (ordinal integer, document integer, body text, sentences jsonb, index text)
  CROSS JOIN LATERAL (SELECT to_tsvector('english', p.index) AS words) AS v`;

/**
 * Stores the passages of a file of JSON lines, and how many of them have each word. Passages of an earlier call of the same name
 * go first.
 *
 * @returns how many passages there are
 */
export async function storePassages(
  query: TransactionQuery,
  { goalId, corpus }: Corpus,
  { file, left, told }: Stored,
): Promise<number> {
  await query('DELETE FROM research_corpus WHERE goal_id = $1 AND corpus = $2', [goalId, corpus]);
  await query('INSERT INTO research_corpus (tenant_id, goal_id, corpus) VALUES (gk_tenant(), $1, $2)', [
    goalId,
    corpus,
  ]);
  let batch: object[] = [];
  let ordinal = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await query(STORE, [goalId, corpus, JSON.stringify(batch)]);
    batch = [];
    told(ordinal);
  };
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    if (line === '') continue;
    batch.push({ ...(JSON.parse(line) as Passage), ordinal });
    ordinal += 1;
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  await query('SELECT gk_research_count($1, $2)', [goalId, corpus]);
  if (left.passages > 0) await query(COUNT_LEFT, [goalId, corpus, left.passages, left.chars]);
  return ordinal + left.passages;
}

/** The stems of a question. */
export async function lexemesOf(query: TransactionQuery, question: string): Promise<string[]> {
  const rows = await query(
    `SELECT u.lexeme FROM unnest(to_tsvector('english', $1)) AS u (lexeme, positions, weights)`,
    [question],
  );
  return rows.map(({ lexeme }) => String(lexeme));
}

/** The words of a question that count, with the weight that BM25 gives them in this corpus. */
export async function termsOf(query: TransactionQuery, { goalId, corpus }: Corpus, question: string): Promise<Term[]> {
  const rows = await query('SELECT * FROM gk_research_terms($1, $2, $3) ORDER BY lexeme', [goalId, corpus, question]);
  return rows.map(({ lexeme, passages, weight }) => ({
    lexeme: String(lexeme),
    passages: Number(passages),
    weight: Number(weight),
  }));
}

/** The passages that answer best, best first. */
export async function searchPassages(
  query: TransactionQuery,
  { goalId, corpus }: Corpus,
  { question, limit }: { readonly question: string; readonly limit: number },
): Promise<Found[]> {
  const rows = await query('SELECT * FROM gk_research_search($1, $2, $3, $4)', [goalId, corpus, question, limit]);
  return rows.map((row) => ({
    ordinal: Number(row.ordinal),
    document: Number(row.document),
    body: String(row.body),
    sentences: SentenceSchema.array().parse(row.sentences),
    score: Number(row.score),
    lexemes: (row.lexemes as unknown[]).map(String),
  }));
}

/** The words of the question that stand in each of some texts. */
export async function wordsIn(
  query: TransactionQuery,
  question: string,
  texts: readonly string[],
): Promise<ReadonlySet<string>[]> {
  if (texts.length === 0) return [];
  const rows = await query(
    `SELECT ARRAY(SELECT w.lexeme FROM unnest(to_tsvector('english', t.text)) AS w (lexeme, positions, weights)
       JOIN unnest(to_tsvector('english', $1)) AS q (lexeme, positions, weights) ON q.lexeme = w.lexeme) AS lexemes
     FROM jsonb_array_elements_text($2::jsonb) WITH ORDINALITY AS t (text, place) ORDER BY t.place`,
    [question, JSON.stringify(texts)],
  );
  return rows.map(({ lexemes }) => new Set((lexemes as unknown[]).map(String)));
}
