import type { Hit } from '../model';
import type { Found, Term } from './corpus';

/**
 * Words that ask, allow or measure, and name nothing: PostgreSQL's stop words leave them in. They are no evidence for or against a
 * passage.
 */
const ASKING =
  'many much long often far old soon late must may might shall would could need say said tell told mention explain describ accord ' +
  'document file page write answer pleas get give find';
const asking = new Set(ASKING.split(' '));

/** The terms that a passage must have to answer: without those that only ask, unless nothing else is left. */
export function askedTerms(terms: readonly Term[]): readonly Term[] {
  const named = terms.filter(({ lexeme }) => !asking.has(lexeme));
  return named.length > 0 ? named : terms;
}

/**
 * Share of a question's weight that some of its words carry, 0..1. A word that no passage has weighs as much as the rarest that
 * one has: what nobody speaks of is missing, and yet cannot outweigh everything else.
 */
export function supportOf(lexemes: ReadonlySet<string>, terms: readonly Term[]): number {
  const most = Math.max(...terms.filter(({ passages }) => passages > 0).map(({ weight }) => weight), 0.1);
  const weigh = ({ weight, passages }: Term): number => (passages > 0 ? Math.max(weight, most / 4) : most);
  const total = terms.reduce((sum, term) => sum + weigh(term), 0);
  const held = terms.filter(({ lexeme }) => lexemes.has(lexeme)).reduce((sum, term) => sum + weigh(term), 0);
  return total === 0 ? 0 : held / total;
}

/** A found passage with the weight of each of its sentences: the share of the question's weight that stands in it. */
export function toHit(found: Found, sentenceWords: readonly ReadonlySet<string>[], terms: readonly Term[]): Hit {
  return {
    document: found.document,
    ordinal: found.ordinal,
    score: Math.round(found.score * 1e6) / 1e6,
    support: supportOf(new Set(found.lexemes), terms),
    sentences: found.sentences.map(({ at, end, ...place }, index) => ({
      ...place,
      text: found.body.slice(at, end),
      weight: supportOf(sentenceWords[index] ?? new Set(), terms),
    })),
  };
}
