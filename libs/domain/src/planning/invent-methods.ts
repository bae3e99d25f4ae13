import { canonicalJson, type Json } from '../json';
import { achieve } from './achieve';
import type { Node } from './network';
import type { DomainPack, MethodDef } from './pack';
import type { PlanningBudget } from './pddl/model';
import { groundLiteral, stateDigest, type State } from './state';
import { malformedReferencesIn, referencesIn, variablesIn } from './terms';

/**
 * Makes methods for tasks that have facts to bring about and no method: the operators that a classical search finds, one after the
 * other. They may run at once where no fact keeps them apart.
 */
export class Inventor {
  readonly methods: MethodDef[] = [];
  private readonly known = new Map<string, readonly MethodDef[]>();

  constructor(
    private readonly pack: DomainPack,
    private readonly budget: PlanningBudget,
  ) {}

  /** None when the task has no facts, or none that can be reached. */
  invent({ task, args }: Pick<Node, 'task' | 'args'>, state: State): readonly MethodDef[] {
    const facts = this.pack.tasks.find(({ name }) => name === task)?.achieves ?? [];
    if (facts.length === 0) return [];
    const key = `${task} ${canonicalJson(args)}\n${stateDigest(state)}`;
    const known = this.known.get(key);
    if (known) return known;
    const ground = facts.map((literal) => groundLiteral(literal, args));
    const acts = achieve(this.pack, { facts: ground, state, given: args }, this.budget);
    const made = acts && acts.every((act) => isValue(act.args)) ? [this.methodOf(task, acts)] : [];
    this.known.set(key, made);
    return made;
  }

  private methodOf(task: string, acts: NonNullable<ReturnType<typeof achieve>>): MethodDef {
    const number = this.methods.filter((method) => method.task === task).length + 1;
    const method: MethodDef = {
      name: number === 1 ? 'search' : `search-${number}`,
      task,
      summary: 'found by search over the operators',
      when: [],
      subtasks: acts.map(({ operator, args }, index) => ({
        id: `${operator.slice(operator.lastIndexOf('.') + 1)}-${index + 1}`,
        task: operator,
        args,
      })),
      cost: acts.length,
    };
    this.methods.push(method);
    return method;
  }
}

/** Values that look like variables or references would be filled anew as parts of a method. */
function isValue(value: Json): boolean {
  return variablesIn(value).length + referencesIn(value).length + malformedReferencesIn(value).length === 0;
}
