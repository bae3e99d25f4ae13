import type { JsonObject } from '@goalkeeper/domain';
import type { GoalView, StepLine } from './model';
import { oneLine } from '../text/sanitize';
import { isObject, number, objects, text, texts } from './read';

/** The view with a new or revised plan: steps that live on keep what is known of them, tried ones stay visible. */
export function applyPlan(view: GoalView, data: JsonObject): GoalView {
  const revision = number(data, 'revision') ?? view.revisions.length + 1;
  const known = new Map(view.steps.map((step) => [step.id, step]));
  const planned = objects(data, 'steps').map((step) => plannedStep(step, known, revision));
  const ids = new Set(planned.map(({ id }) => id));
  const gone = view.steps.filter(({ id, dropped }) => !ids.has(id) && !dropped);
  return {
    ...view,
    steps: merge(view.steps, planned),
    revisions: [
      ...view.revisions.filter((other) => other.revision !== revision),
      {
        revision,
        reason: text(data, 'reason'),
        task: taskText(data.task),
        added: planned.filter(({ id }) => !known.has(id)).map(({ label }) => label),
        removed: gone.map(({ label }) => label),
        stepCount: planned.length,
      },
    ],
  };
}

function plannedStep(data: JsonObject, known: ReadonlyMap<string, StepLine>, revision: number): StepLine {
  const id = text(data, 'id', 'stepId', 'label');
  const before = known.get(id);
  const fresh = newStep(id, revision);
  return {
    ...(before ?? fresh),
    label: text(data, 'label') || before?.label || fresh.label,
    summary: text(data, 'summary') || (before?.summary ?? ''),
    after: texts(data, 'after'),
    dropped: false,
  };
}

/** A task with its arguments on one line. */
export function taskText(task: unknown): string {
  if (typeof task === 'string') return oneLine(task);
  if (!isObject(task)) return '';
  const args = isObject(task.args) ? Object.entries(task.args).filter(([, value]) => value !== null) : [];
  const shown = args.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return oneLine([text(task, 'name'), ...shown].join(' '));
}

/** A step of which nothing but its id is known; the label is the last member of its lineage. */
export function newStep(id: string, revision: number): StepLine {
  return {
    id,
    label: id.split('/').at(-1) || 'step',
    summary: '',
    after: [],
    state: 'waiting',
    tool: null,
    confidence: null,
    calls: 0,
    startedMs: null,
    durationMs: null,
    outcome: '',
    revision,
    dropped: false,
  };
}

/** The new plan's steps; those that were tried and have no place in it stand where they stood. */
function merge(old: readonly StepLine[], planned: readonly StepLine[]): StepLine[] {
  const merged = [...planned];
  let place = 0;
  for (const step of old) {
    const index = merged.findIndex(({ id }) => id === step.id);
    if (index >= 0) place = index + 1;
    else if (step.state !== 'waiting') {
      merged.splice(place, 0, { ...step, dropped: true });
      place += 1;
    }
  }
  return merged;
}
