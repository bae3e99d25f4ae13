import type { LearningReport } from '@goalkeeper/contracts';
import { plural } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { formatBytes } from '../text/format';
import { oneLine } from '../text/sanitize';
import { table } from '../text/table';

type Interval = LearningReport['callsSaved'];

/** `goalkeeper learn report`: what learning changed, what it harmed, what it takes. */
export async function reportCommand(session: Session): Promise<ExitCode> {
  const { terminal } = session;
  const report = await ask(session, (client) => client.learning.report());
  if (session.json) {
    terminal.json(report);
    return EXIT.ok;
  }
  for (const [name, value] of summaryOf(report)) terminal.out(`${name.padEnd(16)}${value}`);
  const items = report.items.map(({ kind, status, count }) => [kind, status, String(count)]);
  if (items.length > 0)
    table(['KIND', 'STATUS', 'LESSONS'], items, terminal.outColumns).forEach((line) => terminal.out(line));
  report.harm.forEach((lesson) => terminal.out(harmed(lesson)));
  return EXIT.ok;
}

function summaryOf({ settings, on, off, callsSaved, verifiedGain, bytes, recall, lastRun, harm }: LearningReport) {
  const state = !settings.enabled ? 'off' : settings.frozen ? 'frozen' : 'on';
  const arm = ({ goals, verified, meanCalls }: LearningReport['on']): string =>
    `${plural(goals, 'goal')}, ${verified} verified, calls of each: ${meanCalls.toFixed(2)}`;
  const recalled =
    recall.p95Ms === null
      ? 'nothing recalled yet'
      : `p50 ${recall.p50Ms?.toFixed(1)} ms, p95 ${recall.p95Ms.toFixed(1)} ms`;
  return [
    ['learning', `${state}; ${percent(settings.controlShare)} of the goals run without it`],
    ['with it', arm(on)],
    ['without it', arm(off)],
    ['calls saved', shown(callsSaved)],
    ['verified gain', shown(verifiedGain)],
    ['harm', plural(harm.length, 'lesson')],
    ['recall', `${recalled} in ${plural(recall.goals, 'goal')}`],
    [
      'size',
      `lessons ${formatBytes(bytes.lessons)}, snapshots ${formatBytes(bytes.snapshots)}, evidence ${formatBytes(bytes.evidence)}`,
    ],
    [
      'last round',
      lastRun === null
        ? 'none yet'
        : `${lastRun.at}: ${lastRun.promoted} promoted, ${lastRun.retired} retired, ${lastRun.refused} refused`,
    ],
  ] as const;
}

function harmed({ id, kind, key, takenBack, having, lacking, verifiedGain }: LearningReport['harm'][number]): string {
  const side = ({ goals, verified, meanCalls }: LearningReport['on']): string =>
    `${verified} of ${plural(goals, 'goal')} verified, calls of each: ${meanCalls.toFixed(2)}`;
  const gain = verifiedGain ? `; verified gain ${shown(verifiedGain)}` : '';
  const what = `${takenBack ? 'harmed, taken back' : 'goals fare worse with it'}: ${id} ${kind} ${oneLine(key)}`;
  return `${what}; it took part: ${side(having)}; without it: ${side(lacking)}${gain}`;
}

function shown(interval: Interval): string {
  if (interval === null) return 'unknown: too few goals with and without it to compare';
  return `${percent(interval.value)} (95 %: ${percent(interval.low)} to ${percent(interval.high)})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
