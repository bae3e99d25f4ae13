import type { Condition } from '../pddl/model';
import { worthOf } from './consumables';
import { Database } from './database';
import type { Numbered } from './answers';
import type { Binding } from './ground-condition';
import { bindHead, memberTasks, TaskTable } from './instances';
import { Join } from './join';
import type { Lifted, LiftedMethod } from './lifted';
import type { Meter } from './meter';
import type { Stack, Trace } from './network';
import { Networks } from './network';
import type { Demands } from './normal-form';
import { collectDemands, emptyDemands, toNegationNormalForm } from './normal-form';
import { executionOrder } from './order';
import { joinDigests } from './state';
import { SeenKeys } from './seen-keys';
import { Symmetry } from './symmetry';
import { addMemberDemands } from './task-demands';

interface Candidate {
  readonly method: number;
  /** What is lost by it: see {@link worthOf}. */
  readonly worth: number;
  readonly members: readonly number[];
}

interface Frame {
  readonly mark: number;
  readonly open: Stack;
  readonly trace: Trace | null;
  readonly candidates: readonly Candidate[];
  next: number;
}

/**
 * Depth-first decomposition without grounding, for domains without axioms; partially ordered networks are taken in one order only, so
 * that the end of the search proves nothing about them. The state is one database that is
 * changed and taken back; a method's parameters are bound by a join over what holds now, most constrained atoms first. Nodes are
 * checked for repetition of (state, network); the size of networks is bounded and the bound doubles.
 *
 * @see Nau et al., SHOP2: an HTN planning system, JAIR 20 (2003)
 */
export class LiftedDepthFirst implements Numbered {
  readonly methods: LiftedMethod[] = [];
  readonly root: number;
  /** Actions of the deepest node so far. */
  best: Trace | null = null;
  private readonly table: TaskTable;
  private readonly database: Database;
  private readonly networks = new Networks(new Float64Array(0));
  private readonly joins: Join[] = [];
  private readonly byTask = new Map<string, number[]>();
  private readonly goal: Condition;
  private readonly symmetry: Symmetry;
  private readonly worth: ReturnType<typeof worthOf>;
  private frames: Frame[] = [];
  private seen = new SeenKeys();
  private cut = false;
  private limit = 0;
  private deepest = 0;

  /** Whether this search can be used for a domain. */
  static fits(lifted: Lifted): boolean {
    return lifted.axioms.length === 0 && lifted.root !== null;
  }

  /** Whether it sees every plan, because all networks are totally ordered. */
  readonly isComplete: boolean;

  constructor(
    private readonly lifted: Lifted,
    private readonly meter: Meter,
  ) {
    const all = [lifted.root, ...[...lifted.methods.values()].flat()];
    this.isComplete = all.every((method) => !method || executionOrder(method.network).sequence !== null);
    this.table = new TaskTable(lifted);
    this.goal = toNegationNormalForm(lifted.world.problem.goal);
    this.database = new Database(lifted.world);
    this.root = this.table.idOf('', []);
    this.symmetry = new Symmetry(lifted);
    this.worth = worthOf(lifted.world);
    for (const method of [lifted.root, ...[...lifted.methods.values()].flat()]) if (method) this.addMethod(method);
  }

  get tasks(): TaskTable['tasks'] {
    return this.table.tasks;
  }

  /** One expansion: the trace of a plan, `going`, or `empty` when the whole space was seen. */
  step(): { readonly plan: Trace | null } | 'going' | 'empty' {
    const frame = this.frames.at(-1);
    if (!frame) {
      if (this.limit > 0 && !this.cut) return 'empty';
      return this.restart();
    }
    this.database.undoTo(frame.mark);
    const candidate = frame.candidates[frame.next];
    frame.next += 1;
    if (!candidate) {
      this.frames.pop();
      return 'going';
    }
    this.meter.node();
    const sequence = this.methods[candidate.method]?.sequence ?? [];
    const { stack, children } = this.networks.decompose({ members: candidate.members, sequence }, frame.open.next);
    const { uid, task } = frame.open;
    return this.enter(stack, { before: frame.trace, uid, task, method: candidate.method, children });
  }

  private restart(): { readonly plan: Trace | null } | 'going' {
    this.cut = false;
    this.seen = new SeenKeys();
    this.limit = this.limit === 0 ? 24 + 2 * (this.lifted.root?.network.members.length ?? 0) : this.limit * 2;
    return this.enter(this.networks.push(this.root, 0, null), null);
  }

