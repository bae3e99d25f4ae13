import { isTerminal, plural } from '@goalkeeper/domain';
import { formatDuration } from '../text/format';
import { type Line, paint, span } from '../text/spans';
import type { GoalView, StepLine } from './model';
import { elapsedMs, revisionLines, verificationLines } from './render';
import { GOAL_BADGES, STEP_BADGES } from './words';

const UNLIMITED = 400;

/**
 * What changed between two views as lines for a log: one a change, each with the time since the goal was created.
 * Used where the picture cannot be redrawn in place.
 */
export function changeLines(before: GoalView, after: GoalView): string[] {
  if (before === after) return [];
  const clock = `[${formatDuration(elapsedMs(after, after.lastEventMs ?? 0)).padStart(9)}] `;
  return changes(before, after).map((line) => clock + paint(line, false));
}

function changes(before: GoalView, after: GoalView): Line[] {
  const lines: Line[] = [];
  if (before.createdMs === null && after.createdMs !== null) {
    lines.push([span(`goal ${after.goalId}: ${after.objective || '(no words)'}`)]);
  }
  if (before.revisions !== after.revisions) lines.push(...planLines(after));
  for (const step of after.steps) {
    const old = before.steps.find(({ id }) => id === step.id);
    if (old && (old.state !== step.state || old.calls !== step.calls)) lines.push(stepLine(step));
    if (!old && step.state !== 'waiting') lines.push(stepLine(step));
  }
  for (const { name } of after.artifacts.slice(before.artifacts.length)) {
    // a step may hand on files of an earlier one
    if (!before.artifacts.some((other) => other.name === name)) lines.push([span(`artifact ${name}`)]);
  }
  const news = after.notices.filter((notice) => !before.notices.includes(notice));
  lines.push(...news.map(({ level, text }) => [span(level === 'warning' ? `warning: ${text}` : text)]));
  if (before.verification !== after.verification) {
    lines.push(...verificationLines(after, UNLIMITED).filter((line) => line.length > 0));
  }
  if (after.state !== null && before.state !== after.state && !saidAlready(after)) {
    const { glyph, word } = GOAL_BADGES[after.state];
    lines.push([span(`goal ${glyph} ${word}`)]);
  }
  return lines;
}

/** States that bring a notice of their own need no second line; the end always gets one. */
const saidAlready = (view: GoalView): boolean =>
  view.state === 'queued' ||
  (view.state !== null && !isTerminal(view.state) && view.notices.at(-1)?.atMs === view.lastEventMs);

function planLines(view: GoalView): Line[] {
  const revision = view.revisions.at(-1);
  if (!revision) return [];
  if (revision.revision > 1) return revisionLines(revision, UNLIMITED);
  const labels = view.steps.map(({ label }) => label).join(', ');
  const task = revision.task === '' ? '' : ` · ${revision.task}`;
  return [[span(`plan r1${task} · ${plural(revision.stepCount, 'step')}: ${labels}`)]];
}

function stepLine(step: StepLine): Line {
  const { glyph, word } = STEP_BADGES[step.state];
  const tool = step.tool === null ? '' : ` · ${step.tool}`;
  const confidence = step.state === 'running' && step.confidence !== null ? ` ${step.confidence.toFixed(2)}` : '';
  const calls = step.calls > 1 ? ` · call ${step.calls}` : '';
  const took = step.durationMs === null || step.state === 'running' ? '' : ` · ${formatDuration(step.durationMs)}`;
  const said = step.outcome === '' ? '' : ` · ${step.outcome}`;
  return [span(`${glyph} ${word.padEnd(8)} ${step.label}${tool}${confidence}${calls}${took}${said}`)];
}
