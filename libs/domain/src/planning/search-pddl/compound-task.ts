import type { Declared, PddlDomain } from '../pddl/model';

const tables = new WeakMap<PddlDomain, ReadonlyMap<string, Declared>>();

/** The compound task of a name: domains may declare ten thousands, and each method asks for some. */
export function compoundTask(domain: PddlDomain, name: string): Declared | undefined {
  const known = tables.get(domain);
  if (known) return known.get(name);
  const table = new Map(domain.tasks.map((task) => [task.name, task]));
  tables.set(domain, table);
  return table.get(name);
}
