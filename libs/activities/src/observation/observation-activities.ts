import { analyseObservation } from '@goalkeeper/domain';
import type { GoalActivities } from '@goalkeeper/workflows/ports';

/** Analysis is a pure function of what it is given, so a retry judges the same; it is stored with the next call. */
export function createObservationActivities(): Pick<GoalActivities, 'analyseObservation'> {
  return {
    async analyseObservation({ earlier = [], ...input }) {
      const judged = analyseObservation(input);
      return earlier.length === 0 ? judged : { ...judged, earlier: earlier.map(analyseObservation) };
    },
  };
}
