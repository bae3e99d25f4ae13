import type { PddlDomain, PddlProblem } from '../pddl/model';
import type { Guide } from '../search-pddl/guide';
import { guideBy } from './guide';
import type { GuidanceModel } from './model';
import { weightsOf } from './model';
import { checkModelDomain } from './read-model';

/** What a model does for one problem. */
export interface Guidance {
  /** Null: planned as without a model. */
  readonly guide: Guide | null;
  readonly used: boolean;
  readonly why: string;
}

/**
 * Prepares guidance by a model for one problem. A closed gate leaves the search as it is.
 *
 * @throws {GuidanceModelError} when the model was learned for another domain
 */
export function guidanceFor(model: GuidanceModel, domain: PddlDomain, problem: PddlProblem): Guidance {
  checkModelDomain(model, domain);
  if (problem.network)
    return { guide: null, used: false, why: 'off: guidance is for classical problems, this one has a task network' };
  const { gate, policy } = model;
  if (!gate.open) return { guide: null, used: false, why: gate.why };
  return { guide: guideBy({ ...policy, weights: weightsOf(model) }), used: true, why: gate.why };
}
