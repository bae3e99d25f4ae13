import { statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type Guidance,
  type PddlAnswer,
  type PddlPlan,
  planCost,
  type PlanFinding,
  solve,
  validatePddlPlan,
  plural,
} from '@goalkeeper/domain';
import { CliError } from '../errors/cli-error';
import { EXIT, type ExitCode, PLAN_EXIT } from '../exit-codes';
import type { Terminal } from '../io/terminal';
import { formatDuration } from '../text/format';
import { oneLine } from '../text/sanitize';
import { processorMs, startClock } from './clock';
import { actionsOf, planText } from './plan-text';
import { readGuidance } from './read-guidance';
import { type PlanningTask, readTask } from './read-input';
import { spareInputs } from './spare-inputs';

export interface PlanOptions {
  readonly domain: string;
  readonly problem: string;
  readonly timeLimitSeconds: number;
  /** Where the plan goes instead of stdout. */
  readonly output: string | null;
  readonly json: boolean;
  /** A model of learned guidance. */
  readonly guidance?: string | null;
}

/** What the search did, in figures. */
interface Effort {
  readonly expansions: number;
  readonly timeMs: number;
  /** What of it the processor worked for this process: the same on a busy machine. */
  readonly processorMs: number;
  /** Whether learned guidance took part, where it was asked for. */
  readonly guidance?: Pick<Guidance, 'used' | 'why'>;
}

/**
 * `goalkeeper plan`: plans an HDDL or PDDL problem. No plan leaves this command before the validator has seen it.
 *
 * @param planner another one, for tests of what happens when it errs
 * @returns 0 with a plan, 3 when there is none within the limit, 4 when it is proved that there is none
 * @throws {CliError} 2: input that cannot be understood; 70: the validator refuses what the planner made
 */
export function planCommand(terminal: Terminal, options: PlanOptions, planner: typeof solve = solve): ExitCode {
  const output = options.output === null ? null : writable(terminal.cwd, options.output, options);
  const clock = startClock(terminal, options.timeLimitSeconds);
  const task = readTask(terminal.cwd, options);
  noteOtherName(terminal, options, task);
  const guidance = options.guidance ? readGuidance(terminal.cwd, options.guidance, task) : null;
  const budget = { maxNodes: Number.MAX_SAFE_INTEGER, isOver: clock.isOver };
  let answer: PddlAnswer;
  try {
    answer = planner(task.domain, task.problem, budget, guidance?.guide ?? null);
  } finally {
    clock.stop();
  }
  const told = guidance && { guidance: { used: guidance.used, why: guidance.why } };
  const effort: Effort = { expansions: answer.nodes, timeMs: clock.elapsedMs(), processorMs: processorMs(), ...told };
  if (answer.kind === 'unsolvable' || answer.kind === 'exhausted')
    return tellNone(terminal, options, {
      answer,
      effort,
      isLate: clock.ended() !== 'memory' && clock.ended() !== null,
    });
  const findings = validatePddlPlan(task.domain, task.problem, answer);
  if (findings.length > 0) throw refused(findings, task, answer);
  tellPlan(terminal, { options, output, task, plan: answer, effort });
  return EXIT.ok;
}

/** Other planners take such a pair without a word; that the wrong domain was given is still worth a line. */
function noteOtherName(
  terminal: Terminal,
  { json, problem: file }: PlanOptions,
  { domain, problem }: PlanningTask,
): void {
  if (json || problem.domain === domain.name) return;
  terminal.err(oneLine(`note: ${file} names the domain "${problem.domain}", the one given is "${domain.name}"`));
}

interface Solved {
  readonly options: PlanOptions;
  readonly output: string | null;
  readonly task: PlanningTask;
  readonly plan: PddlPlan;
  readonly effort: Effort;
}

function tellPlan(terminal: Terminal, { options, output, task, plan, effort }: Solved): void {
  const text = planText(task, plan);
  const actions = actionsOf(plan);
  if (output !== null) write(output, text);
  if (options.json) {
    const cost = planCost(task.domain, task.problem, actions);
    terminal.json({ status: 'solved', kind: plan.kind, ...effort, planLength: actions.length, cost, plan: text });
  } else if (output === null) {
    text
      .trimEnd()
      .split('\n')
      .forEach((line) => terminal.out(line));
  }
  const where = options.output === null ? '' : `, written to ${oneLine(options.output)}`;
  if (!options.json) terminal.err(`${plural(actions.length, 'action')}${where}; valid · ${effortText(effort)}`);
}

function tellNone(
  terminal: Terminal,
  { json, timeLimitSeconds }: PlanOptions,
  {
    answer,
    effort,
    isLate,
  }: { answer: PddlAnswer & { kind: 'unsolvable' | 'exhausted' }; effort: Effort; isLate: boolean },
): ExitCode {
  const isProved = answer.kind === 'unsolvable';
  const limit = isLate ? `within ${timeLimitSeconds} s` : 'within the memory that the planner allows itself';
  const reason = isProved ? answer.reason : `no plan was found ${limit}`;
  if (json) {
    const partial = isProved ? {} : { partial: answer.partial };
    terminal.json({ status: answer.kind, ...effort, planLength: null, plan: null, reason, ...partial });
  } else {
    terminal.err(`${isProved ? 'there is no plan: ' : ''}${oneLine(reason)} · ${effortText(effort)}`);
    if (!isProved && isLate) terminal.err('  fix: give it more time with --time-limit SECONDS');
  }
  return isProved ? PLAN_EXIT.unsolvable : PLAN_EXIT.none;
}

const effortText = ({ expansions, timeMs, guidance }: Effort): string => {
  const told = guidance ? ` · guidance ${oneLine(guidance.why)}` : '';
  return `${plural(expansions, 'expansion')} in ${formatDuration(timeMs)}${told}`;
};

/** The planner is at fault, not the person: the findings go with the plan that they are about. */
function refused(findings: readonly PlanFinding[], task: PlanningTask, plan: PddlPlan): CliError {
  const places = findings
    .slice(0, 20)
    .map(({ at, message }) => ('id' in at ? `${at.kind} ${at.id}: ${message}` : message));
  const more = findings.length > places.length ? [`and ${findings.length - places.length} more`] : [];
  return new CliError('The planner made a plan that the validator refuses; it is not given out', {
    code: 'plan.refused',
    exitCode: EXIT.defect,
    places: [...places, ...more, ...planText(task, plan).trimEnd().split('\n').slice(0, 40)],
    fix: ['report it with the domain and the problem: this is a defect of the planner'],
  });
}

/** @throws {CliError} when no file can be written there, before any time is spent on a search */
function writable(cwd: string, output: string, { domain, problem, guidance }: PlanOptions): string {
  spareInputs(cwd, { output, flag: '--output', inputs: [domain, problem, ...(guidance ? [guidance] : [])] });
  const path = resolve(cwd, output);
  try {
    if (!statSync(dirname(path)).isDirectory()) throw new Error('its folder is a file');
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a directory');
  } catch (error) {
    throw notWritten(output, error);
  }
  return path;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw notWritten(path, error);
  }
}

function notWritten(path: string, error: unknown): CliError {
  const why = error instanceof Error ? error.message : String(error);
  return new CliError(`${path} cannot be written: ${why}`, {
    code: 'file.unreadable',
    exitCode: EXIT.usage,
    fix: ['name a file in a folder that exists with --output'],
  });
}
