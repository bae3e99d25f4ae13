import { GOAL_STATES, type GoalState, isTerminal, type JsonObject, plural } from '@goalkeeper/domain';
import type { ArtifactLine, GoalView, Notice } from './model';
import { applyPlan, taskText } from './plan-change';
import { errorText, evidenceOf, failureOf, number, text } from './read';
import { applyStep } from './steps';

/** What the view needs of an event; `GoalEvent` of the contracts fits. */
export interface ViewEvent {
  readonly seq: number;
  readonly type: string;
  readonly time: string;
  readonly stepId?: string | null;
  readonly data: JsonObject;
}

/** Notices that are kept; older ones fall away. */
const MAX_NOTICES = 20;

/**
 * The view after one more event. Events that were seen (`seq` ≤ `lastSeq`) change nothing, so a stream may repeat;
 * unknown types and missing fields are passed over.
 */
export function reduce(view: GoalView, event: ViewEvent): GoalView {
  if (event.seq <= view.lastSeq) return view;
  const atMs = Date.parse(event.time);
  const seen = { ...view, lastSeq: event.seq, lastEventMs: Number.isNaN(atMs) ? view.lastEventMs : atMs };
  const kind = event.type.split('.')[0];
  if (kind === 'goal') return applyGoal(seen, event, atMs);
  if (kind === 'plan') return event.type === 'plan.approved' ? seen : applyPlan(seen, event.data);
  if (kind === 'step') return applyStep(seen, event, atMs);
  if (event.type === 'artifact.created') return { ...seen, artifacts: [...seen.artifacts, artifactOf(event.data)] };
  return withNotice(seen, noticeOf(event, seen), atMs);
}

function applyGoal(view: GoalView, event: ViewEvent, atMs: number): GoalView {
  const { data } = event;
  const failure = failureOf(data.failure) ?? view.failure;
  if (event.type === 'goal.created') {
    const objective = view.objective || text(data, 'objective') || taskText(data.task);
    return { ...view, objective, createdMs: atMs, state: stateOf(data) ?? view.state ?? 'queued' };
  }
  if (event.type === 'goal.verified') {
    const evidence = evidenceOf(data);
    const checks = number(data, 'checks') ?? evidence.length;
    const broken = number(data, 'broken') ?? evidence.filter((item) => !item.holds).length;
    const holds = typeof data.holds === 'boolean' ? data.holds : broken === 0;
    return { ...view, verification: { holds, checks, broken, evidence }, failure };
  }
  if (event.type !== 'goal.state_changed') return withNotice(view, noticeOf(event, view), atMs);
  const state = stateOf(data);
  if (state === null) return view;
  const endedMs = isTerminal(state) ? atMs : null;
  return withNotice({ ...view, state, endedMs, failure }, stateNotice(state, text(data, 'reason')), atMs);
}

function stateOf(data: JsonObject): GoalState | null {
  const name = text(data, 'to', 'state');
  return GOAL_STATES.find((state) => state === name) ?? null;
}

const SPEAKING_STATES: readonly GoalState[] = [
  'paused',
  'cancelling',
  'waiting_dependency',
  'waiting_input',
  'waiting_approval',
];

function stateNotice(state: GoalState, reason: string): Omit<Notice, 'atMs'> | null {
  if (!SPEAKING_STATES.includes(state)) return null;
  const words = state.replaceAll('_', ' for ').replace('waiting for input', 'waiting for a person');
  return { level: 'info', text: reason === '' ? words : `${words}: ${reason}` };
}

function noticeOf(event: ViewEvent, view: GoalView): Omit<Notice, 'atMs'> | null {
  const { data } = event;
  if (event.type === 'activity.attempt_failed') {
    const label = text(data, 'label') || view.steps.find(({ id }) => id === event.stepId)?.label;
    const what = [label, text(data, 'tool', 'activity')].filter(Boolean).join(' · ') || 'an activity';
    const why = errorText(data) || text(data, 'reason', 'message') || 'an attempt broke off';
    const attempt = number(data, 'attempt');
    return { level: 'warning', text: `${what}: ${why}${attempt === null ? '' : `; attempt ${attempt} is under way`}` };
  }
  if (event.type === 'memory.written') return { level: 'info', text: memoryText(data) };
  if (event.type === 'stream.gap') return { level: 'warning', text: 'some events are missing from the stream' };
  if (event.type === 'goal.steered') return { level: 'info', text: `steered: ${text(data, 'message')}` };
  if (event.type === 'budget.threshold')
    return { level: 'warning', text: `budget: ${text(data, 'message', 'reason')}` };
  return null;
}

function memoryText(data: JsonObject): string {
  const summary = text(data, 'summary', 'message');
  if (summary !== '') return `remembered: ${summary}`;
  const tools = number(data, 'tools', 'toolStats');
  return tools === null
    ? 'remembered this goal for the next'
    : `remembered this goal and ${plural(tools, 'tool record')}`;
}

function withNotice(view: GoalView, notice: Omit<Notice, 'atMs'> | null, atMs: number): GoalView {
  if (notice === null) return view;
  return { ...view, notices: [...view.notices, { ...notice, atMs }].slice(-MAX_NOTICES) };
}

function artifactOf(data: JsonObject): ArtifactLine {
  return {
    id: text(data, 'id', 'artifactId'),
    name: text(data, 'name'),
    mediaType: text(data, 'mediaType'),
    sizeBytes: number(data, 'sizeBytes') ?? 0,
  };
}
