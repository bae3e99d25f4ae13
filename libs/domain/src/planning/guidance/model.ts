/** What was learned about the order of search in one classical domain. */
export interface GuidanceModel {
  readonly format: 'goalkeeper-guidance';
  readonly version: 2;
  readonly domain: { readonly name: string; readonly digest: string };
  readonly trained: TrainedOn;
  readonly policy: { readonly stepWeight: number; readonly pathWeight: number; readonly allowedWaste: number };
  readonly gate: Gate;
  /** Weight of each feature, by its number (unsigned, base 36). */
  readonly weights: Readonly<Record<string, number>>;
}

export interface TrainedOn {
  /** Problems that plans were learned from, and those held back for the gate. */
  readonly problems: number;
  readonly heldBack: number;
  /** Plans found, and states in them with a choice. */
  readonly plans: number;
  readonly examples: number;
  /** Null: trained in earnest. Else the seed with which the labels were shuffled. */
  readonly placeboSeed: number | null;
}

/** Whether the model is to be used for its domain, and the figures that this was decided by. */
export interface Gate {
  readonly open: boolean;
  readonly why: string;
  readonly trials: readonly Trial[];
}

/** Held-back problems planned with and without guidance, under one choice of the step weight. */
export interface Trial {
  /** Learned from all examples, or only from those of problems whose every state was seen. */
  readonly from: 'all' | 'exact';
  readonly stepWeight: number;
  /** Nodes that the unguided search may take in vain before the guided one takes over; below zero: the guided one begins. */
  readonly allowedWaste: number;
  readonly problems: number;
  readonly solvedOff: number;
  readonly solvedOn: number;
  /** Solved without guidance only. */
  readonly lost: number;
  /** Solved by both, with more expansions under guidance. */
  readonly harmed: number;
  /** Geometric mean of expansions with guidance over expansions without, on problems that both solve; 1 where there are none. */
  readonly ratio: number;
}

export const GUIDANCE_FORMAT = 'goalkeeper-guidance';
export const GUIDANCE_VERSION = 2;

/** Numbers of features and their weights, as the search wants them. */
export function weightsOf(model: GuidanceModel): Map<number, number> {
  return new Map(Object.entries(model.weights).map(([name, weight]) => [parseInt(name, 36) | 0, weight]));
}

/** Weights as they are stored: sorted, so that equal models are equal files. */
export function storedWeights(weights: ReadonlyMap<number, number>): Record<string, number> {
  const entries = [...weights]
    .map(([feature, weight]) => [feature >>> 0, weight] as const)
    .toSorted(([a], [b]) => a - b);
  return Object.fromEntries(entries.map(([feature, weight]) => [feature.toString(36), weight]));
}

/** The file of a model. */
export function writeGuidanceModel(model: GuidanceModel): string {
  return `${JSON.stringify(model)}\n`;
}
