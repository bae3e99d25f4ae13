/**
 * (steps done + success predicates that hold) / (steps of this revision + success predicates): what is left of the plan and its
 * verification, a unit each. Never falls while a revision lasts; 1 only when nothing is left, which a plan alone never shows.
 */
export function progressOf(
  steps: number,
  done: number,
  { total, held }: { readonly total: number; readonly held: number } = { total: 0, held: 0 },
): number {
  const all = steps + total;
  return all === 0 ? 1 : Math.min(1, (Math.max(0, done) + held) / all);
}

/** Success predicates that hold as far as their checks tell: total · (checks − broken) / checks; 0 before anything was checked. */
export function heldOf(
  total: number,
  { checks, broken }: { readonly checks: number; readonly broken: number },
): number {
  return checks === 0 ? 0 : (total * (checks - broken)) / checks;
}
