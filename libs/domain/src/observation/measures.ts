import type { Json, JsonObject } from '../json';
import { isObject } from '../planning/terms';
import type { Anomaly } from './observation';

const MEASURES = 6;
const DEPTH = 2;

/**
 * What can be compared from call to call: `$ms` taken, `$bytes` of the output as JSON, and its first six numbers by path, the
 * length standing for a list. Four significant digits.
 */
export function measuresOf(output: JsonObject | null, durationMs: number): Record<string, number> {
  const measures: Record<string, number> = { $ms: rounded(durationMs) };
  if (output === null) return measures;
  measures['$bytes'] = rounded(JSON.stringify(output).length);
  const found: [string, number][] = [];
  collect(output, '', DEPTH, found);
  for (const [path, value] of found.slice(0, MEASURES)) measures[path] = rounded(value);
  return measures;
}

function collect(value: JsonObject, prefix: string, depth: number, found: [string, number][]): void {
  for (const key of Object.keys(value).sort()) {
    if (found.length >= MEASURES) return;
    const item: Json | undefined = value[key];
    const path = `${prefix}${key}`;
    if (typeof item === 'number' && Number.isFinite(item)) found.push([path, item]);
    else if (Array.isArray(item)) found.push([path, item.length]);
    else if (isObject(item) && depth > 1) collect(item, `${path}.`, depth - 1, found);
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Values that must be known before anything can be odd. */
const LEAST_SAMPLE = 5;
/** Robust z-score from which a value is flagged. */
export const ODD = 6;
/** Spread that is taken for granted, as a share of the median: a tool that always returned the same may return a little else. */
const LEAST_SPREAD = 0.05;
/** Times vary more than contents do. */
const LEAST_TIME_SPREAD = 0.5;

/**
 * The measures that are far from what this tool returned before: |value − median| / (1.4826 · MAD) of at least {@link ODD}. The
 * spread is never taken for less than 5 % of the median (time: 50 %), and of 1.
 *
 * @param samples the newest values of each measure; measures with fewer than five values are passed over
 * @see Iglewicz & Hoaglin, How to Detect and Handle Outliers (1993)
 */
export function anomaliesOf(
  measures: Readonly<Record<string, number>>,
  samples: Readonly<Record<string, readonly number[]>>,
): Anomaly[] {
  return Object.entries(measures).flatMap(([measure, value]) => {
    const values = samples[measure] ?? [];
    if (values.length < LEAST_SAMPLE) return [];
    const centre = median(values);
    const mad = 1.4826 * median(values.map((one) => Math.abs(one - centre)));
    const least = (measure === '$ms' ? LEAST_TIME_SPREAD : LEAST_SPREAD) * Math.abs(centre);
    const score = Math.abs(value - centre) / Math.max(mad, least, 1);
    return score >= ODD ? [{ measure, value, median: centre, score }] : [];
  });
}

/** The middle value, the mean of both where there are two. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
