import { isTerminal, plural } from '@goalkeeper/domain';
import { formatConfidence, formatDuration } from '../text/format';
import { fitLine, type Line, lineWidth, type Span, span, spread } from '../text/spans';
import { padTo, wrap } from '../text/width';
import { fitHeight, type Block } from './fit-height';
import type { GoalView, Notice, PlanRevision, StepLine } from './model';
import { GOAL_BADGES, STEP_BADGES } from './words';

/** How the stream of events is doing; `sinceMs` is when it broke, on the local clock. */
export type Connection = { readonly kind: 'live' } | { readonly kind: 'lost'; readonly sinceMs: number };

export interface Frame {
  /** Cells; used down to 40. */
  readonly width: number;
  /** Lines at most; Infinity for a picture that is not redrawn. */
  readonly height: number;
  readonly nowMs: number;
  readonly connection: Connection;
}

const WIDE = 72;
const MIN_WIDTH = 40;
/** Checks that are told in words; the rest is counted. */
const SHOWN_CHECKS = 5;
const QUIET_MS = 15_000;

/** The whole picture of a goal: header, plan, notices, verification, at most `height` lines of `width` cells. */
export function render(view: GoalView, frame: Frame): Line[] {
  const width = Math.max(MIN_WIDTH, frame.width);
  const blocks: Block[] = [
    { keep: 'always', lines: header(view, frame, width) },
    ...planBlocks(view, frame, width),
    ...revisionBlocks(view, width),
    { keep: 'short', lines: view.notices.slice(-3).flatMap((notice) => noticeLines(notice, width)) },
    { keep: 'short', lines: isVerifying(view) ? [[], VERIFYING] : verificationLines(view, width) },
    { keep: 'always', lines: connectionLines(view, frame) },
  ];
  return fitHeight(blocks, frame.height).map((line) => fitLine(line, width));
}

/** Milliseconds from the goal's creation to its end, or to now. */
export function elapsedMs(view: GoalView, nowMs: number): number {
  if (view.createdMs === null) return 0;
  return Math.max(0, (view.endedMs ?? Math.max(nowMs, view.lastEventMs ?? 0)) - view.createdMs);
}

function header(view: GoalView, frame: Frame, width: number): Line[] {
  const { glyph, word, style } = GOAL_BADGES[view.state ?? 'queued'];
  const clock = formatDuration(elapsedMs(view, frame.nowMs));
  const state: Line = [span(`${glyph} ${word}`, style), span(`  ${clock}`)];
  const words = wrap(view.objective || '(no words)', width).slice(0, 2);
  const id = [span(view.goalId, 'dim')];
  const standing = lineWidth(state) + lineWidth(id) < width ? [spread(state, id, width)] : [state, id];
  return [...words.map((text): Line => [span(text, 'bold')]), ...standing, []];
}

function planBlocks(view: GoalView, frame: Frame, width: number): Block[] {
  const revision = view.revisions.at(-1);
  if (!revision) {
    const planning = view.state === null || !isTerminal(view.state);
    return [{ keep: 'short', lines: planning ? [[span('no plan yet', 'dim')]] : [] }];
  }
  const done = view.steps.filter((step) => !step.dropped && (step.state === 'done' || step.state === 'skipped')).length;
  const title = span(`plan r${revision.revision}`, 'bold');
  const task: Line = revision.task === '' ? [] : [span(` · ${revision.task}`, 'cyan')];
  const head: Line = [title, span(` · ${plural(revision.stepCount, 'step')} · ${done} done`), ...task];
  const steps = view.steps.map((step): Block => ({ keep: step.state, lines: stepLines(step, view, frame, width) }));
  return [{ keep: 'always', lines: [head] }, ...steps];
}

function stepLines(step: StepLine, view: GoalView, frame: Frame, width: number): Line[] {
  const { glyph, word, style } = STEP_BADGES[step.state];
  const running = step.state === 'running' && step.startedMs !== null && !view.endedMs;
  const spanMs = running ? frame.nowMs - (step.startedMs ?? 0) : step.durationMs;
  const clock =
    spanMs === null || step.state === 'waiting' ? [] : [span(formatDuration(spanMs), running ? undefined : 'dim')];
  const badge = span(`${glyph} ${padTo(word, 8)} `, style);
  const waits = waitText(step, view);
  const tool = toolText(step) || waits;
  const detail = detailText(step) || (tool === waits ? '' : waits);
  if (width < WIDE) {
    const below = [tool, detail].filter((part) => part !== '').join(' · ');
    const first = spread([badge, span(step.label, step.dropped ? 'dim' : undefined)], clock, width);
    return [first, ...indented(below, 2, { step, width })];
  }
  const labelWidth = Math.min(26, Math.floor(width / 4));
  const left: Span[] = [
    badge,
    span(padTo(step.label, labelWidth), step.dropped ? 'dim' : undefined),
    span(`  ${tool}`, tool === waits ? 'dim' : 'cyan'),
  ];
  const first = spread(left, clock, width);
  return [first, ...indented(detail, 11, { step, width })];
}

/** What failed is told whole, over at most three lines; the rest on one. */
function indented(text: string, by: number, { step, width }: { step: StepLine; width: number }): Line[] {
  if (text === '') return [];
  const lines = step.state === 'failed' ? wrap(text, width - by).slice(0, 3) : [text];
  return lines.map((line) => [span(`${' '.repeat(by)}${line}`, 'dim')]);
}

