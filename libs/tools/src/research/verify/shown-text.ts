const NAMES =
  'amp:& lt:< gt:> quot:" apos:\' copy:© reg:® trade:™ ndash:– mdash:— hellip:… lsquo:‘ rsquo:’ ldquo:“ rdquo:” laquo:« raquo:» ' +
  'auml:ä ouml:ö uuml:ü Auml:Ä Ouml:Ö Uuml:Ü szlig:ß eacute:é egrave:è agrave:à ccedil:ç ntilde:ñ euro:€ pound:£ sect:§ deg:° ' +
  'times:× middot:· bull:•';
const named = new Map(
  NAMES.split(' ').map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
);
named.set('nbsp', '\u00a0').set('shy', '\u00ad');

/** What a piece of HTML shows: walks over it character by character, leaves out tags and comments, reads entities. */
export function shownText(html: string, forTag = ''): string {
  let shown = '';
  let at = 0;
  while (at < html.length) {
    const character = html[at] ?? '';
    if (html.startsWith('<!--', at)) {
      const end = html.indexOf('-->', at + 4);
      at = end < 0 ? html.length : end + 3;
    } else if (character === '<' && /[A-Za-z/!]/.test(html[at + 1] ?? '')) {
      at = afterTag(html, at);
      shown += forTag;
    } else if (character === '&') {
      const end = html.indexOf(';', at);
      const read = end < 0 || end - at > 10 ? null : entity(html.slice(at + 1, end));
      shown += read ?? '&';
      at = read === null ? at + 1 : end + 1;
    } else {
      shown += character;
      at += 1;
    }
  }
  return shown;
}

function afterTag(html: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < html.length; at += 1) {
    const character = html[at] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  return html.length;
}

function entity(name: string): string | null {
  if (!name.startsWith('#')) return named.get(name) ?? null;
  const code = /^#[xX]/.test(name) ? Number(`0x${name.slice(2)}`) : Number(name.slice(1));
  if (!Number.isInteger(code)) return null;
  return code < 1 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCodePoint(code);
}
