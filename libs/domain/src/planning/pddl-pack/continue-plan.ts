import type {
  Atom,
  Decomposition,
  GroundTask,
  HierarchicalPlan,
  Member,
  MethodDef,
  PddlAnswer,
  TaskNetwork,
} from '../pddl/model';
import type { Plan, PlanStep } from '../plan';
import { memberLineage } from '../network';
import { groundTask } from './ground-task';
import { withBans } from './history';
import type { PddlGoal } from './problem-of-goal';
import type { Route } from './route';

/** What stays of a plan: steps that are done or kept, in order, and the facts that hold after them. */
export interface Kept {
  readonly steps: readonly PlanStep[];
  readonly facts: readonly Atom[];
  readonly banned: readonly GroundTask[];
  /** Lineages of tasks that are to be done anew, whatever of them was done. */
  readonly reopened?: ReadonlySet<string>;
}

type Standing = 'past' | 'open' | 'partial';

/** A node of the plan's tree. */
interface Branch {
  readonly lineage: string;
  readonly task: GroundTask;
  /** Null for an action, and for a task that is to be decomposed anew. */
  readonly method: { readonly name: string; readonly network: TaskNetwork } | null;
  readonly step: PlanStep | null;
  readonly children: readonly Branch[];
}

/**
 * The problem of what is left: tasks of which nothing is done stand open again, methods that were begun go on with their members
 * that are left, and the world is as it is now. Null when the plan cannot be read as a tree.
 */
export function continuing(goal: PddlGoal, plan: Plan, kept: Kept): Route | null {
  const { domain, problem } = goal;
  const init = kept.facts;
  const tasks = kept.steps.flatMap((step) => groundTask(goal, step.operator, step.args));
  if (tasks.length < kept.steps.length) return null;
  if (!problem.network) {
    const asked = withBans({ domain, problem: { ...problem, init } }, kept.banned);
    return { ...asked, decode: (answer) => afterPast(tasks, answer) };
  }
  const root = new TreeReader(goal, plan).read(problem.network);
  if (!root) return null;
  const rest = new Rest(new Set(kept.steps), kept.reopened ?? new Set());
  const network = rest.networkOf(root);
  const asked = withBans({ domain, problem: { ...problem, init, network } }, kept.banned);
  return { ...asked, decode: (answer) => rest.joined(root, kept.steps, tasks, answer) };
}

function afterPast(tasks: readonly GroundTask[], answer: PddlAnswer & { kind: 'hierarchical' | 'classical' }) {
  const more = answer.kind === 'classical' ? answer.plan : answer.plan.actions.map(({ task }) => task);
  return { plan: [...tasks, ...more], pastOf: new Map(tasks.map((_, index) => [index, index])) };
}

/** Reads the tree of a plan from the lineages of its steps and choices. */
class TreeReader {
  private isBroken = false;

  constructor(
    private readonly goal: PddlGoal,
    private readonly plan: Plan,
  ) {}

  read(network: TaskNetwork): Branch | null {
    const lineage = this.plan.task.name;
    const choice = this.plan.choices.find((one) => one.lineage === lineage);
    if (!choice) return null;
    const children = this.children(lineage, choice.method, network);
    const method = { name: choice.method, network };
    return this.isBroken ? null : { lineage, task: { name: lineage, args: [] }, method, step: null, children };
  }

  private children(lineage: string, method: string, { members }: TaskNetwork): Branch[] {
    return members.map((member) => this.branch(memberLineage(lineage, method, member.id), member.task));
  }

  private branch(lineage: string, name: string): Branch {
    const step = this.plan.steps.find((one) => one.lineage === lineage);
    const [task] = step ? groundTask(this.goal, step.operator, step.args) : [];
    if (step && task) return { lineage, task, method: null, step, children: [] };
    const choice = this.plan.choices.find((one) => one.lineage === lineage);
    const method = this.goal.domain.methods.find(
      (one): one is MethodDef => one.name === choice?.method && one.task.name === name,
    );
    if (!choice || !method) {
      this.isBroken = true;
      return { lineage, task: { name, args: [] }, method: null, step: null, children: [] };
    }
    const args = (choice.objects ?? []).map((object) => object.toLowerCase());
    const children = this.children(lineage, method.name, method.network);
    const by = { name: method.name, network: method.network };
    return { lineage, task: { name, args }, method: by, step: null, children };
  }
}

/** What is left of a tree. */
class Rest {
  private readonly open: Branch[] = [];

  constructor(
    private readonly past: ReadonlySet<PlanStep>,
    private readonly reopened: ReadonlySet<string>,
  ) {}

