import type { Member, TaskNetwork } from '../pddl/model';
import { type Binding, isVariable, valueOf } from './conditions';
import { taskText } from './finding';
import { orderingMistakes } from './check-ordering';
import type { PlanNode } from './plan-tree';

/** Which part of the plan stands for which member of a network, and what its variables are then. */
export interface Match {
  readonly binding: Binding;
  /** By the id of the member. */
  readonly assigned: ReadonlyMap<string, PlanNode>;
}

export interface MatchQuestion {
  readonly network: TaskNetwork;
  readonly children: readonly PlanNode[];
  readonly binding: Binding;
}

/** How many members are tried in all before the search for another order of the parts is given up. */
const MAX_TRIES = 50_000;
/** Larger networks are taken in the declared order only: the search goes as deep as there are members. */
const MAX_SEARCHED_MEMBERS = 1_000;

/**
 * Finds the members of a network in the parts of a plan: in the order in which they are declared, else in any other that
 * fits, for planners that name the parts in another order.
 *
 * @returns the match; or why the parts in their own order are none, in words
 */
export function matchNetwork(question: MatchQuestion): { match: Match | null; mistake: string } {
  const { members } = question.network;
  if (members.length !== question.children.length) {
    const mistake = `${question.children.length} parts are named where ${members.length} are declared`;
    return { match: null, mistake };
  }
  const asDeclared = matchInOrder(question);
  const isFine =
    asDeclared.match !== null && orderingMistakes(question.network, asDeclared.match.assigned).length === 0;
  if (isFine || members.length > MAX_SEARCHED_MEMBERS) return asDeclared;
  const match = new MatchSearch(question).run();
  return match ? { match, mistake: '' } : asDeclared;
}

function matchInOrder({ network, children, binding }: MatchQuestion): { match: Match | null; mistake: string } {
  let current = binding;
  const assigned = new Map<string, PlanNode>();
  for (const [index, member] of network.members.entries()) {
    const child = children[index];
    const extended = child && unify(member, child, current);
    if (!child || !extended) {
      const wanted = taskText({ name: member.task, args: member.args.map((arg) => valueOf(arg, current) ?? arg) });
      return { match: null, mistake: `${child?.id} is ${child && taskText(child.task)} where ${wanted} is declared` };
    }
    current = extended;
    assigned.set(member.id, child);
  }
  return { match: { binding: current, assigned }, mistake: '' };
}

/** Makes a member and a part of the plan the same task; null where that is not possible. */
function unify(member: Member, { task }: PlanNode, binding: Binding): Binding | null {
  return member.task === task.name ? unifyArgs(member.args, task.args, binding) : null;
}

/** Makes terms and objects the same, one by one; null where that is not possible. */
export function unifyArgs(terms: readonly string[], objects: readonly string[], binding: Binding): Binding | null {
  if (terms.length !== objects.length) return null;
  const extended = new Map(binding);
  for (const [index, term] of terms.entries()) {
    const object = objects[index] ?? '';
    const value = valueOf(term, extended);
    if (value === undefined && isVariable(term)) extended.set(term, object);
    else if (value !== object) return null;
  }
  return extended;
}

/** Tries the parts of the plan for one member after the other; what is out of order is left at once. */
class MatchSearch {
  private tries = 0;
  private readonly assigned = new Map<string, PlanNode>();
  private readonly used = new Set<PlanNode>();

  constructor(private readonly question: MatchQuestion) {}

  run(): Match | null {
    return this.from(0, this.question.binding);
  }

  private from(index: number, binding: Binding): Match | null {
    const { members } = this.question.network;
    const member = members[index];
    if (!member) {
      const assigned = new Map(this.assigned);
      return orderingMistakes(this.question.network, assigned).length === 0 ? { binding, assigned } : null;
    }
    for (const child of this.question.children) {
      if (this.used.has(child) || child.task.name !== member.task) continue;
      if ((this.tries += 1) > MAX_TRIES) return null;
      const extended = unify(member, child, binding);
      if (!extended || !this.isInOrder(member, child)) continue;
      this.used.add(child);
      this.assigned.set(member.id, child);
      const match = this.from(index + 1, extended);
      if (match) return match;
      this.used.delete(child);
      this.assigned.delete(member.id);
    }
    return null;
  }

  private isInOrder({ id }: Member, child: PlanNode): boolean {
    return this.question.network.ordering.every(([before, after]) => {
      if (before === id) return child.last < (this.assigned.get(after)?.first ?? Infinity);
      if (after === id) return (this.assigned.get(before)?.last ?? -1) < child.first;
      return true;
    });
  }
}
