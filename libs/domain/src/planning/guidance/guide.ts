import type { Guide, GuidedRun } from '../search-pddl/guide';
import { GuidedSearch, type GuidedTask, type Policy } from './guided-search';

/** Elementary work after which guided search no longer goes first, whatever its progress. */
const LEAD_WORK = 1_200_000;
/** Expansions without a shorter relaxed plan after which it no longer goes first: so many times the best, and at least. */
const PATIENCE = { perStep: 3, least: 60 };

/**
 * Guidance for `solve`. By its policy the unguided search begins, and the guided one takes over where that wastes expansions; or the
 * guided one begins. It leads while its relaxed plans get shorter; then it shares the work with the unguided searches, which so
 * always get their part: what they solve is solved, and the extra expansions are bounded.
 */
export function guideBy(policy: Policy): Guide {
  return (task: GuidedTask): GuidedRun => {
    let made: { readonly search: GuidedSearch; readonly start: number } | null = null;
    const begun = () => (made ??= { search: new GuidedSearch(task, policy), start: task.meter.work });
    return {
      step: () => begun().search.step(),
      adopt: (node, children) => begun().search.adopt(node, children),
      allowedWaste: policy.allowedWaste,
      leads: () => {
        const { search, start } = begun();
        const patience = PATIENCE.perStep * (Number.isFinite(search.bestSteps) ? search.bestSteps : 0);
        return task.meter.work - start < LEAD_WORK && search.sinceBest < Math.max(PATIENCE.least, patience);
      },
    };
  };
}
