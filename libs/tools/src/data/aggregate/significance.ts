/** Logarithm of the gamma function for x > 0 (Lanczos, g = 7, nine terms; relative error below 1e-14). */
function logGamma(x: number): number {
  const terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const t = x + 6.5;
  const series = terms.reduce((sum, term, index) => sum + (index === 0 ? term : term / (x - 1 + index)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

const TINY = 1e-300;
const STEPS = 1000;

/** A continued fraction b0 + a1/(b1 + a2/(b2 + …)) by Lentz's method. */
function fraction(first: number, term: (step: number) => { a: number; b: number }): number {
  let f = first === 0 ? TINY : first;
  let [c, d] = [f, 0];
  for (let step = 1; step <= STEPS; step += 1) {
    const { a, b } = term(step);
    d = b + a * d;
    c = b + a / c;
    d = 1 / (d === 0 ? TINY : d);
    if (c === 0) c = TINY;
    f *= c * d;
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return f;
}

/**
 * The regularised incomplete beta function I_x(a, b), 0..1.
 *
 * @see Press et al., Numerical Recipes (3rd ed.), §6.4
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const below = fraction(1, (step) => {
    const m = Math.floor(step / 2);
    const isEven = step % 2 === 0;
    const top = isEven ? m * (b - m) * x : -(a + m) * (a + b + m) * x;
    const bottom = isEven ? (a + 2 * m - 1) * (a + 2 * m) : (a + 2 * m) * (a + 2 * m + 1);
    return { a: top / bottom, b: 1 };
  });
  return Math.min(1, front / below);
}

/** Upper tail of the chi-squared distribution: the probability of `value` or more with `freedom` degrees. @see Numerical Recipes §6.2 */
export function chiSquaredTail(value: number, freedom: number): number {
  const [a, x] = [freedom / 2, value / 2];
  if (x <= 0) return 1;
  const front = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = a + 1; n < a + STEPS * 10 && term > sum * 1e-15; n += 1) {
      term *= x / n;
      sum += term;
    }
    return Math.max(0, 1 - sum * front);
  }
  return front / fraction(x + 1 - a, (step) => ({ a: -step * (step - a), b: x + 2 * step + 1 - a }));
}

/** p of the F test that k groups of n values have one mean, from the share of variance that they explain (eta squared). */
export function groupsP(eta: number, n: number, k: number): number {
  return n > k && k > 1 ? incompleteBeta(1 - eta, (n - k) / 2, (k - 1) / 2) : 1;
}

/** p of the Kruskal–Wallis test, from eta squared of the ranks (mean ranks for ties): H = (n − 1) · eta². */
export function rankGroupsP(etaOfRanks: number, n: number, k: number): number {
  return n > k && k > 1 ? chiSquaredTail((n - 1) * etaOfRanks, k - 1) : 1;
}

/** Two-sided p of a correlation (Pearson's r, or Spearman's of ranks) over n pairs. */
export function correlationP(r: number, n: number): number {
  return n > 2 ? incompleteBeta(1 - r * r, (n - 2) / 2, 0.5) : 1;
}

/** Share of findings that may be chance. */
export const FALSE_SHARE = 0.05;

/**
 * The largest p among all comparisons made that still counts as a finding, so that the expected share of chance among the findings stays
 * below `share`; 0 when none does.
 *
 * @see Benjamini and Hochberg, Controlling the false discovery rate (1995)
 */
export function findingLimit(all: readonly number[], share = FALSE_SHARE): number {
  const sorted = all.toSorted((a, b) => a - b);
  const last = sorted.findLastIndex((p, index) => p <= (share * (index + 1)) / sorted.length);
  return last < 0 ? 0 : (sorted[last] ?? 0);
}
