import { plural } from '@goalkeeper/domain';
import { escapeHtml } from '../../data/report/render-html';
import { REPORT_CSS } from '../../data/report/report-css';
import type { Answer, Quote } from '../model';

/** What an answer says where nothing was found. */
export const NOT_FOUND = 'Not found in the documents.';

/** A text of others on one line, without characters that turn the direction of what follows. */
export function shown(text: string): string {
  return text
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

/** Where a quote stands, for people. */
export function placeText(quote: Quote, { documents }: Answer): string {
  const name = documents[quote.document]?.name ?? '';
  return `${shown(name)}, line ${quote.line}, characters ${quote.from}–${quote.to}`;
}

/** The answer as a page that runs and loads nothing. */
export function renderHtml(answer: Answer): string {
  const byId = new Map(answer.quotes.map((quote) => [quote.id, quote]));
  const figure = (id: string): string => {
    const quote = byId.get(id);
    if (!quote) return '';
    const text = escapeHtml(shown(quote.quote));
    return `<figure><blockquote data-quote="${id}">${text}</blockquote><figcaption>${escapeHtml(placeText(quote, answer))}</figcaption></figure>`;
  };
  const sections = answer.sections.map(
    ({ title, quotes }) =>
      `<section><h2>${escapeHtml(shown(title))}</h2>\n${quotes.map(figure).join('\n')}\n</section>`,
  );
  const title = escapeHtml(shown(answer.question));
  const body = answer.found ? sections.join('\n') : `<p class="none">${NOT_FOUND}</p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${REPORT_CSS}
blockquote { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }</style></head>
<body><header><p class="kicker">${answer.kind === 'answer' ? 'Answer from documents' : 'Document'}</p><h1>${title}</h1></header>
<main>
${body}
<section><h2>What was read</h2><ul>${documentLines(answer)
    .map((line) => `<li>${escapeHtml(line)}</li>`)
    .join('')}</ul></section>
</main></body></html>
`;
}

/** The answer for places without a browser; each quote is followed by a comment with its id. */
export function renderMarkdown(answer: Answer): string {
  const byId = new Map(answer.quotes.map((quote) => [quote.id, quote]));
  const block = (id: string): string => {
    const quote = byId.get(id);
    if (!quote) return '';
    return `> ${escapeMarkdown(shown(quote.quote))}<!--${id}-->\n>\n> — ${escapeMarkdown(placeText(quote, answer))}`;
  };
  const sections = answer.sections.map(
    ({ title, quotes }) => `## ${escapeMarkdown(shown(title))}\n\n${quotes.map(block).join('\n\n')}`,
  );
  const body = answer.found ? sections.join('\n\n') : NOT_FOUND;
  const lines = documentLines(answer).map((line) => `- ${escapeMarkdown(line)}`);
  return `# ${escapeMarkdown(shown(answer.question))}\n\n${body}\n\n## What was read\n\n${lines.join('\n')}\n`;
}

/** Documents that are named although nothing of them is quoted; the JSON names all. */
const MOST_NAMED = 100;

function documentLines({ documents, skipped, unknownWords, found, quotes }: Answer): string[] {
  const quoted = new Set(quotes.map(({ document }) => document));
  const named = documents.filter((_, index) => index < MOST_NAMED || quoted.has(index));
  const more = documents.length - named.length;
  const rest = more > 0 ? [`and ${plural(more, 'document')} more, named in answer.json`] : [];
  const read = named.map(
    ({ name, passages, sha256 }) => `${shown(name)}: ${plural(passages, 'passage')}, SHA-256 ${sha256}`,
  );
  const left = skipped.map(({ source, why }) => `${shown(source)}: left out. ${shown(why)}`);
  const unknown = found || unknownWords.length === 0 ? [] : [`In no document: ${unknownWords.map(shown).join(', ')}`];
  return [...read, ...rest, ...left, ...unknown];
}

/** Every character that means something to Markdown is escaped; a backslash before punctuation always can be taken off again. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+\-!|&~=.:@/]/g, '\\$&');
}
