const TERMINAL: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'timed_out', 'budget_exceeded']);

/** True when nothing will happen to a goal in that state any more. */
export function isTerminal(state: string): boolean {
  return TERMINAL.has(state);
}
