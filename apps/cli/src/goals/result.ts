import { commandName } from '../text/command-name';
import { isAbsolute, relative } from 'node:path';
import type { GoalResponse } from '@goalkeeper/contracts';
import { isTerminal, plural } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { CliError } from '../errors/cli-error';
import { printError } from '../errors/print';
import { EXIT, type ExitCode, exitCodeOfState } from '../exit-codes';
import { formatDuration } from '../text/format';
import { oneLine } from '../text/sanitize';
import { type Line, paint, span } from '../text/spans';
import { GOAL_BADGES } from '../view/words';
import { reportDir, reportsAmong, saveArtifacts } from './reports';
import { answerIn } from './told-answer';

/** How following a goal came out; written as the last line of `--json`. */
export interface GoalResult {
  readonly type: 'result';
  readonly schemaVersion: 1;
  readonly goalId: string;
  readonly state: GoalResponse['state'];
  readonly verified: boolean;
  readonly exitCode: ExitCode;
  readonly evidence: NonNullable<GoalResponse['evidence']>;
  readonly failure: GoalResponse['failure'];
  /** What the goal asked, answered in a sentence; null where it asked nothing, or the answer is not verified. */
  readonly answer: string | null;
  /** Path of the readable report, or null. */
  readonly report: string | null;
  /** Paths of all its forms. */
  readonly reports: readonly string[];
  readonly durationMs: number | null;
  readonly stepsDone: number;
  readonly callsMade: number;
  readonly links: { readonly api: string; readonly docs: string; readonly temporal: string | null };
}

/**
 * What the API says of a goal now, with its report saved to disk.
 *
 * @param outDir where the report goes; null for the usual place
 */
export async function resultOf(session: Session, goalId: string, outDir: string | null): Promise<GoalResult> {
  const goal = await ask(session, (client) => client.getGoal(goalId, { include: ['steps', 'evidence'] }));
  const reports = isTerminal(goal.state) ? await fetchReports(session, goalId, outDir) : [];
  const { apiUrl, docsUrl } = session.config;
  return {
    type: 'result',
    schemaVersion: 1,
    goalId: goal.id,
    state: goal.state,
    verified: goal.verified,
    exitCode: exitCodeOf(goal),
    evidence: goal.evidence ?? [],
    failure: goal.failure,
    answer: goal.verified ? answerIn(goal.steps ?? []) : null,
    report: reports[0] ?? null,
    reports,
    durationMs: goal.finishedAt === null ? null : Date.parse(goal.finishedAt) - Date.parse(goal.createdAt),
    stepsDone: (goal.steps ?? []).filter(({ state }) => state === 'succeeded').length,
    callsMade: goal.callsMade,
    links: { api: new URL(goal.links.self, apiUrl).href, docs: docsUrl, temporal: goal.links.ui },
  };
}

/** A goal that is called successful without having been verified is none. */
function exitCodeOf(goal: GoalResponse): ExitCode {
  const code = exitCodeOfState(goal.state) ?? EXIT.ok;
  return goal.state === 'succeeded' && !goal.verified ? EXIT.goalFailed : code;
}

/** The report's forms on disk; a report that cannot be fetched is told of and does not change how the goal came out. */
async function fetchReports(session: Session, goalId: string, outDir: string | null): Promise<string[]> {
  try {
    const { data } = await ask(session, (client) => client.listArtifacts(goalId));
    return await saveArtifacts(session, reportsAmong(data), outDir ?? reportDir(session.config.homeDir, goalId));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    printError(error, session.terminal, false);
    session.terminal.err(`  the goal is not touched by this; later: goalkeeper artifacts ${goalId} --download DIR`);
    return [];
  }
}

/** Writes the result to stdout: one JSON line, or lines for people. */
export function printResult(session: Session, result: GoalResult): void {
  const { terminal } = session;
  if (session.json) terminal.json(result);
  else resultLines(result, terminal.cwd).forEach((line) => terminal.out(paint(line, terminal.colourOut)));
}

/** The result for people: how it ended and why, where the report is, where to look further. */
export function resultLines(result: GoalResult, cwd: string): Line[] {
  const { glyph, word, style } = GOAL_BADGES[result.state];
  const took = result.durationMs === null ? '' : ` in ${formatDuration(result.durationMs)}`;
  const work = ` · ${plural(result.stepsDone, 'step')} done · ${plural(result.callsMade, 'tool call')}`;
  const doubt = result.verified ? '' : ' (not verified)';
  const links: (readonly [string, string | null])[] = [
    ...result.reports.map((path, index) => [index === 0 ? 'report' : '', shortPath(path, cwd) + doubt] as const),
    ['goal', result.links.api],
    ['API docs', result.links.docs],
    ['Temporal', result.links.temporal],
    ['more', `${commandName()} explain ${result.goalId}`],
  ];
  return [
    [span(`${glyph} ${word}${took}`, style), span(work)],
    ...(result.answer === null ? [] : [[span(`  ${oneLine(result.answer)}`)]]),
    ...failureLines(result),
    ...links.flatMap(([name, text]): Line[] =>
      text === null ? [] : [[span(`  ${name.padEnd(9)}`, 'dim'), span(oneLine(text))]],
    ),
  ];
}

/** Paths below the person's folder are told from there. */
function shortPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
}

function failureLines({ failure, evidence, verified }: GoalResult): Line[] {
  if (failure !== null) {
    const hint = failure.hint === '' ? [] : [[span(`  fix: ${oneLine(failure.hint)}`)]];
    return [[span(`  ${oneLine(failure.code)}`, 'red'), span(`: ${oneLine(failure.message)}`)], ...hint];
  }
  if (!verified || evidence.length === 0) return [];
  const held = evidence.filter(({ holds }) => holds).length;
  return [[span(`  ${held} of ${plural(evidence.length, 'check')} held`)]];
}
