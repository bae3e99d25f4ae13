import { digest64 } from './draw';

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

/**
 * The text of an error without what differs from case to case: ids, addresses, quoted text, paths, numbers. Texts of one
 * template are one kind of failure.
 *
 * @see He et al., Drain: An Online Log Parsing Approach with Fixed Depth Tree (its preprocessing by masks)
 */
export function errorTemplate(message: string): string {
  const masked = MASKS.reduce((text, [pattern, mask]) => text.replace(pattern, mask), message);
  return masked.trim().split(/\s+/).slice(0, MOST_WORDS).join(' ');
}

/** What names a kind of failure of a tool: its stable code and the template of its text. */
export function errorSignature(code: string, template: string): string {
  return digest64(`${code}\u0000${template}`);
}
