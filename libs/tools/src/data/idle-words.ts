/** What a row may record, by names that fit any table: "how many sales" asks for rows. */
const EVENTS = new Set(
  'sale order transaction purchase payment booking visit event entry record item case observation measurement reading'
    .split(' ')
    .flatMap((word) => [word, word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`]),
);
const PARTICIPLES = new Set(
  'sold bought made taken done gone kept sent spent put given held paid lost won shown known found brought worn driven written seen run met'.split(
    ' ',
  ),
);

/**
 * True for words that lead on to a time or a place ("eclairs sold at Harbour", "placed in 2024") or stand for the rows themselves.
 * They narrow nothing down, unless some column holds them: "orders cancelled in 2024" may ask for the cancelled ones. Only who sees
 * the table can tell.
 */
export function isIdleWord(word: string): boolean {
  return EVENTS.has(word) || PARTICIPLES.has(word) || /^\p{Ll}{2,}(?<!e)ed$/u.test(word);
}
