export interface GroupMoments {
  readonly count: number;
  readonly mean: number;
  /** Population variance inside of the group. */
  readonly variance: number;
}

/**
 * How much of a measure's variance its groups explain: eta² = SSB / (SSB + SSW), 0..1, and epsilon², the same corrected for the
 * number of groups (1 − (1 − eta²)(n − 1)/(n − k), which may be below 0), fit for comparing groupings.
 *
 * @returns null with fewer than two groups, no more values than groups, or no variance
 * @see Kelley, "An unbiased correlation ratio measure" (1935)
 */
export function explainedVariance(groups: readonly GroupMoments[]): { eta: number; epsilon: number } | null {
  const filled = groups.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  if (filled.length < 2 || total <= filled.length) return null;
  const mean = filled.reduce((sum, group) => sum + group.count * group.mean, 0) / total;
  const between = filled.reduce((sum, group) => sum + group.count * (group.mean - mean) ** 2, 0);
  const within = filled.reduce((sum, group) => sum + group.count * group.variance, 0);
  if (between + within <= 0) return null;
  const eta = between / (between + within);
  return { eta, epsilon: 1 - ((1 - eta) * (total - 1)) / (total - filled.length) };
}
