import { type Lesson, type Learned, lessonsOf } from '../learning/lesson';
import type { PlanStep } from '../planning/plan';
import { firstUnmet, groundLiteral, holds, type State } from '../planning/state';

/** What lessons add to the factors of one candidate. */
export interface LessonTerms {
  /** Pseudo-calls of the tool as a whole, and of this context. */
  readonly tool: { readonly successes: number; readonly failures: number };
  readonly context: { readonly successes: number; readonly failures: number };
  /** Factor on the probability, 0..1. */
  readonly repair: number;
  /** Taken off the score, ≥ 0. */
  readonly penalty: number;
}

export const NO_TERMS: LessonTerms = {
  tool: { successes: 0, failures: 0 },
  context: { successes: 0, failures: 0 },
  repair: 1,
  penalty: 0,
};

/** Calls that a lesson about a tool's reliability is worth at most: the tool's own record outweighs it soon. */
const LESSON_CALLS = 6;

/** The part of the probability that the best founded missing precondition takes. */
const MOST_REPAIR = 0.6;
/** Failures without the fact that make half of that. */
const HALF_REPAIR = 3;

export interface LessonSituation {
  readonly step: Pick<PlanStep, 'operator' | 'args'>;
  readonly context: string;
  readonly state: State;
  /** Milliseconds since 1970: rules expire. */
  readonly nowMs: number;
}

/** The lessons that bear on this tool in this situation. */
export function lessonsFor(learned: Learned | undefined, tool: string, situation: LessonSituation): Lesson[] {
  const { step, context, state, nowMs } = situation;
  const isHere = (of: string): boolean => of === '' || of === context;
  return [
    ...lessonsOf(learned, 'tool_reliability').filter(({ body }) => body.tool === tool && isHere(body.context)),
    ...lessonsOf(learned, 'avoid_rule').filter(
      ({ body }) =>
        body.tool === tool &&
        isHere(body.context) &&
        Date.parse(body.expiresAt) > nowMs &&
        firstUnmet(
          body.facts.map((fact) => groundLiteral(fact, step.args)),
          state,
        ) === null,
    ),
    ...lessonsOf(learned, 'operator_repair').filter(
      ({ body }) => body.operator === step.operator && !holds(groundLiteral(body.missing, step.args), state),
    ),
  ];
}

/** The sum of what lessons add; the suspected preconditions multiply, penalties add up. */
export function termsOf(lessons: readonly Lesson[]): LessonTerms {
  return lessons.reduce(withLesson, NO_TERMS);
}

function withLesson(terms: LessonTerms, lesson: Lesson): LessonTerms {
  if (lesson.kind === 'tool_reliability') {
    const { context, successes, failures } = lesson.body;
    const key = context === '' ? 'tool' : 'context';
    const share = Math.min(1, LESSON_CALLS / Math.max(successes + failures, 1e-9));
    const before = terms[key];
    const after = {
      successes: before.successes + share * Math.max(0, successes),
      failures: before.failures + share * Math.max(0, failures),
    };
    return { ...terms, [key]: after };
  }
  if (lesson.kind === 'avoid_rule') return { ...terms, penalty: terms.penalty + Math.max(0, lesson.body.penalty) };
  if (lesson.kind === 'operator_repair') {
    const lacked = Math.max(0, lesson.body.lackedInFailures);
    return { ...terms, repair: terms.repair * (1 - (MOST_REPAIR * lacked) / (lacked + HALF_REPAIR)) };
  }
  return terms;
}
