import type { ErrorSignature } from './observation';

/** Particulars of an error's text, the most telling first; each becomes `<*>`. */
const PARTICULARS: readonly RegExp[] = [
  /[a-z][a-z0-9+.-]*:\/\/[^\s'"<>)\]]+/gi, // addresses
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, // e-mail
  /"[^"]*"|'[^']*'|`[^`]*`|«[^»]*»|“[^”]*”/g, // quoted
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, // moments
  /(?:[a-z]:)?(?:[\\/][\w.@%+-]+){2,}[\\/]?/gi, // paths
  /\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b/gi, // hashes
  /[\w-]+\.[a-z][a-z0-9]{1,4}\b(?!\()/gi, // file and host names
  /[-+]?\d+(?:[.,:]\d+)*/g, // numbers, times, versions, addresses of machines
];

const MAX_TOKENS = 40;
const ANY = '<*>';

/** The text of an error with its particulars masked, at most 40 words. The same text always gives the same. */
export function maskError(message: string): string {
  const masked = PARTICULARS.reduce((text, pattern) => text.replace(pattern, ANY), message.slice(0, 4000));
  return tokensOf(masked).join(' ');
}

function tokensOf(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((token) => token !== '')
    .slice(0, MAX_TOKENS);
}

/** Names a kind of error: hash of its code and its masked text. */
export function signatureOf(code: string, message: string): ErrorSignature {
  const template = maskError(message);
  return { id: hashOf(`${code} ${template}`), template };
}

/** FNV-1a over UTF-16 units, twice with different starts: 16 hexadecimal digits. Names, not secrets. */
function hashOf(text: string): string {
  return [0x811c9dc5, 0x050c5d1f].map((start) => fnv(text, start)).join('');
}

function fnv(text: string, start: number): string {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Texts as one template: equal words stay, others become `<*>`. */
export interface MinedTemplate {
  readonly template: string;
  readonly texts: number;
}

/** Share of equal words from which two texts are of one kind. */
const ALIKE = 0.6;

/**
 * Mines texts into templates, as Drain does: masked texts with as many words and the same first word belong together when at
 * least 60 % of their words are equal, and differ from then on in a `<*>`. The order of the texts decides, nothing else.
 *
 * @param limit templates at most; texts beyond it that fit none are left out
 * @returns most frequent first
 * @see He et al., Drain: An Online Log Parsing Approach with Fixed Depth Tree (ICWS 2017)
 */
export function mineTemplates(texts: readonly string[], limit = 200): MinedTemplate[] {
  const groups = new Map<string, { words: string[]; texts: number }[]>();
  let count = 0;
  for (const text of texts) {
    const words = maskError(text).split(' ');
    const first = words[0] === ANY ? '' : words[0];
    const key = `${words.length} ${first}`;
    const group = groups.get(key) ?? [];
    const [fit] = group
      .map((known) => ({ known, likeness: likeness(known.words, words) }))
      .filter((one) => one.likeness >= ALIKE)
      .sort((one, other) => other.likeness - one.likeness);
    if (fit) {
      fit.known.words = fit.known.words.map((word, index) => (word === words[index] ? word : ANY));
      fit.known.texts += 1;
    } else if (count < limit) {
      groups.set(key, [...group, { words, texts: 1 }]);
      count += 1;
    }
  }
  return [...groups.values()]
    .flat()
    .map(({ words, texts: n }) => ({ template: words.join(' '), texts: n }))
    .sort((one, other) => other.texts - one.texts || (one.template < other.template ? -1 : 1));
}

function likeness(template: readonly string[], words: readonly string[]): number {
  const equal = template.filter((word, index) => word === words[index] || word === ANY).length;
  return equal / Math.max(1, template.length);
}

/** True when a text is of the kind that a template tells. */
export function fitsTemplate(template: string, message: string): boolean {
  const words = maskError(message).split(' ');
  const wanted = template.split(' ');
  return wanted.length === words.length && wanted.every((word, index) => word === ANY || word === words[index]);
}
