import type { DomainPack, Fact, PddlSource } from '../pack';
import { validatePddlPlan } from '../pddl-plan/validate-pddl-plan';
import type { ActionDef, GroundTask, HierarchicalPlan, Member, PddlDomain, PddlProblem } from '../pddl/model';
import type { Plan, PlanStep, Surprise } from '../plan';
import type { PlanProblem } from '../validate-plan';
import { StepCheck } from './check-steps';
import { atomOf, problemOfGoal, type PddlGoal } from './problem-of-goal';
import { paramName } from './pack-of-domain';

/**
 * Judges a plan over a planning domain: its steps and choices, read back as a plan of the domain, pass the domain's own validator
 * in the listed order; each step's arguments, tools, conditions and effects are what pack and domain say; and in every other
 * order that `after` allows each step's conditions still hold.
 */
export function checkPddlPlan(plan: Plan, pack: DomainPack, source: PddlSource): PlanProblem[] {
  const goal = problemOfGoal(pack, source, plan.task);
  const surprises = plan.avoids?.surprises ?? [];
  const order = new Execution(plan, surprises);
  const extended = withSurprises(goal, surprises);
  const read = readBack(plan, goal, order);
  if (Array.isArray(read)) return read;
  const findings = validatePddlPlan(extended.domain, extended.problem, read.plan);
  const problems = findings.map(({ code, message, at }): PlanProblem => {
    const stepId = at.kind === 'action' ? (order.stepAt(at.id)?.id ?? null) : null;
    return { code: code === 'plan.precondition' ? code : 'plan.decomposition', stepId, message };
  });
  if (problems.length > 0) return problems;
  const steps = new StepCheck(plan, pack, goal);
  return [...plan.steps.flatMap((step) => steps.check(step)), ...steps.links(), ...steps.demanded(read.waits)];
}

/** Steps and surprises in the listed order; positions count both. */
class Execution {
  readonly events: readonly (PlanStep | Surprise)[];

  constructor(plan: Plan, surprises: readonly Surprise[]) {
    const events: (PlanStep | Surprise)[] = [];
    const open = [...surprises];
    let done = 0;
    const tell = (): void => {
      for (let next = open[0]; next !== undefined && next.after.length <= done; next = open[0]) {
        open.shift();
        events.push(next);
      }
    };
    for (const step of plan.steps) {
      tell();
      events.push(step);
      done += 1;
    }
    tell();
    this.events = [...events, ...open];
  }

  stepAt(position: number): PlanStep | null {
    const event = this.events[position];
    return event && 'id' in event ? event : null;
  }
}

const seenName = (index: number): string => `gk-seen-${index}`;
const NOWHERE = { line: 0, column: 0 };

/** What was observed, as actions that happen of themselves. */
function withSurprises({ domain, problem }: PddlGoal, surprises: readonly Surprise[]): Omit<PddlGoal, 'spelling'> {
  if (surprises.length === 0) return { domain, problem };
  const effectOf = (facts: readonly Fact[], kind: 'add' | 'delete') =>
    facts.flatMap((fact) => {
      const atom = atomOf(fact);
      return atom ? [{ kind, atom }] : [];
    });
  const actions = surprises.map(({ adds, deletes }, index): ActionDef => ({
    name: seenName(index),
    params: [],
    at: NOWHERE,
    precondition: { kind: 'true' },
    effect: { kind: 'and', parts: [...effectOf(deletes, 'delete'), ...effectOf(adds, 'add')] },
  }));
  const members = surprises.map((_, index): Member => ({
    id: seenName(index),
    task: seenName(index),
    args: [],
    at: NOWHERE,
  }));
  const network = problem.network && { ...problem.network, members: [...problem.network.members, ...members] };
  return { domain: { ...domain, actions: [...domain.actions, ...actions] }, problem: { ...problem, network } };
}

interface ReadBack {
  readonly plan: Parameters<typeof validatePddlPlan>[2];
  /** Pairs of lineages: what is below the first comes before what is below the second. */
  readonly waits: readonly (readonly [string, string])[];
}

