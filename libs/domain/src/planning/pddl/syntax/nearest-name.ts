/** Longer names are no slips of the pen. */
const MAX_LENGTH = 60;

/** The known name most like the one asked for, null when none is near: at most a third of its letters differ, two at least allowed. */
export function nearestName(asked: string, known: Iterable<string>): string | null {
  if (asked.length > MAX_LENGTH) return null;
  const limit = Math.max(2, Math.floor(asked.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const name of known) {
    if (Math.abs(name.length - asked.length) >= bestDistance) continue;
    const distance = editDistance(asked, name);
    if (distance < bestDistance && distance < Math.max(asked.length, name.length)) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein's distance: how many letters to put in, take out or change. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
