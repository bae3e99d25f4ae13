import { draw } from './draw';
import type { Learned, Lesson } from './lesson';
import type { LearningSettings } from './lesson-record';

/** Which side of the comparison a goal is on for good. */
export function armOf(goalId: string, settings: LearningSettings): 'on' | 'off' {
  if (!settings.enabled) return 'off';
  return draw('control', goalId) < settings.controlShare ? 'off' : 'on';
}

/** True when a goal is given a lesson on trial. */
export function isGiven(goalId: string, lessonId: string, settings: LearningSettings): boolean {
  return draw('trial', goalId, lessonId) < settings.trialShare;
}

/** The share of a goal in a snapshot: what is active, and what it drew of what is on trial; nothing for the control share. */
export function learnedFor(
  goalId: string,
  snapshot: { readonly id: string | null; readonly lessons: readonly Lesson[] },
  settings: LearningSettings,
): Learned {
  const arm = armOf(goalId, settings);
  if (arm === 'off') return { snapshotId: snapshot.id, arm, lessons: [] };
  const lessons = snapshot.lessons.filter(
    ({ id, status }) => status === 'active' || (status === 'trial' && isGiven(goalId, id, settings)),
  );
  return { snapshotId: snapshot.id, arm, lessons };
}
