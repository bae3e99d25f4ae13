import type { JsonObject } from '../../json';
import { valueOf, type Binding } from '../pddl-plan/conditions';
import { holds } from '../pddl-plan/evaluate';
import { World } from '../pddl-plan/world';
import type { Atom, Condition } from '../pddl/model';
import type { Surprise } from '../plan';
import type { FoundChoice } from '../search';
import { atomOf, type PddlGoal } from './problem-of-goal';
import { atomKey, firstBinding, literalsOf, Reasons, type Deed } from './reasons';
import type { PlacedAction, PlacedMethod, PlacedPlan } from './tree-of-plan';

/** What of a plan is over, and what was found out meanwhile. */
export interface Past {
  readonly surprises: readonly Surprise[];
  readonly pastOf: ReadonlyMap<number, number>;
  readonly pastIds: readonly string[];
}

export interface Event {
  readonly action: PlacedAction | null;
  readonly adds: readonly Atom[];
  readonly deletes: readonly Atom[];
}

/** Actions and surprises in the order in which they happen. */
export class Script {
  readonly events: readonly Event[];

  constructor(
    private readonly goal: PddlGoal,
    placed: PlacedPlan,
    past: Past,
  ) {
    const events: Event[] = [];
    const world = this.start();
    const reasons = new Reasons(goal.domain, new Map());
    const open = [...past.surprises];
    let done = 0;
    const tellSurprises = (): void => {
      for (let next = open[0]; next !== undefined && next.after.length <= done; next = open[0]) {
        open.shift();
        const event = { action: null, adds: atomsOf(next.adds), deletes: atomsOf(next.deletes) };
        world.change(event.adds, event.deletes);
        events.push(event);
      }
    };
    for (const action of placed.actions) {
      tellSurprises();
      const { adds, deletes } = this.deed(world, action, reasons);
      world.change(adds, deletes);
      events.push({ action, adds, deletes });
      done += 1;
    }
    tellSurprises();
    this.events = events;
  }

  start(): World {
    return new World(this.goal.domain, this.goal.problem);
  }

  actionsBefore(position: number): number {
    return this.events.slice(0, position).filter(({ action }) => action !== null).length;
  }

  /** Every fact that something in the plan writes. */
  touched(): ReadonlyMap<string, Atom> {
    const all = this.events.flatMap(({ adds, deletes }) => [...adds, ...deletes]);
    return new Map(all.map((atom) => [atomKey(atom), atom]));
  }

  deed(world: World, { task }: PlacedAction, reasons: Reasons): Deed {
    const action = this.goal.domain.actions.find(({ name }) => name === task.name);
    if (!action) throw new TypeError(`The domain has no action ${task.name}`);
    const binding = new Map(action.params.map(({ name }, index) => [name, task.args[index] ?? '']));
    const { adds, deletes, needs } = reasons.effect(world, action.effect, binding);
    return { adds, deletes, needs: [...reasons.of(world, action.precondition, binding), ...needs] };
  }

  /** The choice with the moment at which its conditions held: as late as possible. */
  choiceOf(placed: PlacedMethod, world: World | null, reasons: Reasons, position: number): FoundChoice {
    const { node, method, definition } = placed;
    const found = method && world ? this.begin(placed, method.precondition, { world, position, reasons }) : null;
    const alternatives = this.goal.domain.methods.filter(
      (other) => other.task.name === placed.task?.name && other.name !== method?.name,
    );
    return {
      lineage: node.lineage,
      task: node.task,
      method: definition.name,
      alternatives: alternatives.map(({ name }) => name),
      ...(placed.task ? { objects: placed.task.args.map((name) => this.goal.spelling.get(name) ?? name) } : {}),
      ...(found && Object.keys(found.bindings).length > 0 ? { bindings: found.bindings } : {}),
      node,
      definition,
      when: found?.when ?? [],
      at: found?.position ?? position,
    };
  }

  private begin(
    placed: PlacedMethod,
    precondition: Condition,
    at: { world: World; position: number; reasons: Reasons },
  ): { when: FoundChoice['when']; bindings: JsonObject; position: number } | null {
    const known = this.bindingOf(placed);
    const params = placed.method?.params ?? [];
    const open = params.filter(({ name }) => !known.has(name));
    const condition: Condition = { kind: 'and', parts: [precondition, placed.network.constraints] };
    for (let { position } = at; position >= 0; position -= 1) {
      if (this.actionsBefore(position) < placed.earliest) break;
      const world = position === at.position ? at.world : this.worldAt(position);
      const full = firstBinding(world, open, condition, known);
      if (!full || !holds(world, condition, full)) continue;
      const bindings = Object.fromEntries(
        open.map(({ name }) => [name.slice(1), this.goal.spelling.get(full.get(name) ?? '') ?? '']),
      );
      return { when: literalsOf(at.reasons.of(world, condition, full), this.goal.spelling), bindings, position };
    }
    return null;
  }

  private worldAt(position: number): World {
    const world = this.start();
    for (const { adds, deletes } of this.events.slice(0, position)) world.change(adds, deletes);
    return world;
  }

  /** What the method's task and members say about its variables. */
  private bindingOf({ method, task, network, children }: PlacedMethod): Binding {
    const binding = new Map<string, string>();
    const note = (terms: readonly string[], args: readonly string[]): void =>
      terms.forEach((term, index) => {
        const object = args[index];
        if (valueOf(term, binding) === undefined && object !== undefined) binding.set(term, object);
      });
    if (method && task) note(method.task.args, task.args);
    children.forEach((child, index) => note(network.members[index]?.args ?? [], child.args));
    return binding;
  }
}

function atomsOf(facts: Surprise['adds']): Atom[] {
  return facts.flatMap((fact) => atomOf(fact) ?? []);
}
