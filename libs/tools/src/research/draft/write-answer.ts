import type { Answer, AnswerKind, Gathering, Hit, Quote } from '../model';

/** A passage answers when its words carry at least this share of the question's weight: more than one of two. */
const SUPPORT = 0.55;
/** A passage belongs to a document about a topic when they carry this share. */
const TOPIC_SUPPORT = 0.3;
/** Passages far behind the best one are left out. */
const BEHIND = 0.75;
const MOST_PASSAGES = 5;
const MOST_SENTENCES = 3;
const PASSAGES_A_DOCUMENT = 4;

/**
 * Makes an answer out of found passages: of each its sentences that carry the question's weight, as quotes with their place.
 * Without a passage that carries enough it says so, and quotes nothing.
 */
export function writeAnswer(gathering: Gathering, kind: AnswerKind): Answer {
  const { question, documents, skipped, terms, hits } = gathering;
  const book = new QuoteBook();
  const ranked = [...hits].sort((a, b) => b.support - a.support || b.score - a.score || a.ordinal - b.ordinal);
  const best = ranked[0]?.support ?? 0;
  const found = best >= SUPPORT;
  const sections = !found
    ? []
    : kind === 'answer'
      ? answerSections(ranked, best, book)
      : topicSections(ranked, gathering, book);
  const unknownWords = terms.filter(({ passages }) => passages === 0).map(({ lexeme }) => lexeme);
  return { kind, question, found, documents, skipped, unknownWords, sections, quotes: book.list() };
}

function answerSections(ranked: readonly Hit[], best: number, book: QuoteBook): Answer['sections'] {
  const chosen = ranked
    .filter(({ support }) => support >= Math.max(SUPPORT, best * BEHIND))
    .toSorted((a, b) => b.support * b.score - a.support * a.score || a.ordinal - b.ordinal)
    .slice(0, MOST_PASSAGES);
  return [{ title: 'Answer', quotes: chosen.flatMap((hit) => book.addBest(hit)) }];
}

/** What carries most first, then document by document, in the order of the documents. */
function topicSections(ranked: readonly Hit[], { documents }: Gathering, book: QuoteBook): Answer['sections'] {
  const near = ranked.filter(({ support }) => support >= TOPIC_SUPPORT);
  const short = near.slice(0, 3).flatMap((hit) => book.addBest(hit, 1));
  const own = documents.map(({ name }, index) => ({
    title: name,
    quotes: near
      .filter(({ document }) => document === index)
      .slice(0, PASSAGES_A_DOCUMENT)
      .toSorted((a, b) => a.ordinal - b.ordinal)
      .flatMap((hit) => book.addBest(hit)),
  }));
  return [{ title: 'In short', quotes: short }, ...own.filter(({ quotes }) => quotes.length > 0)];
}

/** Numbers the quotes; the same place is quoted under one id. */
class QuoteBook {
  private readonly quotes = new Map<string, Quote>();

  /** The sentences of a passage that carry most, in their order. */
  addBest({ document, sentences }: Hit, most = MOST_SENTENCES): string[] {
    const top = Math.max(...sentences.map(({ weight }) => weight), 0);
    const chosen = sentences
      .map((sentence, index) => ({ ...sentence, index }))
      .filter(({ weight }) => top === 0 || weight >= top / 2)
      .sort((a, b) => b.weight - a.weight || a.index - b.index)
      .slice(0, top === 0 ? 1 : most)
      .sort((a, b) => a.index - b.index);
    return chosen.map(({ from, to, line, text }) => {
      const key = `${document} ${from}`;
      const known = this.quotes.get(key);
      if (known) return known.id;
      const id = `q${this.quotes.size + 1}`;
      this.quotes.set(key, { id, document, from, to, line, quote: text });
      return id;
    });
  }

  list(): Quote[] {
    return [...this.quotes.values()];
  }
}
