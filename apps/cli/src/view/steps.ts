import type { JsonObject } from '@goalkeeper/domain';
import type { GoalView, StepLine } from './model';
import { newStep } from './plan-change';
import { errorText, number, text } from './read';
import type { ViewEvent } from './reduce';

/** The view after a `step.*` event; a step that no plan told of is added at the end. */
export function applyStep(view: GoalView, event: ViewEvent, atMs: number): GoalView {
  const id = event.stepId || text(event.data, 'stepId', 'id', 'label');
  if (id === '') return view;
  const known = view.steps.find((step) => step.id === id);
  const before = known ?? newStep(id, view.revisions.at(-1)?.revision ?? 1);
  const step = changeStep(withCommon(before, event.data), event, atMs);
  if (step === null) return view;
  return {
    ...view,
    steps: known ? view.steps.map((other) => (other.id === id ? step : other)) : [...view.steps, step],
  };
}

function withCommon(step: StepLine, data: JsonObject): StepLine {
  return {
    ...step,
    label: text(data, 'label') || step.label,
    tool: text(data, 'tool') || step.tool,
    confidence: number(data, 'confidence') ?? step.confidence,
  };
}

function changeStep(step: StepLine, event: ViewEvent, atMs: number): StepLine | null {
  const { data } = event;
  const durationMs = number(data, 'durationMs') ?? (step.startedMs === null ? null : atMs - step.startedMs);
  const said = text(data, 'summary');
  const failed = errorText(data) || text(data, 'reason', 'message') || said;
  switch (event.type) {
    case 'step.started':
      return begun(step, data, atMs);
    case 'step.retrying':
      // with a time or an error the next call is awaited; without, it has begun
      return errorText(data) || data.nextAt
        ? { ...step, state: 'retrying', durationMs, outcome: failed }
        : begun(step, data, atMs);
    case 'step.completed':
      return { ...step, state: 'done', durationMs, outcome: said };
    case 'step.failed':
      return { ...step, state: 'failed', durationMs, outcome: failed };
    case 'step.skipped':
      return { ...step, state: 'skipped', outcome: failed };
    default:
      return null;
  }
}

/** What the call before came to stays in sight while the next one runs. */
function begun(step: StepLine, data: JsonObject, atMs: number): StepLine {
  const before = step.outcome.replace(/^before: /, '');
  return {
    ...step,
    state: 'running',
    calls: number(data, 'callNo') ?? step.calls + 1,
    startedMs: atMs,
    outcome: before === '' ? '' : `before: ${before}`,
  };
}
