import type { GroundProblem } from '../search-pddl/ground-problem';
import type { Lifted } from '../search-pddl/lifted';
import type { RelaxedPlan } from '../search-pddl/relaxed-plan';
import { hashText, mix } from './mix';
import { ObjectGraph } from './object-graph';

/** The action that led to a state: its operator, or −1 at the start. */
export type Previous = number;

/** Kinds of features; part of every feature's number, so that kinds never meet. */
const KIND = {
  bias: 1,
  relaxed: 2,
  reaches: 3,
  spoils: 4,
  nullary: 5,
  after: 6,
  colour: 7,
  message: 11,
  pair: 17,
  joint: 19,
  comparison: 23,
} as const;

interface Shape {
  readonly schema: number;
  readonly args: readonly number[];
}

/**
 * Features of the actions applicable in a state: numbers that stand for relational statements about the action's arguments ("its
 * second argument is where something that is on board is missed"), never for the objects themselves. So what is learned carries
 * over to problems with other and more objects.
 */
export class ActionFeatures {
  private readonly graph: ObjectGraph;
  private readonly shapes: readonly Shape[];
  private readonly goal: ReadonlySet<number>;
  private words: Uint32Array = new Uint32Array(0);
  private memo = new Map<number, readonly number[]>();

  constructor(
    lifted: Lifted,
    private readonly problem: GroundProblem,
    private readonly operators: readonly number[],
    private readonly relaxed: RelaxedPlan,
  ) {
    this.graph = new ObjectGraph(lifted, problem);
    const schemas = new Map(lifted.world.domain.actions.map(({ name }) => [name, hashText(name)]));
    this.shapes = problem.operators.map(({ task }) => {
      const { name, args } = problem.tasks[task] ?? { name: '', args: [] };
      return { schema: schemas.get(name) ?? hashText(name), args };
    });
    this.goal = new Set(problem.goal);
  }

  /** Looks at a state, right after the relaxed plan of that state was made. */
  read(words: Uint32Array): void {
    this.words = words;
    this.memo = new Map();
    this.graph.read(words, this.operators, this.relaxed);
  }

  /** Numbers of all features that an action has in the state that was read last. */
  of(operator: number, previous: Previous): number[] {
    return [...this.own(operator, previous), ...this.argumentsOf(operator).flat()];
  }

  /** Features of the state and of each argument by itself: the same list for the same schema and argument in one state. */
  argumentsOf(operator: number): (readonly number[])[] {
    const { schema, args } = this.shapes[operator] ?? NO_SHAPE;
    return [this.state(schema), ...args.map((object, place) => this.argument(schema, place, object))];
  }

  /** What the schema has to do with the state as a whole. */
  private state(schema: number): readonly number[] {
    const key = schema >>> 0;
    const known = this.memo.get(key);
    if (known) return known;
    const start = mix(schema, KIND.comparison);
    const found = this.graph.comparisons.map((comparison) => mix(start, comparison));
    this.memo.set(key, found);
    return found;
  }

  /** Features of the action as a whole and of pairs of its arguments. */
  own(operator: number, previous: Previous): number[] {
    const shape = this.shapes[operator] ?? NO_SHAPE;
    const { schema, args } = shape;
    const found = [mix(schema, KIND.bias), mix(mix(schema, KIND.nullary), this.graph.nullary)];
    if (this.relaxed.usesOperator(operator)) found.push(mix(schema, KIND.relaxed));
    this.addGoals(operator, schema, found);
    found.push(this.after(shape, previous));
    this.addPairs(shape, found);
    for (const colours of this.graph.colours) {
      let joint = mix(schema, KIND.joint);
      for (const object of args) joint = mix(joint, colours[object] ?? 0);
      found.push(joint);
    }
    return found;
  }

  /** Schema of an operator, as a number. */
  schemaOf(operator: number): number {
    return this.shapes[operator]?.schema ?? 0;
  }

  private addGoals(operator: number, schema: number, found: number[]): void {
    for (const effect of this.problem.operators[operator]?.effects ?? []) {
      for (const fact of effect.adds)
        if (this.goal.has(fact) && !this.holds(fact)) found.push(mix(schema, KIND.reaches));
      for (const fact of effect.deletes)
        if (this.goal.has(fact) && this.holds(fact)) found.push(mix(schema, KIND.spoils));
    }
  }

  private holds(fact: number): boolean {
    return (((this.words[fact >>> 5] ?? 0) >>> (fact & 31)) & 1) === 1;
  }

  /** The schema that came before and which of its arguments are the same: pairs of actions as they follow one another. */
  private after({ schema, args }: Shape, previous: Previous): number {
    const before = this.shapes[previous];
    if (!before) return mix(schema, KIND.after);
    let found = mix(mix(schema, KIND.after), before.schema);
    for (let i = 0; i < args.length; i += 1) {
      for (let j = 0; j < before.args.length; j += 1)
        if (args[i] === before.args[j]) found = mix(found, i * 16 + j + 1);
    }
    return found;
  }

  private argument(schema: number, place: number, object: number): readonly number[] {
    const key = (mix(schema, place) >>> 0) * 65_536 + object + 2 ** 33;
    const known = this.memo.get(key);
    if (known) return known;
    const { colours, messages } = this.graph;
    const found = colours.map((level, depth) => mix(mix(mix(schema, KIND.colour + depth), place), level[object] ?? 0));
    messages.forEach((level, depth) => {
      const start = mix(mix(schema, KIND.message + depth), place);
      for (const message of level[object] ?? []) found.push(mix(start, message));
    });
    this.memo.set(key, found);
    return found;
  }

  private addPairs({ schema, args }: Shape, found: number[]): void {
    for (let i = 0; i < args.length; i += 1) {
      for (let j = i + 1; j < args.length; j += 1) {
        const start = mix(mix(schema, KIND.pair), i * 16 + j);
        for (const label of this.graph.between(args[i] ?? 0, args[j] ?? 0)) found.push(mix(start, label));
      }
    }
  }
}

const NO_SHAPE: Shape = { schema: 0, args: [] };
