import type { Json } from '../json';
import { isObject } from '../planning/terms';
import type { PlanStep } from '../planning/plan';

/** Names beyond this many are left out of a bucket: too fine a bucket is never met twice. */
const MOST_ARGUMENTS = 6;

/**
 * The context bucket of a step, in which a tool's record is kept beside its record as a whole: the names of the arguments that
 * were given and the shape of each value (`by=text source=.csv`), no value itself. The same at selection and when the goal has
 * ended; empty for a step without arguments.
 */
export function contextOf({ args }: Pick<PlanStep, 'args'>): string {
  return Object.entries(args)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .slice(0, MOST_ARGUMENTS)
    .map(([name, value]) => `${name}=${shapeOf(value)}`)
    .join(' ');
}

function shapeOf(value: Json): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return magnitude(value);
  if (typeof value === 'string') return shapeOfText(value);
  if (Array.isArray(value)) return `list(${magnitude(value.length)})`;
  if (!isObject(value)) return 'null';
  const keys = Object.keys(value);
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