/** The plan in the terms of its domain, from lineages alone. */
function readBack(plan: Plan, goal: PddlGoal, order: Execution): ReadBack | PlanProblem[] {
  const tasks = new Map<PlanStep, GroundTask>();
  const surprises = plan.avoids?.surprises ?? [];
  for (const step of plan.steps) {
    const task = actionOf(goal.domain, plan, step);
    if (typeof task === 'string') return [broken(step.id, task)];
    tasks.set(step, task);
  }
  const sequence = order.events.map((event) =>
    'id' in event
      ? (tasks.get(event) ?? { name: '', args: [] })
      : { name: seenName(surprises.indexOf(event)), args: [] },
  );
  const { network } = goal.problem;
  if (!network) return { plan: { kind: 'classical', plan: sequence }, waits: [] };
  return new Reading(plan, goal.domain, order).read(network, sequence);
}

function actionOf(domain: PddlDomain, plan: Plan, { operator, args, label }: PlanStep): GroundTask | string {
  const name = operator.slice(plan.pack.name.length + 1);
  const action = domain.actions.find((candidate) => candidate.name === name);
  if (!action || operator !== `${plan.pack.name}.${name}`)
    return `"${label}" has the operator ${operator}, which the domain lacks`;
  const values = action.params.map((param) => args[paramName(param.name)]);
  if (!values.every((value) => typeof value === 'string')) return `"${label}" lacks an argument of ${name}`;
  return { name, args: values.map((value) => value.toLowerCase()) };
}

class Reading {
  private readonly decompositions: HierarchicalPlan['decompositions'][number][] = [];
  private readonly waits: (readonly [string, string])[] = [];
  private readonly ids = new Map<string, number>();
  private readonly problems: PlanProblem[] = [];
  private next: number;

  constructor(
    private readonly plan: Plan,
    private readonly domain: PddlDomain,
    private readonly order: Execution,
  ) {
    this.next = order.events.length;
    order.events.forEach((event, position) => {
      if ('id' in event) this.ids.set(event.lineage, position);
    });
  }

  read(network: NonNullable<PddlProblem['network']>, sequence: readonly GroundTask[]): ReadBack | PlanProblem[] {
    const root = this.plan.choices.find(({ lineage }) => lineage === this.plan.task.name);
    if (!root) return [broken(null, 'the network of the problem is not in the plan')];
    const roots = this.children(root.lineage, root.method, network);
    const seen = this.order.events.flatMap((event, position) => ('id' in event ? [] : [position]));
    if (this.problems.length > 0) return this.problems;
    const actions = sequence.map((task, id) => ({ id, task }));
    const plan = { actions, roots: [...roots, ...seen], decompositions: this.decompositions };
    return { plan: { kind: 'hierarchical', plan }, waits: this.waits };
  }

  private children(
    lineage: string,
    method: string,
    network: { members: readonly Member[]; ordering: readonly (readonly [string, string])[] },
  ): number[] {
    const at = (member: string): string => `${lineage}:${method}/${member}`;
    for (const [earlier, later] of network.ordering) this.waits.push([at(earlier), at(later)]);
    return network.members.map(({ id, task }) => this.part(at(id), task));
  }

  private part(lineage: string, task: string): number {
    const own = this.ids.get(lineage);
    if (own !== undefined) return own;
    const choice = this.plan.choices.find((candidate) => candidate.lineage === lineage);
    const method = this.domain.methods.find((one) => one.name === choice?.method && one.task.name === task);
    if (!choice || !method) {
      this.problems.push(broken(null, `nothing does ${task} at ${lineage}`));
      return -1;
    }
    const children = this.children(lineage, method.name, method.network);
    const id = this.next;
    this.next += 1;
    const args = (choice.objects ?? []).map((object) => object.toLowerCase());
    this.decompositions.push({ id, task: { name: task, args }, method: method.name, children });
    return id;
  }
}

function broken(stepId: string | null, message: string): PlanProblem {
  return { code: 'plan.decomposition', stepId, message };
}
