import { ClassicalProgression } from '../search-pddl/classical';
import { Meter } from '../search-pddl/meter';
import { RelaxedPlan } from '../search-pddl/relaxed-plan';
import type { Lookout } from './explore';
import { ActionFeatures } from './features';
import type { GroundTaskOf } from './ground-task';
import { mix } from './mix';

/** One state of a plan: the features of every action that was possible, and which of them were right. */
export interface Example {
  readonly features: readonly (readonly number[])[];
  readonly schemas: readonly number[];
  readonly right: readonly number[];
}

const MAX_CHOICES = 80;
const LOOK_AHEAD = 24;

/**
 * Turns a plan into examples. Right is the plan's next action, and every later one that can be done at once without spoiling the
 * plan; actions that lead to a state seen before on the way are no choices.
 *
 * @param plan numbers of operators
 */
export function examplesOf({ lifted, ground }: GroundTaskOf, plan: readonly number[]): Example[] {
  const meter = new Meter({ maxNodes: Number.MAX_SAFE_INTEGER, isOver: () => false });
  const progression = new ClassicalProgression(ground, meter);
  const relaxed = new RelaxedPlan(ground);
  const features = new ActionFeatures(lifted, ground, ground.operatorsOf.flat(), relaxed);
  const movable = movableSteps(ground, plan);
  const examples: Example[] = [];
  let node = progression.start();
  plan.forEach((operator, index) => {
    const children = progression.expand(node);
    const chosen = children.find((child) => child.choice === operator);
    if (!chosen) throw new Error('A plan to learn from cannot be executed');
    if (children.length > 1 && relaxed.estimate(node.state.words, []) >= 0) {
      features.read(node.state.words);
      const wanted = new Set((movable[index] ?? [operator]).concat(operator));
      const choices = thinned(
        children.map(({ choice }) => choice),
        wanted,
      );
      examples.push({
        features: choices.map((choice) => features.of(choice, node.choice)),
        schemas: choices.map((choice) => features.schemaOf(choice)),
        right: choices.flatMap((choice, at) => (wanted.has(choice) ? [at] : [])),
      });
    }
    node = chosen;
  });
  return examples;
}

/** Examples of the states on shortest plans of a small problem, evenly thinned to at most `most`. */
export function examplesOfStates(
  { lifted, ground }: GroundTaskOf,
  states: readonly Lookout[],
  most: number,
): Example[] {
  const relaxed = new RelaxedPlan(ground);
  const features = new ActionFeatures(lifted, ground, ground.operatorsOf.flat(), relaxed);
  const every = Math.max(1, states.length / most);
  return states.flatMap(({ node, children, right }, index) => {
    const isTaken = Math.floor(index / every) !== Math.floor((index - 1) / every);
    if (!isTaken || children.length < 2 || relaxed.estimate(node.state.words, []) < 0) return [];
    features.read(node.state.words);
    const choices = thinned(
      children.map(({ choice }) => choice),
      right,
    );
    return [
      {
        features: choices.map((choice) => features.of(choice, node.choice)),
        schemas: choices.map((choice) => features.schemaOf(choice)),
        right: choices.flatMap((choice, at) => (right.has(choice) ? [at] : [])),
      },
    ];
  });
}

/** At most so many choices: all right ones, and others spread evenly. */
function thinned(choices: readonly number[], wanted: ReadonlySet<number>): number[] {
  if (choices.length <= MAX_CHOICES) return [...choices];
  const every = choices.length / MAX_CHOICES;
  return choices.filter((choice, at) => wanted.has(choice) || Math.floor(at / every) !== Math.floor((at - 1) / every));
}

/** For each step the later ones that can be moved to its place: nothing between needs, gives or takes what they touch. */
function movableSteps(ground: GroundTaskOf['ground'], plan: readonly number[]): number[][] {
  const touched = plan.map((index) => {
    const operator = ground.operators[index];
    const effects = operator?.effects ?? [];
    const negations = (facts: readonly number[]) =>
      facts.map((fact) => ground.negationOf[fact] ?? -1).filter((f) => f >= 0);
    const reads = new Set([...(operator?.condition ?? []), ...effects.flatMap(({ condition }) => condition)]);
    const changed = effects.flatMap(({ adds, deletes }) => [...adds, ...deletes]);
    return { reads, writes: new Set([...changed, ...negations(changed)]) };
  });
  const meets = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean => [...a].some((fact) => b.has(fact));
  return plan.map((_, from) => {
    const found: number[] = [];
    for (let later = from + 1; later < Math.min(plan.length, from + LOOK_AHEAD); later += 1) {
      const moved = touched[later];
      const free = touched.slice(from, later).every((between) => {
        if (!moved) return false;
        return (
          !meets(between.writes, moved.reads) &&
          !meets(moved.writes, between.reads) &&
          !meets(moved.writes, between.writes)
        );
      });
      if (free) found.push(plan[later] ?? -1);
    }
    return found;
  });
}

/**
 * The placebo: labels are shuffled among all actions of the same schema, over all states. Features, the number of examples and how
 * often each schema is right stay as they are; what is lost is in which states and for which arguments.
 */
export function shuffleLabels(examples: readonly Example[], seed: number): Example[] {
  const bySchema = new Map<number, { example: number; at: number }[]>();
  const rights = examples.map(({ right }) => new Set(right));
  examples.forEach(({ schemas }, example) =>
    schemas.forEach((schema, at) => {
      const list = bySchema.get(schema);
      if (list) list.push({ example, at });
      else bySchema.set(schema, [{ example, at }]);
    }),
  );
  const right: number[][] = examples.map(() => []);
  for (const places of bySchema.values()) {
    const count = places.filter(({ example, at }) => rights[example]?.has(at)).length;
    const drawn = places.map(({ example, at }) => ({ example, at, draw: mix(mix(seed, example), at) >>> 0 }));
    drawn.sort((a, b) => a.draw - b.draw || a.example - b.example || a.at - b.at);
    for (const { example, at } of drawn.slice(0, count)) right[example]?.push(at);
  }
  return examples.map((example, index) => ({ ...example, right: (right[index] ?? []).toSorted((a, b) => a - b) }));
}
