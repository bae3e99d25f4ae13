import type { Learned, Lesson } from '../learning/lesson';
import type { PlanStep } from '../planning/plan';

/** What of a goal's lessons selection and analysis of one step may need, and no more: it travels with every step. */
export function lessonsForStep(learned: Learned | undefined, step: PlanStep): Learned | undefined {
  return lessonsForSteps(learned, [step]);
}

/** The same for several steps together. */
export function lessonsForSteps(learned: Learned | undefined, steps: readonly PlanStep[]): Learned | undefined {
  if (!learned) return undefined;
  const asked = steps.map((step) => ({ step, names: new Set(step.tools.map(({ tool }) => tool)) }));
  const lessons = learned.lessons.filter((lesson) => asked.some(({ step, names }) => concerns(lesson, step, names)));
  return { ...learned, lessons };
}

function concerns(lesson: Lesson, step: PlanStep, tools: ReadonlySet<string>): boolean {
  switch (lesson.kind) {
    case 'tool_reliability':
    case 'avoid_rule':
      return tools.has(lesson.body.tool);
    case 'error_recovery':
      return lesson.body.tool === '' || tools.has(lesson.body.tool);
    case 'operator_repair':
      return lesson.body.operator === step.operator;
    default:
      return false;
  }
}
