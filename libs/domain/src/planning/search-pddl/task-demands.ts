import type { Atom, Term } from '../pddl/model';
import type { Lifted, LiftedMethod } from './lifted';
import type { Demands } from './normal-form';
import { collectDemands, emptyDemands } from './normal-form';

/** Atoms and (in)equalities over the parameters of a task, `#0` for the first one, by their text. */
type Shared = ReadonlyMap<string, Need>;

interface Need {
  readonly kind: 'atom' | 'same' | 'different';
  readonly predicate: string;
  readonly args: readonly Term[];
}

/** Chains of tasks longer than this lose what their ends need; that costs instances, never solutions. */
const MAX_ROUNDS = 12;
const NOTHING: Shared = new Map();

/**
 * What every way to do a compound task needs at some time, whichever method is taken: what all its methods have in common, be it in
 * their conditions or in those of their members. Parents can then bind their parameters by it, instead of trying all objects.
 *
 * Inferred from below: a round of nothing, then what the members were found to need, until nothing is added.
 */
export function inferTaskDemands(lifted: Pick<Lifted, 'world' | 'actions' | 'methods'>): ReadonlyMap<string, Shared> {
  let known = new Map<string, Shared>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = new Map<string, Shared>();
    for (const [task, methods] of lifted.methods)
      next.set(task, common(methods.map((one) => ofMethod(lifted, one, known))));
    const grown = [...next].some(([task, shared]) => shared.size !== (known.get(task)?.size ?? 0));
    known = next;
    if (!grown) break;
  }
  return known;
}

/** Adds the needs of a method's compound members to its demands. */
export function addMemberDemands(
  method: Pick<LiftedMethod, 'network'>,
  known: ReadonlyMap<string, Shared>,
  into: Demands,
  takes: (atom: Atom) => boolean = () => true,
): void {
  for (const { task, args } of method.network.members) {
    for (const { kind, predicate, args: places } of (known.get(task) ?? NOTHING).values()) {
      const terms = places.map((place) => (place.startsWith('#') ? (args[Number(place.slice(1))] ?? '') : place));
      if (kind !== 'atom') into.equalities.push({ left: terms[0] ?? '', right: terms[1] ?? '', same: kind === 'same' });
      else if (takes({ predicate, args: terms })) into.atoms.push({ predicate, args: terms });
    }
  }
}

function ofMethod(
  { world, actions }: Pick<Lifted, 'world' | 'actions'>,
  method: LiftedMethod,
  known: ReadonlyMap<string, Shared>,
): Shared {
  const demands = collectDemands(method.condition, emptyDemands());
  for (const { task, args } of method.network.members) {
    const action = actions.get(task);
    if (!action) continue;
    const renaming = new Map(action.def.params.map(({ name }, index) => [name, args[index] ?? '']));
    collectDemands(action.condition, demands, (term) => renaming.get(term) ?? term);
  }
  addMemberDemands(method, known, demands);
  const places = new Map<Term, Term>();
  method.head.forEach((term, index) => void (places.has(term) || places.set(term, `#${index}`)));
  const found = new Map<string, Need>();
  const add = (kind: Need['kind'], predicate: string, args: readonly Term[]): void => {
    const placed = args.map((term) => places.get(term) ?? (world.objectIds.has(term) ? term : null));
    if (placed.some((place) => place === null)) return;
    const need = { kind, predicate, args: placed.map((place) => place ?? '') };
    found.set(`${kind} ${predicate} ${need.args.join(' ')}`, need);
  };
  for (const { predicate, args } of demands.atoms) add('atom', predicate, args);
  for (const { left, right, same } of demands.equalities) add(same ? 'same' : 'different', '', [left, right]);
  return found;
}

function common(all: readonly Shared[]): Shared {
  const [first, ...others] = all;
  if (!first) return NOTHING;
  return new Map([...first].filter(([key]) => others.every((other) => other.has(key))));
}
