/**
 * The words of an objective by which goals are alike: a path or address stands for the name of its file, without folders and ending,
 * and `_` parts words. The store does the same to what it keeps (`gk_plain_words`).
 */
export function plainWords(objective: string): string {
  return objective
    .replace(/[^\s/\\]*[/\\]/g, ' ')
    .replace(/([\p{L}\p{N}_])\.[A-Za-z]{1,5}(?![\p{L}\p{N}_])/gu, '$1 ')
    .replaceAll('_', ' ');
}
