import type { Example } from './examples';

const EPOCHS = 24;
const STEP = 0.15;
const SHRINK = 2e-4;
const MIN_WEIGHT = 1e-3;
/** Features seen in fewer states say too little. */
const MIN_SEEN = 2;

/**
 * Fits a linear ranking model: the probability of an action among those possible in its state is the softmax of its score, and
 * the likelihood of the right ones is raised by AdaGrad with weight decay. No chance is involved.
 *
 * @param examples in the order in which they are learned
 * @param isLate true ends it with the epoch that has begun
 * @returns weights by number of feature; those near zero are left out
 * @see Duchi, Hazan and Singer, Adaptive subgradient methods, JMLR 12 (2011)
 */
export function learnWeights(examples: readonly Example[], isLate: () => boolean = () => false): Map<number, number> {
  const { ids, names } = indexed(examples);
  const weights = new Float64Array(names.length);
  const squares = new Float64Array(names.length).fill(1e-6);
  const rows = examples.map(({ features, right }) => ({
    features: features.map((list) => Int32Array.from(list.flatMap((feature) => ids.get(feature) ?? []))),
    right: new Set(right),
  }));
  const order = rows.map((_, index) => (index * 7919) % rows.length);
  const turns = new Set(order).size === rows.length ? order : rows.map((_, index) => index);
  for (let epoch = 0; epoch < EPOCHS && !(epoch > 0 && isLate()); epoch += 1) {
    for (const turn of turns) {
      const row = rows[turn];
      if (row) learnOne(row, weights, squares);
    }
  }
  const found = new Map<number, number>();
  names.forEach((name, id) => {
    const weight = Math.round((weights[id] ?? 0) * 1e4) / 1e4;
    if (Math.abs(weight) >= MIN_WEIGHT) found.set(name, weight);
  });
  return found;
}

interface Row {
  readonly features: readonly Int32Array[];
  readonly right: ReadonlySet<number>;
}

function learnOne({ features, right }: Row, weights: Float64Array, squares: Float64Array): void {
  if (right.size === 0) return;
  const scores = features.map((list) => list.reduce((sum, id) => sum + (weights[id] ?? 0), 0));
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const good = powers.reduce((sum, power, at) => sum + (right.has(at) ? power : 0), 0);
  features.forEach((list, at) => {
    const power = powers[at] ?? 0;
    const push = (right.has(at) ? power / Math.max(good, 1e-12) : 0) - power / total;
    if (Math.abs(push) < 1e-4) return;
    for (const id of list) {
      const slope = push - SHRINK * (weights[id] ?? 0);
      squares[id] = (squares[id] ?? 0) + slope * slope;
      weights[id] = (weights[id] ?? 0) + (STEP * slope) / Math.sqrt(squares[id] ?? 1);
    }
  });
}

function indexed(examples: readonly Example[]): { ids: Map<number, number>; names: number[] } {
  const seen = new Map<number, number>();
  for (const { features } of examples) {
    for (const feature of new Set(features.flat())) seen.set(feature, (seen.get(feature) ?? 0) + 1);
  }
  const names = [...seen].filter(([, count]) => count >= MIN_SEEN).map(([name]) => name);
  return { ids: new Map(names.map((name, id) => [name, id])), names };
}
