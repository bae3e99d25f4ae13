import type { GoalActivities, LearningActivities } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from './deps';
import { withTranslatedErrors } from './errors';
import { createGateActivities } from './goals/gate-activities';
import { createClosingActivities } from './goals/closing-activities';
import { createVerificationActivities } from './goals/verification-activities';
import { createLearningActivities } from './learning/learning-activities';
import { createMemoryActivities } from './memory/memory-activities';
import { createObservationActivities } from './observation/observation-activities';
import { createPlanningActivities } from './planning/planning-activities';
import { createSelectionActivities } from './selection/selection-activities';
import { FollowedGoals } from './tools/followed-goals';
import { createToolActivities } from './tools/tool-activities';

export type { ActivityDeps } from './deps';

/** Every activity type that the goal workflow asks for. */
export function createGoalActivities(deps: ActivityDeps): GoalActivities {
  const followed = new FollowedGoals();
  return withTranslatedErrors({
    ...createGateActivities(deps),
    ...createMemoryActivities(deps),
    ...createPlanningActivities(deps, followed),
    ...createSelectionActivities(),
    ...createToolActivities(deps, followed),
    ...createObservationActivities(),
    ...createVerificationActivities(deps),
    ...createClosingActivities(deps),
  });
}

/** The activity types of the learning schedule. */
export function createScheduledActivities(deps: ActivityDeps): LearningActivities {
  return withTranslatedErrors(createLearningActivities(deps));
}