  /** Executes the actions on top; then makes a frame for the first compound task. */
  private enter(stack: Stack | null, before: Trace | null): { readonly plan: Trace | null } | 'going' {
    let open = stack;
    let trace = before;
    for (; open && this.table.tasks[open.task]?.primitive; open = open.next) {
      if (!this.execute(open.task)) return 'going';
      trace = { before: trace, uid: open.uid, task: open.task, method: -1, children: [] };
    }
    if (!open) return this.database.holds(this.goal, new Map()) ? { plan: trace } : 'going';
    if (open.length > this.limit) {
      this.cut = true;
      return 'going';
    }
    const key = joinDigests(this.database.digest, open.digest);
    if (!this.seen.add(key)) return 'going';
    if (this.frames.length >= this.deepest) {
      this.deepest = this.frames.length;
      this.best = trace;
    }
    this.frames.push({
      mark: this.database.mark,
      open,
      trace,
      candidates: this.candidates(open),
      next: 0,
    });
    return 'going';
  }

  private execute(task: number): boolean {
    this.meter.spend(20);
    const instance = this.table.tasks[task];
    const action = this.lifted.actions.get(instance?.name ?? '');
    if (!instance || !action) return false;
    const binding: Binding = new Map(action.def.params.map(({ name }, index) => [name, instance.args[index] ?? -1]));
    if (!this.database.holds(action.condition, binding)) return false;
    this.database.apply(action.effects, binding);
    return true;
  }

  private candidates(open: Stack): Candidate[] {
    const instance = this.table.tasks[open.task];
    let groups: ((object: number) => number) | null = null;
    const found: Candidate[] = [];
    for (const index of this.byTask.get(instance?.name ?? '') ?? []) {
      const method = this.methods[index];
      const bound = method && instance && bindHead(this.lifted, method, instance.args);
      const join = this.joins[index];
      if (!bound || !join) continue;
      join.exchange = (object) => (groups ??= this.groupsFor(open))(object);
      join.run(bound, -1, null, (row) => {
        this.meter.spend(10);
        const binding = new Map(method.params.map(({ name }, position) => [name, row[position] ?? -1]));
        if (!this.database.holds(method.condition, binding)) return;
        const members = memberTasks(this.lifted, this.table, method, row);
        if (members) found.push({ method: index, members, worth: this.worth(row) });
      });
    }
    return found.sort((a, b) => a.method - b.method || a.worth - b.worth);
  }

  private groupsFor(open: Stack): (object: number) => number {
    const named = new Set<number>();
    for (let cell: Stack | null = open; cell && named.size < this.lifted.world.objects.length; cell = cell.next) {
      for (const object of this.table.tasks[cell.task]?.args ?? []) named.add(object);
    }
    this.meter.spend(open.length);
    return this.symmetry.groups(named, this.database.profiles);
  }

  private addMethod(method: LiftedMethod): void {
    const index = this.methods.length;
    this.methods.push(method);
    const task = method.def?.task.name ?? '';
    this.byTask.set(task, [...(this.byTask.get(task) ?? []), index]);
    const query = { vars: method.query.vars, demands: this.demandsNow(method), isState: true };
    this.joins.push(new Join(this.lifted.world, this.database.relations, query, this.meter));
  }

  /** What must hold at once: the method's condition, all of its first member if that is an action, and what is static. */
  private demandsNow(method: LiftedMethod): Demands {
    const { world, actions } = this.lifted;
    const demands = collectDemands(method.condition, emptyDemands());
    const [first] = method.sequence;
    method.network.members.forEach((member, position) => {
      const action = actions.get(member.task);
      if (!action) return;
      const renaming = new Map(action.def.params.map(({ name }, index) => [name, member.args[index] ?? '']));
      const own = collectDemands(action.condition, emptyDemands(), (term) => renaming.get(term) ?? term);
      const now = (atom: { predicate: string }) => position === first || world.isStatic(atom.predicate);
      demands.atoms.push(...own.atoms.filter(now));
      demands.negative.push(...own.negative.filter(now));
      demands.equalities.push(...own.equalities);
      demands.impossible ||= own.impossible;
    });
    addMemberDemands(method, this.lifted.taskDemands, demands, ({ predicate }) => world.isStatic(predicate));
    return demands;
  }
}
