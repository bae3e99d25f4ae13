import { analyseObservation } from '@goalkeeper/domain';
import type { GoalActivities } from '@goalkeeper/workflows/ports';

/** Analysis is a pure function of what it is given, so a retry judges the same; it is stored with the next call. */
export function createObservationActivities(): Pick<GoalActivities, 'analyseObservation'> {
  return {
    async analyseObservation(input) {
      return analyseObservation(input);
    },
  };
}
