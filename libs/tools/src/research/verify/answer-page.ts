/** Quotes by id as a page shows them, with the place that stands below. */
export interface ShownQuote {
  readonly id: string;
  readonly text: string;
  readonly place: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** One line, as a reader sees it. */
export function onOneLine(text: string): string {
  let line = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const turns =
      code === 0x200e || code === 0x200f || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    if (turns) continue;
    const isSpace = /\s/u.test(character) || code < 0x20 || (code >= 0x7f && code < 0xa0);
    line += isSpace ? (line.endsWith(' ') ? '' : ' ') : character;
  }
  return line.trim();
}

/** The quotes of `answer.html`. */
export function quotesOfHtml(html: string): ShownQuote[] {
  const found: ShownQuote[] = [];
  const figure = /<blockquote data-quote="([^"]*)">([^<]*)<\/blockquote><figcaption>([^<]*)<\/figcaption>/g;
  for (const [, id = '', text = '', place = ''] of html.matchAll(figure))
    found.push({ id, text: decoded(text), place: decoded(place) });
  return found;
}

/** The quotes of `answer.md`. */
export function quotesOfMarkdown(markdown: string): ShownQuote[] {
  const found: ShownQuote[] = [];
  const lines = markdown.split('\n');
  lines.forEach((line, index) => {
    const match = /^> (.*)<!--(q\d+)-->$/.exec(line);
    if (!match) return;
    const place = /^> — (.*)$/.exec(lines[index + 2] ?? '')?.[1] ?? '';
    found.push({ id: match[2] ?? '', text: unescaped(match[1] ?? ''), place: unescaped(place) });
  });
  return found;
}

/** How many quotations a page has, counted apart from their form. */
export function quotationsIn(html: string, markdown: string): { html: number; markdown: number } {
  const blocks = markdown.split(/\n(?:[ \t]*\n)+/).filter((block) => block.startsWith('>'));
  return { html: html.split(/<blockquote\b/i).length - 1, markdown: blocks.length };
}

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '');
}

function unescaped(text: string): string {
  let plain = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    plain += text[at] ?? '';
  }
  return plain;
}
