const PER = /\s(?:per|by|for\s+each|for\s+every)\s/iu;
const ADVERBS: Readonly<Record<string, string>> = {
  ...{ daily: 'day', weekly: 'week', monthly: 'month', quarterly: 'quarter', yearly: 'year', annual: 'year' },
};

/**
 * "Revenue per month" and "monthly revenue" as an order that names a statistic, `total revenue per month`; null for other texts.
 *
 * @returns `noun` is the first word of what would be measured
 */
export function asTotal(words: string): { readonly asked: string; readonly noun: string } | null {
  const match = /^\s*(?:the\s+)?(?:(\p{L}+ly|annual)\s+)?(\p{L}[\p{L}\p{N}_]*)(.*)$/isu.exec(words);
  const [, adverb = '', noun, rest = ''] = match ?? [];
  const period = ADVERBS[adverb.toLowerCase()];
  if (noun === undefined || (adverb !== '' && period === undefined)) return null;
  if (period !== undefined) return { asked: `total ${noun} per ${period}${rest}`, noun };
  return PER.test(words) ? { asked: `total ${words.trim()}`, noun } : null;
}
