/**
 * What stated probabilities turned out to mean: knots of a map that never falls, linear between them and level beyond. No knots:
 * taken as they are.
 */
export interface CalibrationMap {
  readonly knots: readonly { readonly stated: number; readonly seen: number }[];
  /** Decisions that it was fitted from. */
  readonly decisions: number;
}

/** The calibrated probability; as stated without a map. Never falls when the stated one rises. */
export function applyCalibration(map: CalibrationMap | null | undefined, stated: number): number {
  const knots = map?.knots ?? [];
  const [first, last] = [knots[0], knots.at(-1)];
  if (!first || !last) return stated;
  if (stated <= first.stated) return first.seen;
  if (stated >= last.stated) return last.seen;
  const above = knots.findIndex((knot) => knot.stated >= stated);
  const [low, high] = [knots[above - 1] ?? first, knots[above] ?? last];
  const width = high.stated - low.stated;
  return width === 0 ? high.seen : low.seen + ((high.seen - low.seen) * (stated - low.stated)) / width;
}
