import type { GroundTask, HierarchicalPlan, PddlAnswer, PddlDomain, PddlProblem } from '../pddl/model';

/** A problem to be solved in place of another one, and the way back from its plan. */
export interface Route {
  readonly domain: PddlDomain;
  readonly problem: PddlProblem;
  /** The plan of the original problem; `pastOf` says which of the kept steps an action is, by its id. */
  decode(answer: PddlAnswer & { readonly kind: 'hierarchical' | 'classical' }): {
    readonly plan: HierarchicalPlan | readonly GroundTask[];
    readonly pastOf: ReadonlyMap<number, number>;
  };
}
