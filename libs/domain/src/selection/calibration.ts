import { applyCalibration, type CalibrationMap } from './calibration-map';

/** A decision and what became of it. */
export interface Outcome01 {
  /** Probability of success that was stated, 0..1. */
  readonly stated: number;
  readonly worked: boolean;
}

/** A row of the reliability table: decisions whose stated probability is in [from, to). */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly decisions: number;
  /** Mean of what was stated, and share that worked; null when empty. */
  readonly stated: number | null;
  readonly seen: number | null;
}

export interface CalibrationReport {
  readonly decisions: number;
  /** Share that worked; null without decisions, as all below. */
  readonly baseRate: number | null;
  /** Mean of (stated − outcome)²; 0 is perfect. */
  readonly brier: number | null;
  /** Brier score of always stating the base rate. */
  readonly baseBrier: number | null;
  /** 1 − brier / baseBrier: 0 is no better than the base rate; null also when every outcome was the same. */
  readonly skill: number | null;
  /** Expected calibration error: mean over decisions of |stated − seen| of their row. */
  readonly reliabilityError: number | null;
  readonly bins: readonly ReliabilityBin[];
}

export const BINS = 10;

/**
 * How good stated probabilities were: Brier score, its skill over the base rate, and the reliability table in ten rows of
 * equal width.
 *
 * @see Brier, Verification of forecasts expressed in terms of probability (1950); Naeini et al. (2015) for the error
 */
export function calibrationReport(decisions: readonly Outcome01[]): CalibrationReport {
  const bins = Array.from({ length: BINS }, (_, index) => binOf(decisions, index));
  const count = decisions.length;
  if (count === 0) return { ...NOTHING, bins };
  const baseRate = mean(decisions.map(({ worked }) => Number(worked)));
  const brier = brierOf(decisions);
  const baseBrier = baseRate * (1 - baseRate);
  const gaps = bins.map(({ decisions: n, stated, seen }) => n * Math.abs((stated ?? 0) - (seen ?? 0)));
  return {
    decisions: count,
    baseRate,
    brier,
    baseBrier,
    skill: baseBrier === 0 ? null : 1 - brier / baseBrier,
    reliabilityError: gaps.reduce((sum, gap) => sum + gap, 0) / count,
    bins,
  };
}

const NOTHING = {
  decisions: 0,
  baseRate: null,
  brier: null,
  baseBrier: null,
  skill: null,
  reliabilityError: null,
};

function binOf(decisions: readonly Outcome01[], index: number): ReliabilityBin {
  const inside = decisions.filter(({ stated }) => Math.min(BINS - 1, Math.floor(stated * BINS)) === index);
  const known = inside.length > 0;
  return {
    from: index / BINS,
    to: (index + 1) / BINS,
    decisions: inside.length,
    stated: known ? mean(inside.map(({ stated }) => stated)) : null,
    seen: known ? mean(inside.map(({ worked }) => Number(worked))) : null,
  };
}

function brierOf(decisions: readonly Outcome01[]): number {
  return mean(decisions.map(({ stated, worked }) => (stated - Number(worked)) ** 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Decisions that a map is fitted from at least; and blocks of a map hold so many, so that no single call makes a knot. */
export const LEAST_DECISIONS = 200;
const LEAST_BLOCK = 20;

/**
 * A map from stated to seen probability: isotonic regression (pool adjacent violators) over blocks of at least twenty
 * decisions, each pulled to the base rate by one decision. Taken only where it foretells better: fitted on one half it must have a
 * lower Brier score than the stated probabilities on the other half, both ways together.
 *
 * @returns null while fewer than {@link LEAST_DECISIONS} decisions are there, or when the map is no better
 * @see Zadrozny & Elkan, Transforming classifier scores into accurate multiclass probability estimates (2002)
 */
export function fitCalibration(decisions: readonly Outcome01[]): CalibrationMap | null {
  if (decisions.length < LEAST_DECISIONS) return null;
  const halves = [0, 1].map((half) => decisions.filter((_, index) => halfOf(index) === half));
  const [one = [], other = []] = halves;
  const mapped = [...through(isotonic(one), other), ...through(isotonic(other), one)];
  return brierOf(mapped) < brierOf(decisions) ? isotonic(decisions) : null;
}

/** Mixed, so that no rhythm in the stream falls in with the halves. */
function halfOf(index: number): number {
  return Math.imul(index + 1, 2654435761) >>> 31;
}

function through(map: CalibrationMap, decisions: readonly Outcome01[]): Outcome01[] {
  return decisions.map(({ stated, worked }) => ({ stated: applyCalibration(map, stated), worked }));
}

interface Block {
  readonly count: number;
  readonly stated: number;
  readonly worked: number;
}

function isotonic(decisions: readonly Outcome01[]): CalibrationMap {
  const base = mean(decisions.map(({ worked }) => Number(worked)));
  const pooled: Block[] = [];
  for (const block of blocksOf(decisions)) {
    let last = block;
    for (let before = pooled.at(-1); before && rateOf(before, base) >= rateOf(last, base); before = pooled.at(-1)) {
      last = join(before, last);
      pooled.pop();
    }
    pooled.push(last);
  }
  const knots = pooled.map((block) => ({ stated: block.stated / block.count, seen: rateOf(block, base) }));
  return { knots, decisions: decisions.length };
}

function rateOf({ worked, count }: Block, base: number): number {
  return (worked + base) / (count + 1);
}

function join(one: Block, other: Block): Block {
  return {
    count: one.count + other.count,
    stated: one.stated + other.stated,
    worked: one.worked + other.worked,
  };
}

function blocksOf(decisions: readonly Outcome01[]): Block[] {
  const sorted = [...decisions].sort((one, other) => one.stated - other.stated);
  const size = Math.max(LEAST_BLOCK, Math.ceil(sorted.length / 50));
  const blocks: Block[] = [];
  for (let start = 0; start < sorted.length; start += size) {
    const part = sorted.slice(start, start + size);
    const block = {
      count: part.length,
      stated: part.reduce((sum, { stated }) => sum + stated, 0),
      worked: part.filter(({ worked }) => worked).length,
    };
    const before = part.length < LEAST_BLOCK ? blocks.pop() : undefined;
    blocks.push(before ? join(before, block) : block);
  }
  return blocks;
}
