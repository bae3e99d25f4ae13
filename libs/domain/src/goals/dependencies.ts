/**
 * The circle that a goal would close by depending on others, found before it is stored.
 *
 * @param edges what each known goal depends on
 * @returns the members in order, the goal first and last (`a → b → a`); null when there is no circle
 */
export function findCycle(
  goalId: string,
  dependsOn: readonly string[],
  edges: ReadonlyMap<string, readonly string[]>,
): readonly string[] | null {
  const dead = new Set<string>();
  const path: { id: string; next: readonly string[]; at: number }[] = [{ id: goalId, next: dependsOn, at: 0 }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const id = top.next[top.at];
    if (id === undefined) {
      dead.add(top.id);
      path.pop();
      continue;
    }
    top.at += 1;
    const from = path.findIndex((entry) => entry.id === id);
    if (from >= 0) return [...path.slice(from).map((entry) => entry.id), id];
    if (!dead.has(id)) path.push({ id, next: edges.get(id) ?? [], at: 0 });
  }
  return null;
}
