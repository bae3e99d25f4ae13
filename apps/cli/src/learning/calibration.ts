import type { CalibrationResponse } from '@goalkeeper/contracts';
import { plural } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { oneLine } from '../text/sanitize';
import { type Line, paint, span } from '../text/spans';
import { table } from '../text/table';

export interface CalibrationOptions {
  readonly limit?: number;
  readonly tool?: string;
  readonly fit?: boolean;
}

/** `goalkeeper calibration`: how good stated confidences were; with `fit`, the map is fitted anew first. */
export async function calibrationCommand(session: Session, options: CalibrationOptions): Promise<ExitCode> {
  const { terminal } = session;
  const { limit, tool } = options;
  if (options.fit) await ask(session, (client) => client.fitCalibration());
  const query = { ...(limit === undefined ? {} : { limit }), ...(tool === undefined ? {} : { tool }) };
  const report = await ask(session, (client) => client.getCalibration(query));
  if (session.json) terminal.json(report);
  else calibrationLines(report).forEach((line) => terminal.out(paint(line, terminal.colourOut)));
  return EXIT.ok;
}

/** The report as a table with its figures above. */
export function calibrationLines({ confidence, uncalibrated, tools, map }: CalibrationResponse): Line[] {
  const { decisions } = confidence;
  if (decisions === 0) return [[span('no decision has an end yet')]];
  const figures = [
    `Brier ${shown(confidence.brier)} (base rate ${shown(confidence.baseRate)} alone: ${shown(confidence.baseBrier)})`,
    `skill ${shown(confidence.skill)}`,
    `reliability error ${shown(confidence.reliabilityError)}`,
  ].join(', ');
  const fitted =
    map && map.knots.length > 0
      ? `calibrated from ${plural(map.decisions, 'decision')} at ${map.fittedAt}; uncalibrated Brier ${shown(uncalibrated.brier)}`
      : 'not calibrated: probabilities are taken as they are';
  const bins = confidence.bins
    .filter((bin) => bin.decisions > 0)
    .map((bin) => [
      `${bin.from.toFixed(1)}–${bin.to.toFixed(1)}`,
      `${bin.decisions}`,
      shown(bin.stated),
      shown(bin.seen),
    ]);
  const rows = tools.map(({ tool, decisions: n, stated, seen, brier }) => [
    oneLine(tool),
    `${n}`,
    shown(stated),
    shown(seen),
    shown(brier),
  ]);
  return [
    [span(plural(decisions, 'decision'), 'bold'), span(`: ${figures}`)],
    [span(fitted, 'dim')],
    [],
    ...table(['CONFIDENCE', 'DECISIONS', 'STATED', 'WORKED'], bins).map((line): Line => [span(line)]),
    [],
    ...table(['TOOL', 'DECISIONS', 'STATED', 'WORKED', 'BRIER'], rows).map((line): Line => [span(line)]),
  ];
}

const shown = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
