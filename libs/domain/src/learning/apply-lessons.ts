import type { MethodStat } from '../memory/memory';
import type { ToolStat } from '../selection/selection';
import { draw } from './draw';
import { type Learned, type Lesson, lessonsOf } from './lesson';
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

/**
 * What is known of tools for arguments of one shape: where a lesson speaks of that shape it takes the place of the record over
 * all shapes.
 */
export function toolStatsFor(stats: readonly ToolStat[], learned: Learned | undefined, context: string): ToolStat[] {
  const told = lessonsOf(learned, 'tool_reliability').filter(({ body }) => body.context === context);
  const special = told.map(({ body }): ToolStat => {
    const { tool, successes, failures } = body;
    return { tool, successes, failures, meanDurationMs: Math.exp(body.meanLogMs + body.varLogMs / 2) };
  });
  return [...stats.filter(({ tool }) => !special.some((one) => one.tool === tool)), ...special];
}

/** The same for methods: what is known for goals of this shape takes the place of what is known for all. */
export function methodStatsFor(
  stats: readonly MethodStat[],
  learned: Learned | undefined,
  bucket: string,
): MethodStat[] {
  const special = lessonsOf(learned, 'method_preference')
    .filter(({ body }) => body.bucket === bucket)
    .map(({ body: { task, method, successes, failures } }): MethodStat => ({ task, method, successes, failures }));
  const isSpecial = (stat: MethodStat): boolean =>
    special.some(({ task, method }) => task === stat.task && method === stat.method);
  return [...stats.filter((stat) => !isSpecial(stat)), ...special];
}

/** What worked after such an error of such a tool; null when nobody knows. */
export function recoveryFor(learned: Learned | undefined, tool: string, signature: string) {
  return (
    lessonsOf(learned, 'error_recovery').find(({ body }) => body.tool === tool && body.signature === signature) ?? null
  );
}

/** What is taken off a tool's score for arguments of one shape, 0 when nothing is held against it. */
export function penaltyFor(
  learned: Learned | undefined,
  call: { tool: string; context: string },
  nowMs: number,
): number {
  return lessonsOf(learned, 'avoid_rule')
    .filter(
      ({ body }) => body.tool === call.tool && body.context === call.context && Date.parse(body.expiresAt) > nowMs,
    )
    .reduce((most, { body }) => Math.max(most, body.penalty), 0);
}
