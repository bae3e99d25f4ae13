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
 * @param fits whether the values of the variables are fine too: their types, the constraints
 * @returns the match, which is the declared order where nothing fits better; or why that is none, in words
 */
export function matchNetwork(
  question: MatchQuestion,
  fits: (match: Match) => boolean,
): { match: Match | null; mistake: string } {
  const { members } = question.network;
  if (members.length !== question.children.length) {
    const mistake = `${question.children.length} parts are named where ${members.length} are declared`;
    return { match: null, mistake };
  }
  const asDeclared = matchInOrder(question);
  const isFine =
    asDeclared.match !== null &&
    orderingMistakes(question.network, asDeclared.match.assigned).length === 0 &&
    fits(asDeclared.match);
  if (isFine) return asDeclared;
  const [match] = otherMatches(question, fits, 1);
  return match ? { match, mistake: '' } : asDeclared;
}

/** Up to so many ways to find the members in the parts, in whatever order these are named. */
export function otherMatches(question: MatchQuestion, fits: (match: Match) => boolean, most: number): readonly Match[] {
  const { members } = question.network;
  if (members.length > MAX_SEARCHED_MEMBERS || members.length !== question.children.length) return [];
  return new MatchSearch(question, fits, most).run();
}

function matchInOrder({ network, children, binding }: MatchQuestion): { match: Match | null; mistake: string } {
  const current = new Map(binding);
  const assigned = new Map<string, PlanNode>();
  for (const [index, member] of network.members.entries()) {
    const child = children[index];
    const before = new Map(member.args.map((arg) => [arg, valueOf(arg, current) ?? arg]));
    if (!child || member.task !== child.task.name || !bindArgs(member.args, child.task.args, current)) {
      const wanted = taskText({ name: member.task, args: member.args.map((arg) => before.get(arg) ?? arg) });
      return { match: null, mistake: `${child?.id} is ${child && taskText(child.task)} where ${wanted} is declared` };
    }
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
  const extended = new Map(binding);
  return bindArgs(terms, objects, extended) ? extended : null;
}

/** Adds to a binding what makes terms and objects the same; false where that is not possible. */
function bindArgs(terms: readonly string[], objects: readonly string[], binding: Map<string, string>): boolean {
  if (terms.length !== objects.length) return false;
  for (const [index, term] of terms.entries()) {
    const object = objects[index] ?? '';
    const value = valueOf(term, binding);
    if (value === undefined && isVariable(term)) binding.set(term, object);
    else if (value !== object) return false;
  }
  return true;
}

/** Tries the parts of the plan for one member after the other; what is out of order is left at once. */
class MatchSearch {
  private tries = 0;
  private readonly found: Match[] = [];
  private readonly assigned = new Map<string, PlanNode>();
  private readonly used = new Set<PlanNode>();
  /** By the id of a member, the ids of those before and after it. */
  private readonly before = new Map<string, string[]>();
  private readonly after = new Map<string, string[]>();

  constructor(
    private readonly question: MatchQuestion,
    private readonly fits: (match: Match) => boolean,
    private readonly most: number,
  ) {
    for (const { id } of question.network.members) {
      this.before.set(id, []);
      this.after.set(id, []);
    }
    for (const [earlier, later] of question.network.ordering) {
      this.after.get(earlier)?.push(later);
      this.before.get(later)?.push(earlier);
    }
  }

  run(): readonly Match[] {
    this.from(0, this.question.binding);
    return this.found;
  }

  private isOver(): boolean {
    return this.found.length >= this.most || this.tries > MAX_TRIES;
  }

  private from(index: number, binding: Binding): void {
    const { members } = this.question.network;
    const member = members[index];
    if (!member) {
      const match = { binding, assigned: new Map(this.assigned) };
      const isFine = orderingMistakes(this.question.network, match.assigned).length === 0 && this.fits(match);
      if (isFine) this.found.push(match);
      return;
    }
    const tried = new Set<string>();
    for (const child of this.question.children) {
      if (this.isOver()) return;
      if (this.used.has(child) || child.task.name !== member.task || this.isTwin(child, tried)) continue;
      this.tries += 1;
      const extended = unify(member, child, binding);
      if (!extended || !this.isInOrder(member, child)) continue;
      this.used.add(child);
      this.assigned.set(member.id, child);
      this.from(index + 1, extended);
      this.used.delete(child);
      this.assigned.delete(member.id);
    }
  }

  /** Without an ordering, parts that are the same task can stand for each other: one of them is tried. */
  private isTwin(child: PlanNode, tried: Set<string>): boolean {
    if (this.question.network.ordering.length > 0) return false;
    const text = taskText(child.task);
    if (tried.has(text)) return true;
    tried.add(text);
    return false;
  }

  private isInOrder({ id }: Member, child: PlanNode): boolean {
    return (
      (this.after.get(id) ?? []).every((later) => child.last < (this.assigned.get(later)?.first ?? Infinity)) &&
      (this.before.get(id) ?? []).every((earlier) => (this.assigned.get(earlier)?.last ?? -1) < child.first)
    );
  }
}
