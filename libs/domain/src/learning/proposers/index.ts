import type { GoalEvidence } from '../evidence';
import type { Lesson, LessonKind } from '../lesson';
import type { Candidate } from '../lesson-record';
import { avoidRule } from './avoid-rule';
import { errorRecovery } from './error-recovery';
import { intent } from './intent';
import { macro } from './macro';
import { methodPreference } from './method-preference';
import { operatorRepair } from './operator-repair';
import type { Proposer } from './proposer';
import { searchGuidance } from './search-guidance';
import { toolReliability } from './tool-reliability';

/** One proposer for each kind of lesson. */
export const PROPOSERS: { readonly [K in LessonKind]: Proposer<K> } = {
  tool_reliability: toolReliability,
  method_preference: methodPreference,
  macro,
  search_guidance: searchGuidance,
  operator_repair: operatorRepair,
  error_recovery: errorRecovery,
  avoid_rule: avoidRule,
  intent,
};

/** Everything that the evidence, oldest first, speaks for. */
export function proposeAll(evidence: readonly GoalEvidence[], nowMs: number): Candidate[] {
  return [...proposing(evidence, nowMs)].flat();
}

/** {@link proposeAll}, kind by kind. */
export function* proposing(evidence: readonly GoalEvidence[], nowMs: number): Generator<Candidate[], void> {
  const proposers = Object.values(PROPOSERS) as unknown as readonly Proposer<LessonKind>[];
  for (const proposer of proposers) yield proposer.propose(evidence, nowMs);
}

/** See {@link Proposer.concerns}. */
export function concerns(lesson: Lesson, goal: GoalEvidence): boolean {
  return (PROPOSERS[lesson.kind] as Proposer<LessonKind>).concerns(lesson, goal);
}

/** See {@link Proposer.agrees}. */
export function agrees(lesson: Lesson, goal: GoalEvidence): boolean | null {
  return (PROPOSERS[lesson.kind] as Proposer<LessonKind>).agrees(lesson, goal);
}
