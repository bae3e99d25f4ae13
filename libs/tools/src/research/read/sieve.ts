import { searchable } from './passages';

/** What passages were left out of the store, because no word of the question can stand in them. */
export interface LeftOut {
  passages: number;
  chars: number;
}

/**
 * Tells texts that may have a word of a question from those that cannot, so that large collections need not be stored as a whole: what
 * BM25 counts of the words of a question is the same without the others. It lets through too much rather than too little.
 *
 * A word and its stem have all letters of the stem but the last in common, and "die", "lie", "tie" only the first with "dying".
 *
 * @param lexemes stems of the question, as PostgreSQL makes them
 * @see Porter, The English (Porter2) stemming algorithm
 */
export function sieveFor(lexemes: readonly string[]): (text: string) => boolean {
  if (lexemes.length === 0) return () => false;
  const parts = lexemes.map((lexeme) => {
    const letters = [...lexeme];
    const kept = /^[dlt]ie$/.test(lexeme) ? 1 : Math.max(1, letters.length - 1);
    return letters
      .slice(0, kept)
      .join('')
      .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
  const any = new RegExp(parts.join('|'), 'iu');
  // An escape of JSON may hide a letter.
  return (text) => text.includes('\\u') || any.test(text) || (/[^\0-\x7f]/.test(text) && any.test(searchable(text)));
}
