import type { GoalEvidence, HalfLives } from '../evidence';
import type { Lesson, LessonKind } from '../lesson';
import type { Candidate } from '../lesson-record';

/** What one kind of lesson is learned from, and how it is held against later goals. All functions are pure. */
export interface Proposer<K extends LessonKind> {
  readonly kind: K;
  /** Everything of this kind that the evidence, oldest first, speaks for now. Successes count only where the goal was verified. */
  propose(evidence: readonly GoalEvidence[], nowMs: number): Extract<Candidate, { kind: K }>[];
  /** True for goals on which the lesson could have made a difference, whether they had it or not. */
  concerns(lesson: Extract<Lesson, { kind: K }>, goal: GoalEvidence): boolean;
  /** Whether a later goal bears out what the lesson says; null when it says nothing about it. */
  agrees(lesson: Extract<Lesson, { kind: K }>, goal: GoalEvidence): boolean | null;
}

/** Observations of tools and methods count half after two weeks and after twelve later ones: the world moves. */
export const HALF_LIVES: HalfLives = { ms: 14 * 86_400_000, cases: 12 };

/** The versions of some tools, as the newest evidence tells them. */
export function versionsIn(evidence: readonly GoalEvidence[], tools: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { versions } of evidence) {
    for (const tool of tools) if (versions[tool] !== undefined) found[tool] = versions[tool];
  }
  return found;
}
