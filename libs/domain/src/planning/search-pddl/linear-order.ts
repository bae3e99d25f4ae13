import type { Condition, TaskNetwork } from '../pddl/model';
import type { Lifted, LiftedMethod } from './lifted';
import { collectDemands, emptyDemands } from './normal-form';
import { executionOrder } from './order';

/** Predicates that a task, done in some way, may need, make true and make false. */
interface Traits {
  readonly needs: Set<string>;
  readonly adds: Set<string>;
  readonly deletes: Set<string>;
}

/**
 * A total order for each partially ordered network: of what may come next, first what gives others more of what they need, and spoils
 * less of it, than they do for it; else as declared. Whatever is planned in it is a plan of the partial order too, not the other
 * way round.
 *
 * @see Wu, Lin, Behnke and Bercher, Finding solution preserving linearizations for partially ordered hierarchical planning
 *   problems, PlanSIG 2022
 */
export function linearOrders(lifted: Pick<Lifted, 'actions' | 'methods'>): (network: TaskNetwork) => readonly number[] {
  let traits: ReadonlyMap<string, Traits> | null = null;
  const leads = new Map<string, number>();
  const lead = (first: string, second: string): number => {
    const key = `${first}\n${second}`;
    const known = leads.get(key);
    if (known !== undefined) return known;
    traits ??= traitsOf(lifted);
    const [a, b] = [traits.get(first), traits.get(second)];
    const made = a && b ? gain(a, b) - gain(b, a) : 0;
    leads.set(key, made);
    return made;
  };
  return (network) => executionOrder(network).sequence ?? ordered(network, lead);
}

/** What is won when the first comes before the second. */
function gain(first: Traits, second: Traits): number {
  let won = 0;
  for (const need of second.needs) if (first.adds.has(need)) won += 1;
  for (const need of first.needs) if (second.deletes.has(need)) won += 1;
  return won;
}

function ordered(network: TaskNetwork, lead: (first: string, second: string) => number): number[] {
  const { ordering } = executionOrder(network);
  const { members } = network;
  const waits = members.map((_, index) => new Set(ordering.flatMap(([a, b]) => (b === index ? [a] : []))));
  const score = members.map((one, index) =>
    members.reduce((sum, other, at) => (at === index ? sum : sum + lead(one.task, other.task)), 0),
  );
  const left = new Set(members.keys());
  const sequence: number[] = [];
  while (left.size > 0) {
    let best = -1;
    for (const index of left) {
      const isReady = waits[index]?.size === 0;
      if (isReady && (best < 0 || (score[index] ?? 0) > (score[best] ?? 0))) best = index;
    }
    left.delete(best);
    sequence.push(best);
    for (const index of left) {
      waits[index]?.delete(best);
      score[index] = (score[index] ?? 0) - lead(members[index]?.task ?? '', members[best]?.task ?? '');
    }
  }
  return sequence;
}

/** By task and action; those of tasks as a least fixpoint over their methods. */
function traitsOf({ actions, methods }: Pick<Lifted, 'actions' | 'methods'>): ReadonlyMap<string, Traits> {
  const found = new Map<string, Traits>();
  for (const [name, { condition, effects }] of actions) {
    const adds = effects.effects.flatMap((one) => one.adds.map(({ predicate }) => predicate));
    const deletes = effects.effects.flatMap((one) => one.deletes.map(({ predicate }) => predicate));
    found.set(name, { needs: new Set(neededBy(condition)), adds: new Set(adds), deletes: new Set(deletes) });
  }
  for (const name of methods.keys()) found.set(name, { needs: new Set(), adds: new Set(), deletes: new Set() });
  for (let grows = true; grows;) {
    grows = false;
    for (const [name, all] of methods) for (const method of all) grows = unite(found, name, method) || grows;
  }
  return found;
}

const neededBy = (condition: Condition): string[] =>
  collectDemands(condition, emptyDemands()).atoms.map(({ predicate }) => predicate);

function unite(found: ReadonlyMap<string, Traits>, task: string, { condition, network }: LiftedMethod): boolean {
  const own = found.get(task);
  if (!own) return false;
  const before = own.needs.size + own.adds.size + own.deletes.size;
  for (const need of neededBy(condition)) own.needs.add(need);
  for (const member of network.members) {
    const part = found.get(member.task);
    part?.needs.forEach((one) => own.needs.add(one));
    part?.adds.forEach((one) => own.adds.add(one));
    part?.deletes.forEach((one) => own.deletes.add(one));
  }
  return own.needs.size + own.adds.size + own.deletes.size > before;
}
