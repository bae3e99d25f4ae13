import type { Json, JsonObject } from '../json';

/** Names beyond this many are left out of a bucket: too fine a bucket is never met twice. */
const MOST_ARGUMENTS = 6;

/**
 * What kind of goal it is, without saying which: the names of the arguments that were given and the shape of each value
 * (`by=text source=.csv`). Goals of one bucket share what they learn about methods; no value of a goal is in it.
 */
export function featureBucket(args: JsonObject): string {
  return Object.entries(args)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MOST_ARGUMENTS)
    .map(([name, value]) => `${name}=${shapeOf(value)}`)
    .join(' ');
}

/** The same for the arguments of one step: how a tool does may depend on it. */
export const contextBucket = featureBucket;

function shapeOf(value: Json): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return magnitude(value);
  if (typeof value === 'string') return shapeOfText(value);
  if (Array.isArray(value)) return `list(${magnitude(value.length)})`;
  const keys = Object.keys(value as JsonObject);
  return keys.length === 1 && keys[0] === '$from' ? 'result' : `object(${magnitude(keys.length)})`;
}

/** Order of magnitude: 0, 1e0, 1e1, …; the sign is kept. */
function magnitude(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return '0';
  const order = Math.floor(Math.log10(Math.abs(value)));
  return `${value < 0 ? '-' : ''}1e${order}`;
}

function shapeOfText(text: string): string {
  if (text === '') return 'empty';
  const scheme = /^([a-z][a-z0-9+.-]{1,11}):/i.exec(text)?.[1]?.toLowerCase();
  const ending = /\.([a-z0-9]{1,5})$/i.exec(text)?.[1]?.toLowerCase();
  if (scheme || ending) return `${scheme ? `${scheme}:` : ''}${ending ? `.${ending}` : ''}`;
  return text.length > 200 ? 'long text' : 'text';
}
