/** One dispatched action: its canonical key, the digest of the state it met, and whether it failed. */
export interface ActionRecord {
  readonly action: string;
  readonly state: string;
  readonly failed: boolean;
}

/** The same failing action in the same state so often is a loop. */
const MAX_SAME_FAILURES = 3;
/** Length of an alternation (A B A B A B) that counts as ping-pong. */
const PING_PONG_LENGTH = 6;

/**
 * True when the newest action is part of a loop: the third failure of the same action in the same state, or the third
 * round of two actions that alternate between the same states. Oldest record first.
 */
export function isLooping(history: readonly ActionRecord[]): boolean {
  return isSameFailure(history) || isPingPong(history);
}

/** True when dispatching this action now would be its third time after two failures in the same state. */
export function wouldLoop(history: readonly ActionRecord[], next: Omit<ActionRecord, 'failed'>): boolean {
  return isLooping([...history, { ...next, failed: true }]);
}

function isSameFailure(history: readonly ActionRecord[]): boolean {
  const last = history.at(-1);
  if (!last?.failed) return false;
  const same = history.filter((record) => record.failed && isSame(record, last));
  return same.length >= MAX_SAME_FAILURES;
}

function isPingPong(history: readonly ActionRecord[]): boolean {
  const tail = history.slice(-PING_PONG_LENGTH);
  const [first, second] = tail;
  if (tail.length < PING_PONG_LENGTH || !first || !second || isSame(first, second)) return false;
  return tail.every((record, index) => isSame(record, index % 2 === 0 ? first : second));
}

function isSame(a: ActionRecord, b: ActionRecord): boolean {
  return a.action === b.action && a.state === b.state;
}