function toolText(step: StepLine): string {
  if (step.tool === null) return '';
  const tries = step.calls > 1 ? ` · call ${step.calls}` : '';
  const confidence = formatConfidence(step.confidence);
  return `${step.tool}${confidence === '' ? '' : ` ${confidence}`}${tries}`;
}

function detailText(step: StepLine): string {
  const fate = step.dropped ? 'no longer in the plan' : '';
  if (step.outcome !== '' || fate !== '') return [step.outcome, fate].filter((part) => part !== '').join(' · ');
  return step.state === 'running' ? step.summary : '';
}

/** Which steps a waiting one waits for. */
function waitText(step: StepLine, view: GoalView): string {
  if (step.state !== 'waiting') return '';
  const open = view.steps
    .filter(({ id, label }) => step.after.includes(id) || step.after.includes(label))
    .filter(({ state }) => state !== 'done' && state !== 'skipped')
    .map(({ label }) => label);
  const rest = open.length > 3 ? ` and ${open.length - 3} more` : '';
  return open.length === 0 ? '' : `after ${open.slice(0, 3).join(', ')}${rest}`;
}

function revisionBlocks(view: GoalView, width: number): Block[] {
  const lines = view.revisions
    .filter(({ revision }) => revision > 1)
    .flatMap((revision) => revisionLines(revision, width));
  return lines.length === 0 ? [] : [{ keep: 'short', lines: [[], ...lines] }];
}

/** Why a revision exists and what it changed, in words. */
export function revisionLines(revision: PlanRevision, width: number): Line[] {
  const head = `plan r${revision.revision}: ${revision.reason || 'revised'}`;
  const { added, removed } = revision;
  const told = (name: string, labels: readonly string[]): string[] =>
    labels.length === 0 ? [] : [`${name}: ${labels.join(', ')}`];
  const change = [
    ...told(
      'another way',
      added.filter((label) => removed.includes(label)),
    ),
    ...told(
      'new',
      added.filter((label) => !removed.includes(label)),
    ),
    ...told(
      'gone',
      removed.filter((label) => !added.includes(label)),
    ),
  ];
  const lines = wrap(head, width)
    .slice(0, 3)
    .map((text): Line => [span(text, 'yellow')]);
  return change.length === 0 ? lines : [...lines, [span(`  ${change.join(' · ')}`, 'dim')]];
}

function noticeLines(notice: Notice, width: number): Line[] {
  const isWarning = notice.level === 'warning';
  const lines = wrap(notice.text, width - 2).slice(0, 2);
  return lines.map((text, row) => [
    span(row > 0 ? '  ' : isWarning ? '! ' : '· ', isWarning ? 'yellow' : 'dim'),
    span(text),
  ]);
}

const VERIFYING: Line = [span('● verifying', 'cyan'), span('  the result is checked independently of the steps')];

/** Every step is done and the checks have not been told yet. */
function isVerifying({ state, steps, verification }: GoalView): boolean {
  const isOpen = steps.some((step) => !step.dropped && step.state !== 'done' && step.state !== 'skipped');
  return state === 'running' && verification === null && steps.length > 0 && !isOpen;
}

/** At most `count` items, evenly from first to last: neighbouring checks are of one kind. */
function spreadOver<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, (items.length - 1) / Math.max(1, count - 1));
  const places = Array.from({ length: Math.min(count, items.length) }, (_, index) => Math.round(index * step));
  return places.flatMap((place) => items.slice(place, place + 1));
}

/** How many checks held, then those that did not, then some that did. */
export function verificationLines(view: GoalView, width: number): Line[] {
  if (view.verification === null) return [];
  const { evidence, holds, checks, broken } = view.verification;
  const shown = [...evidence.filter((item) => !item.holds).slice(0, SHOWN_CHECKS)];
  shown.push(
    ...spreadOver(
      evidence.filter((item) => item.holds),
      SHOWN_CHECKS - shown.length,
    ),
  );
  const rest = checks - shown.length;
  const title = holds ? span('verification holds', 'green') : span('verification failed', 'red');
  return [
    [],
    [title, span(`: ${checks - broken} of ${plural(checks, 'check')} held`)],
    ...shown.map((item) => {
      const mark = item.holds ? span('  ✔ held   ', 'green') : span('  ✖ broken ', 'red');
      const seen = item.seen === '' ? [] : [span(` (${item.seen})`, 'dim')];
      return fitLine([mark, span(item.check), ...seen], width);
    }),
    ...(rest > 0 ? [[span(`  … and ${rest} more`, 'dim')]] : []),
  ];
}

function connectionLines(view: GoalView, frame: Frame): Line[] {
  if (frame.connection.kind === 'lost') {
    const gone = formatDuration(frame.nowMs - frame.connection.sinceMs);
    return [[span(`! connection lost for ${gone}; trying again, the goal goes on`, 'yellow')]];
  }
  const open = view.state !== null && !isTerminal(view.state) && view.state !== 'paused';
  const quietMs = view.lastEventMs === null ? 0 : frame.nowMs - view.lastEventMs;
  return open && quietMs > QUIET_MS ? [[span(`· no news for ${formatDuration(quietMs)}`, 'dim')]] : [];
}
