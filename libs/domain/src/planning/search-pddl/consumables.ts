import type { Effect } from '../pddl/model';
import type { World } from './world';

/**
 * How much is lost with an object that can be used up: the number of unchanging facts about it. Objects are used up where facts about
 * them are deleted and never come back; of those that do, the ones that can do less go first, since the others may be needed
 * where these will not do. Others count nothing.
 */
export function worthOf(world: World): (objects: readonly number[]) => number {
  const worth = worths(world);
  if (!worth) return () => 0;
  return (objects) => objects.reduce((sum, object) => sum + (object < 0 ? 0 : (worth[object] ?? 0)), 0);
}

function worths(world: World): Int32Array | null {
  const { domain, problem, objectIds, objects } = world;
  const changes = { added: new Set<string>(), deleted: new Set<string>() };
  for (const { effect } of domain.actions) collect(effect, changes);
  const goesOnly = (predicate: string): boolean => changes.deleted.has(predicate) && !changes.added.has(predicate);
  const consumable = new Set(
    problem.init
      .filter(({ predicate }) => goesOnly(predicate))
      .flatMap(({ args }) => args.map((arg) => objectIds.get(arg) ?? -1)),
  );
  if (consumable.size === 0) return null;
  const worth = new Int32Array(objects.length);
  for (const { predicate, args } of problem.init) {
    if (!world.isStatic(predicate)) continue;
    for (const arg of args) {
      const object = objectIds.get(arg) ?? -1;
      if (consumable.has(object)) worth[object] = (worth[object] ?? 0) + 1;
    }
  }
  return worth.some((one) => one > 0) ? worth : null;
}

function collect(effect: Effect, into: { added: Set<string>; deleted: Set<string> }): void {
  if (effect.kind === 'and') for (const part of effect.parts) collect(part, into);
  else if (effect.kind === 'forall') collect(effect.of, into);
  else if (effect.kind === 'when') collect(effect.then, into);
  else if (effect.kind === 'add') into.added.add(effect.atom.predicate);
  else if (effect.kind === 'delete') into.deleted.add(effect.atom.predicate);
}
