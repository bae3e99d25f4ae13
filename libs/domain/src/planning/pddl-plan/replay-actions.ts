import { plural } from '../../counting';
import type { ActionDef, Atom, Effect, GroundTask, NumericTerm, PddlDomain, PddlProblem, Typed } from '../pddl/model';
import { type Binding, valuesOf } from './conditions';
import { bindingsOf, holds, whyNot } from './evaluate';
import { type PlanFinding, taskText } from './finding';
import type { World } from './world';

type ActionFinding = Pick<PlanFinding, 'code' | 'message'>;

interface Changes {
  readonly added: Atom[];
  readonly deleted: Atom[];
  cost: number;
}

/** What an action did: its mistakes, the predicates it changed, and its cost. */
export interface Played {
  readonly findings: readonly ActionFinding[];
  readonly changed: ReadonlySet<string>;
  readonly cost: number;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Plays actions one after the other in a world. An action whose precondition fails is played all the same, so that each mistake is told once. */
export class ActionPlayer {
  private readonly actions: ReadonlyMap<string, ActionDef>;
  private readonly values: ReadonlyMap<string, number>;

  constructor(
    domain: PddlDomain,
    private readonly problem: PddlProblem,
    private readonly world: World,
  ) {
    this.actions = new Map(domain.actions.map((action) => [action.name, action]));
    this.values = new Map(problem.values.map(({ function: name, args, value }) => [[name, ...args].join(' '), value]));
  }

  play(task: GroundTask): Played {
    const action = this.actions.get(task.name);
    if (!action) return failed(`the domain has no action ${task.name}`);
    const mistake = argumentMistake(this.world, action.params, task);
    if (mistake !== null) return failed(mistake);
    const binding = new Map(action.params.map(({ name }, index) => [name, task.args[index] ?? '']));
    const isReady = holds(this.world, action.precondition, binding);
    const message = `the precondition of ${taskText(task)} fails: ${isReady ? '' : whyNot(this.world, action.precondition, binding)}`;
    const findings: ActionFinding[] = isReady ? [] : [{ code: 'plan.precondition', message }];
    const changes: Changes = { added: [], deleted: [], cost: 0 };
    this.collect(action.effect, binding, changes);
    const cost = this.problem.minimizesCost ? changes.cost : 1;
    return { findings, changed: this.world.change(changes.added, changes.deleted), cost };
  }

  /** What an effect does, all of it seen from the state before. */
  private collect(effect: Effect, binding: Binding, changes: Changes): void {
    switch (effect.kind) {
      case 'and':
        return effect.parts.forEach((part) => this.collect(part, binding, changes));
      case 'add':
      case 'delete': {
        const list = effect.kind === 'add' ? changes.added : changes.deleted;
        list.push({ predicate: effect.atom.predicate, args: valuesOf(effect.atom.args, binding) });
        return;
      }
      case 'when':
        if (holds(this.world, effect.if, binding)) this.collect(effect.then, binding, changes);
        return;
      case 'forall':
        for (const inner of bindingsOf(this.world, effect.vars, binding)) this.collect(effect.of, inner, changes);
        return;
      case 'cost':
        changes.cost += this.numberOf(effect.by, binding);
    }
  }

  /** A function without a value counts as 0, as the state before anything was said of it. */
  private numberOf(term: NumericTerm, binding: Binding): number {
    if (typeof term === 'number') return term;
    return this.values.get([term.function, ...valuesOf(term.args, binding)].join(' ')) ?? 0;
  }
}

function failed(message: string): Played {
  return { findings: [{ code: 'plan.action', message }], changed: NOTHING, cost: 0 };
}

/** What is wrong with the arguments of an action or task, in words; null when they fit the parameters. */
export function argumentMistake(world: World, params: readonly Typed[], task: GroundTask): string | null {
  if (task.args.length !== params.length) {
    return `${taskText(task)} has ${plural(task.args.length, 'argument')}; ${task.name} takes ${params.length}`;
  }
  for (const [index, { name, types }] of params.entries()) {
    const object = task.args[index] ?? '';
    if (!world.isObject(object)) return `${taskText(task)} names ${object}, which is no object of the problem`;
    if (!world.isOfType(object, types)) {
      return `${taskText(task)} has ${object} for ${name}, which must be of type ${types.join(' or ')}`;
    }
  }
  return null;
}
