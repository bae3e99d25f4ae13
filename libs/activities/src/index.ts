import type { GoalActivities, LearningActivities, PreviewActivities } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from './deps';
import { withTranslatedErrors } from './errors';
import { createGateActivities } from './goals/gate-activities';
import { createSubGoalActivities } from './goals/sub-goal-activities';
import { createQuestionActivities } from './goals/question-activities';
import { createClosingActivities } from './goals/closing-activities';
import { createVerificationActivities } from './goals/verification-activities';
import { createLearningActivities } from './learning/learning-activities';
import { withHeartbeat } from './heartbeat';
import { createMemoryActivities } from './memory/memory-activities';
import { createObservationActivities } from './observation/observation-activities';
import { createPackShelf } from './planning/pack-shelf';
import { createPlanningActivities } from './planning/planning-activities';
import { createPreviewActivities } from './planning/preview-activity';
import { createSelectionActivities } from './selection/selection-activities';
import { FollowedGoals } from './tools/followed-goals';
import { createToolActivities } from './tools/tool-activities';

export type { ActivityDeps } from './deps';
export { createPackShelf, type PackShelf } from './planning/pack-shelf';

/** Every activity type that the goal workflow asks for. */
export function createGoalActivities(given: ActivityDeps): GoalActivities & PreviewActivities {
  const deps = { ...given, shelf: given.shelf ?? createPackShelf(given) };
  const memory = createMemoryActivities(deps);
  const followed = new FollowedGoals();
  return withTranslatedErrors({
    ...createGateActivities(deps),
    ...memory,
    ...createPreviewActivities(deps, memory),
    ...createPlanningActivities(deps, followed),
    ...createSelectionActivities(),
    ...createToolActivities(deps, followed),
    ...createObservationActivities(),
    ...createVerificationActivities(deps),
    ...createClosingActivities(deps),
    ...createQuestionActivities(deps),
    ...createSubGoalActivities(deps),
  });
}

/** The activity types of the learning schedule. */
export function createScheduledActivities(deps: ActivityDeps): LearningActivities {
  const learning = createLearningActivities({ ...deps, shelf: deps.shelf ?? createPackShelf(deps) });
  return withTranslatedErrors({ ...learning, learn: (round) => withHeartbeat(() => learning.learn(round)) });
}
