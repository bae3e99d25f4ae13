import { type Evidence, plural } from '@goalkeeper/domain';
import { isRoundingOf } from './number-text';
import type { CheckedReport } from './report-model';

const HTML_TOKEN =
  /<svg\b[\s\S]*?<\/svg>|<style>[\s\S]*?<\/style>|<!--[\s\S]*?-->|<(data|q|code)\b([^>]*)>([^<]*)<\/\1>|<[^>]+>|[^<]+/g;

export interface Page {
  /** The numbers in the order of the page: claim and text. */
  readonly numbers: readonly { readonly id: string; readonly raw: string | null; readonly text: string }[];
  /** Names and values quoted out of the data. */
  readonly quotes: readonly { readonly kind: string; readonly text: string }[];
  readonly codes: readonly string[];
  /** All other words of the page. */
  readonly words: string;
  readonly sections: readonly string[];
}

/** Takes the HTML page apart: numbers, quotes, terms and words; charts and styles are left to other checks. */
export function readHtmlPage(html: string): Page {
  const numbers: Page['numbers'][number][] = [];
  const quotes: Page['quotes'][number][] = [];
  const codes: string[] = [];
  const words: string[] = [];
  const body = html.slice(html.indexOf('<body'));
  for (const [token, name, attributes = '', inner = ''] of body.matchAll(HTML_TOKEN)) {
    const text = unescapeHtml(inner);
    if (name === 'data')
      numbers.push({ id: attribute(attributes, 'data-claim'), raw: attribute(attributes, 'value'), text });
    else if (name === 'q') quotes.push({ kind: attribute(attributes, 'class'), text });
    else if (name === 'code') codes.push(text);
    else if (!token.startsWith('<')) words.push(unescapeHtml(token));
  }
  const sections = [...html.matchAll(/<section id="([\w-]+)">\s*<h2>[^<]+<\/h2>\s*\S/g)].map((match) => match[1] ?? '');
  return { numbers, quotes, codes, words: words.join(' '), sections };
}

/** Takes the Markdown apart in the same way; code spans hold both quotes and terms. */
export function readMarkdownPage(markdown: string): Page {
  const numbers: Page['numbers'][number][] = [];
  const codes: string[] = [];
  const token =
    /(`+)([\s\S]*?[^`])\1(?!`)|!\[[^\]]*\]\([^)]*\)|(-?\d[\d,.:e+-]*(?: \d\d:\d\d:\d\d)?(?: %)?)<!--(c\d+)-->/g;
  for (const [, fence, code = '', text, id = ''] of markdown.matchAll(token)) {
    if (fence !== undefined) codes.push(code);
    else if (text !== undefined) numbers.push({ id, raw: null, text });
  }
  const words = markdown.replace(token, ' ');
  const sections = [...markdown.matchAll(/^## (.+)\n+(?=[^#\s])/gm)].map((match) => match[1] ?? '');
  return { numbers, quotes: [], codes, words, sections };
}

/** Every number of a page is a claim with that very text, every claim is on the page in its order, and no number stands free. */
export function checkNumbers(where: string, page: Page, report: CheckedReport): Evidence[] {
  const claims = report.claims;
  const wrong: string[] = [];
  claims.forEach((claim, index) => {
    const number = page.numbers[index];
    if (!number || number.id !== claim.id) wrong.push(`${claim.id} is not in its place`);
    else if (number.text !== claim.shown)
      wrong.push(`${claim.id} shows "${number.text}", the claim says "${claim.shown}"`);
    else if (number.raw !== null && number.raw !== String(claim.value))
      wrong.push(`${claim.id} carries the value ${number.raw}, the claim ${claim.value}`);
  });
  if (page.numbers.length > claims.length)
    wrong.push(`without a claim: ${plural(page.numbers.length - claims.length, 'number')}`);
  const free = [...page.words.matchAll(/\S*\d\S*/g)].map(([word]) => word);
  return [
    {
      check: `${where}: every number is its claim`,
      holds: wrong.length === 0,
      seen: wrong[0] ?? plural(page.numbers.length, 'number'),
    },
    { check: `${where}: no number stands without a claim`, holds: free.length === 0, seen: free[0] ?? 'none' },
  ];
}

/** What each claim shows is its value, rounded. */
export function checkShown(report: CheckedReport): Evidence {
  const wrong = report.claims.filter(({ value, shown }) =>
    typeof value === 'number'
      ? !isRoundingOf(shown, value)
      : shown !== value.replace('T', ' ').replace(/ 00:00:00$/, ''),
  );
  const [first] = wrong;
  const seen = first ? `${first.id} shows "${first.shown}" for ${first.value}` : plural(report.claims.length, 'claim');
  return { check: 'every shown number is its value rounded', holds: wrong.length === 0, seen };
}

function attribute(attributes: string, name: string): string {
  return unescapeHtml(new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

function unescapeHtml(text: string): string {
  return text.replace(
    /&(lt|gt|quot|#39|amp);/g,
    (_whole, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name] ?? '',
  );
}
