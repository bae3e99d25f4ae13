/** A run of text that belongs together, with the place of each of its characters in the document. */
export interface Block {
  readonly text: string;
  /** For each UTF-16 unit of `text`, where its character begins and ends in the document. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly isHeading: boolean;
}

const HIDDEN = new Set(['script', 'style', 'template', 'noscript', 'head', 'svg', 'textarea']);
const INLINE = new Set(
  'a abbr b bdi bdo cite code data dfn em font i kbd label mark q rp rt ruby s samp small span strong sub sup time u var wbr'.split(
    ' ',
  ),
);
const NAMED: Readonly<Record<string, string>> = {
  ...{
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: '\u00a0',
    shy: '\u00ad',
    copy: '©',
    reg: '®',
    trade: '™',
  },
  ...{ ndash: '–', mdash: '—', hellip: '…', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»' },
  ...{
    auml: 'ä',
    ouml: 'ö',
    uuml: 'ü',
    Auml: 'Ä',
    Ouml: 'Ö',
    Uuml: 'Ü',
    szlig: 'ß',
    eacute: 'é',
    egrave: 'è',
    agrave: 'à',
  },
  ...{ ccedil: 'ç', ntilde: 'ñ', euro: '€', pound: '£', sect: '§', deg: '°', times: '×', middot: '·', bull: '•' },
};
const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<!?\/?[A-Za-z][^\s<>/]*(?:[^<>"']|"[^"]*"|'[^']*')*>|&(?:#x?[0-9A-Fa-f]{1,7}|[A-Za-z]{2,8});/g;

/** What a page shows, block by block: tags taken out, entities read, every character with its place in the source. */
export function visibleBlocks(html: string): Block[] {
  const blocks: Block[] = [];
  let open = new OpenBlock();
  let hidden: string | null = null;
  let heading = false;
  const close = (): void => {
    if (open.text.trim() !== '')
      blocks.push({ text: open.text, starts: open.starts, ends: open.ends, isHeading: heading });
    open = new OpenBlock();
  };
  let at = 0;
  for (const match of html.matchAll(TOKEN)) {
    if (!hidden) open.addPlain(html, at, match.index);
    at = match.index + match[0].length;
    const tag = /^<(\/?)([A-Za-z][^\s<>/]*)/.exec(match[0]);
    const name = tag?.[2]?.toLowerCase() ?? '';
    if (hidden) {
      if (tag?.[1] === '/' && name === hidden) hidden = null;
    } else if (match[0].startsWith('&')) open.add(entity(match[0]), match.index, at);
    else if (tag && !INLINE.has(name)) {
      close();
      heading = /^h[1-6]$/.test(name) && tag[1] === '';
      if (HIDDEN.has(name) && tag[1] === '' && !match[0].endsWith('/>')) hidden = name;
    }
  }
  if (!hidden) open.addPlain(html, at, html.length);
  close();
  return blocks;
}

class OpenBlock {
  text = '';
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  addPlain(source: string, from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      this.starts.push(at);
      this.ends.push(at + 1);
    }
    this.text += source.slice(from, to);
  }

  /** All units of one entity stand where it stands. */
  add(text: string, from: number, to: number): void {
    for (let unit = 0; unit < text.length; unit += 1) {
      this.starts.push(from);
      this.ends.push(to);
    }
    this.text += text;
  }
}

function entity(text: string): string {
  const number = /^&#(x?)([0-9A-Fa-f]+);$/.exec(text);
  if (!number) return NAMED[text.slice(1, -1)] ?? text;
  const code = Number.parseInt(number[2] ?? '', number[1] ? 16 : 10);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : '\ufffd';
}
