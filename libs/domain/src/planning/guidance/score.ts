import type { ActionFeatures, Previous } from './features';

/** Scores of actions by a linear model; sums over single arguments are made once a state. */
export class Scorer {
  private sums = new Map<readonly number[], number>();

  constructor(
    private readonly features: ActionFeatures,
    private readonly weights: ReadonlyMap<number, number>,
  ) {}

  /** Call it when the features have read another state. */
  reset(): void {
    this.sums = new Map();
  }

  /** The score of an action in the state that the features have read: higher is better. */
  score(operator: number, previous: Previous): number {
    let score = this.sum(this.features.own(operator, previous));
    for (const list of this.features.argumentsOf(operator)) {
      let known = this.sums.get(list);
      if (known === undefined) this.sums.set(list, (known = this.sum(list)));
      score += known;
    }
    return score;
  }

  private sum(features: readonly number[]): number {
    let sum = 0;
    for (const feature of features) sum += this.weights.get(feature) ?? 0;
    return sum;
  }
}