  networkOf(root: Branch): TaskNetwork & { readonly params: readonly [] } {
    const ordering: [string, string][] = [];
    this.collect(root, ordering);
    const members = this.open.map(({ task }, index): Member => ({
      ...{ id: idOf(index), task: task.name, args: task.args },
      at: { line: 0, column: 0 },
    }));
    return { params: [], members, ordering, constraints: { kind: 'true' } };
  }

  /** Notes the open tasks below a branch that was begun, and what the methods above them say of their order. */
  private collect(branch: Branch, ordering: [string, string][]): number[] {
    const members = branch.method?.network.members ?? [];
    const below = new Map<string, readonly number[]>();
    branch.children.forEach((child, index) => {
      const standing = this.standingIn(branch, index);
      if (standing === 'open') this.open.push(child);
      const own = standing === 'open' ? [this.open.length - 1] : [];
      below.set(members[index]?.id ?? '', standing === 'partial' ? this.collect(child, ordering) : own);
    });
    for (const [first, second] of reachable(branch.method?.network.ordering ?? []))
      for (const earlier of below.get(first) ?? [])
        for (const later of below.get(second) ?? []) ordering.push([idOf(earlier), idOf(later)]);
    return [...below.values()].flat();
  }

  /** How far a member is. One without steps is over when all that comes before it is, else it is asked again. */
  private standingIn(parent: Branch, index: number): Standing {
    const child = parent.children[index];
    if (!child) return 'past';
    if (this.reopened.has(child.lineage)) return 'open';
    const steps = stepsBelow(child);
    const done = steps.filter((step) => this.past.has(step)).length;
    if (steps.length > 0)
      return done === steps.length && !this.hasOpenEnd(child) ? 'past' : done === 0 ? 'open' : 'partial';
    const members = parent.method?.network.members ?? [];
    const before = reachable(parent.method?.network.ordering ?? [])
      .filter(([, later]) => later === members[index]?.id)
      .map(([earlier]) => members.findIndex(({ id }) => id === earlier));
    return before.every((one) => this.standingIn(parent, one) === 'past') ? 'past' : 'open';
  }

  private hasOpenEnd(branch: Branch): boolean {
    return branch.children.some((_, index) => this.standingIn(branch, index) !== 'past');
  }

  /** The tree as it was where it is past or begun, with the new parts in the places of the open ones. */
  joined(
    root: Branch,
    kept: readonly PlanStep[],
    tasks: readonly GroundTask[],
    answer: PddlAnswer & { kind: 'hierarchical' | 'classical' },
  ): ReturnType<Route['decode']> {
    const more: HierarchicalPlan =
      answer.kind === 'hierarchical' ? answer.plan : { actions: [], roots: [], decompositions: [] };
    const shift = kept.length;
    const decompositions: Decomposition[] = more.decompositions.map((one) => ({
      ...one,
      id: one.id + shift,
      children: one.children.map((child) => child + shift),
    }));
    let next = Math.max(
      shift,
      ...more.actions.map(({ id }) => id + shift + 1),
      ...decompositions.map(({ id }) => id + 1),
    );
    const place = (branch: Branch): number => {
      const opened = this.open.indexOf(branch);
      if (opened >= 0) return (more.roots[opened] ?? 0) + shift;
      if (branch.step) return kept.indexOf(branch.step);
      const children = branch.children.map(place);
      const id = next;
      next += 1;
      decompositions.push({ id, task: branch.task, method: branch.method?.name ?? '', children });
      return id;
    };
    const roots = root.children.map(place);
    const actions = [
      ...tasks.map((task, id) => ({ id, task })),
      ...more.actions.map(({ id, task }) => ({ id: id + shift, task })),
    ];
    return { plan: { actions, roots, decompositions }, pastOf: new Map(tasks.map((_, index) => [index, index])) };
  }
}

const idOf = (index: number): string => `open${index}`;

function stepsBelow(branch: Branch): PlanStep[] {
  return branch.step ? [branch.step] : branch.children.flatMap(stepsBelow);
}

/** Pairs that follow from others too. */
function reachable(pairs: TaskNetwork['ordering']): [string, string][] {
  const after = new Map<string, Set<string>>();
  for (const [first, second] of pairs) after.set(first, (after.get(first) ?? new Set()).add(second));
  for (const own of after.values()) for (const next of own) after.get(next)?.forEach((further) => own.add(further));
  return [...after].flatMap(([first, own]) => [...own].map((second): [string, string] => [first, second]));
}
