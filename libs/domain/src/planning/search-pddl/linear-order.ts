import type { Condition, TaskNetwork } from '../pddl/model';
import type { Lifted, LiftedMethod } from './lifted';
import { collectDemands, emptyDemands } from './normal-form';
import { executionOrder } from './order';
import { PriorityQueue } from './priority-queue';

/** Comparisons of members with tasks, and visits of members for their traits, after which an order is no longer improved. */
const MAX_COMPARISONS = 4_000_000;
const MAX_VISITS = 2_000_000;

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

/**
 * Members of the same task differ in nothing but their place, so that scores are kept by task: what is ready is looked for among the
 * tasks, not among the members. Where even that would take too long, the declared order is as good as any.
 */
function ordered({ members, ...network }: TaskNetwork, lead: (first: string, second: string) => number): number[] {
  const { ordering } = executionOrder({ members, ...network });
  const names = [...new Set(members.map(({ task }) => task))];
  const isLong = names.length * (members.length + names.length) > MAX_COMPARISONS;
  const groupOf = groupsOf(members, isLong ? null : names);
  const count = new Array<number>(isLong ? 1 : names.length).fill(0);
  for (const group of groupOf) count[group] = (count[group] ?? 0) + 1;
  const leads = isLong ? [[0]] : names.map((name) => names.map((other) => lead(name, other)));
  const score = leads.map((row) => row.reduce((sum, one, other) => sum + one * (count[other] ?? 0), 0));
  const ready = count.map(() => new PriorityQueue<number>());
  const waits = new Array<number>(members.length).fill(0);
  const after = members.map((): number[] => []);
  for (const [before, later] of ordering) {
    after[before]?.push(later);
    waits[later] = (waits[later] ?? 0) + 1;
  }
  const put = (index: number): void => ready[groupOf[index] ?? 0]?.push(index, index);
  members.forEach((_, index) => void (waits[index] === 0 && put(index)));
  const sequence: number[] = [];
  while (sequence.length < members.length) {
    const chosen = bestReady(ready, score);
    const index = ready[chosen]?.pop() ?? 0;
    sequence.push(index);
    leads.forEach((row, group) => (score[group] = (score[group] ?? 0) - (row[chosen] ?? 0)));
    for (const later of after[index] ?? []) {
      waits[later] = (waits[later] ?? 0) - 1;
      if (waits[later] === 0) put(later);
    }
  }
  return sequence;
}

/** Number of each member's task among the names; without names all are one. */
function groupsOf(members: TaskNetwork['members'], names: readonly string[] | null): number[] {
  const numbers = new Map(names?.map((name, index) => [name, index]));
  return members.map(({ task }) => numbers.get(task) ?? 0);
}

/** The task with the best score among those with a ready member, of equals the one whose member was declared first. */
function bestReady(ready: readonly PriorityQueue<number>[], score: readonly number[]): number {
  let best = -1;
  ready.forEach((queue, group) => {
    const first = queue.first;
    if (first === undefined) return;
    const lead = (score[group] ?? 0) - (score[best] ?? -Infinity);
    if (best < 0 || lead > 0 || (lead === 0 && first < (ready[best]?.first ?? 0))) best = group;
  });
  return best;
}

/** By task and action; those of tasks as a least fixpoint over their methods, or what is known of it after long enough. */
function traitsOf({ actions, methods }: Pick<Lifted, 'actions' | 'methods'>): ReadonlyMap<string, Traits> {
  const found = new Map<string, Traits>();
  for (const [name, { condition, effects }] of actions) {
    const adds = effects.effects.flatMap((one) => one.adds.map(({ predicate }) => predicate));
    const deletes = effects.effects.flatMap((one) => one.deletes.map(({ predicate }) => predicate));
    found.set(name, { needs: new Set(neededBy(condition)), adds: new Set(adds), deletes: new Set(deletes) });
  }
  for (const name of methods.keys()) found.set(name, { needs: new Set(), adds: new Set(), deletes: new Set() });
  let visits = 0;
  for (let grows = true; grows && visits < MAX_VISITS;) {
    grows = false;
    for (const [name, all] of methods) {
      for (const method of all) {
        grows = unite(found, name, method) || grows;
        visits += 1 + method.network.members.length;
      }
    }
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
