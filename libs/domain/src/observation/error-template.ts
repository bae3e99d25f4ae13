import { digest64 } from '../learning/draw';
import type { ErrorSignature } from './observation';

/** Particulars of an error's text, the most telling first. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, '<id>'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)]+/gi, '<url>'],
  [/"[^"]*"|'[^']*'|`[^`]*`|“[^”]*”/g, '<text>'],
  [/(?:[A-Za-z]:)?(?:[\\/][\w.@+-]+)+[\\/]?/g, '<path>'],
  [/\b[\w-]+\.(?:csv|json|parquet|txt|md|html|xml|log|gz|zip)\b/gi, '<file>'],
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g, '<mail>'],
  [/\b(?=\w*\d)[0-9a-f]{7,}\b/gi, '<hex>'],
  [/[-+]?\d+(?:[.,:]\d+)*/g, '<n>'],
];
const MOST_WORDS = 24;
const MOST_CHARS = 4000;

/** The text of an error with its particulars masked, at most 24 words. The same text always gives the same. */
export function maskError(message: string): string {
  const masked = MASKS.reduce((text, [pattern, mask]) => text.replace(pattern, mask), message.slice(0, MOST_CHARS));
  return masked.trim().split(/\s+/).slice(0, MOST_WORDS).join(' ');
}

/** Names a kind of error: hash of its code and its masked text. */
export function signatureOf(code: string, message: string): ErrorSignature {
  const template = maskError(message);
  return { id: digest64(`${code}\u0000${template}`), template };
}

const ANY = '<*>';

/** A template, and the texts that it was made of by their places. */
export interface MinedTemplate {
  /** Words that all have, `<*>` for those that differ. */
  readonly template: string;
  readonly texts: readonly number[];
}

/** Share of equal words from which two texts are of one kind. */
const ALIKE = 0.6;

interface Cluster {
  words: readonly string[];
  readonly texts: number[];
}

/**
 * Mines texts into templates, as Drain does: masked texts with as many words and the same first word belong together when at
 * least 60 % of their words are equal, and differ from then on in a `<*>`. The order of the texts decides, nothing else.
 *
 * @param limit templates at most; texts beyond it that fit none are left out
 * @returns most frequent first
 * @see He et al., Drain: An Online Log Parsing Approach with Fixed Depth Tree (ICWS 2017)
 */
export function mineTemplates(texts: readonly string[], limit = 200): MinedTemplate[] {
  const leaves = new Map<string, Cluster[]>();
  let count = 0;
  for (const [place, text] of texts.entries()) {
    const words = maskError(text).split(' ');
    const key = `${words.length} ${words[0]}`;
    const leaf = leaves.get(key) ?? [];
    const fit = closest(leaf, words);
    if (fit) {
      fit.words = fit.words.map((word, index) => (word === words[index] ? word : ANY));
      fit.texts.push(place);
    } else if (count < limit) {
      leaves.set(key, [...leaf, { words, texts: [place] }]);
      count += 1;
    }
  }
  return [...leaves.values()]
    .flat()
    .map(({ words, texts: places }) => ({ template: words.join(' '), texts: places }))
    .sort((one, other) => other.texts.length - one.texts.length || (one.template < other.template ? -1 : 1));
}

function closest(leaf: readonly Cluster[], words: readonly string[]): Cluster | undefined {
  return leaf
    .map((cluster) => ({ cluster, likeness: likeness(cluster.words, words) }))
    .filter((one) => one.likeness >= ALIKE)
    .sort((one, other) => other.likeness - one.likeness)[0]?.cluster;
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
