import { type ParsedPlan, planCost, type PlanFinding, validatePddlPlan, plural } from '@goalkeeper/domain';
import { EXIT, type ExitCode } from '../exit-codes';
import type { Terminal } from '../io/terminal';
import { oneLine } from '../text/sanitize';
import { actionsOf } from './plan-text';
import { type PlanningTask, readPlan, readTask } from './read-input';

export interface CheckOptions {
  readonly domain: string;
  readonly problem: string;
  readonly plan: string;
  readonly timeLimitSeconds: number;
  readonly json: boolean;
}

/**
 * `goalkeeper plan check`: judges a plan that anybody made.
 *
 * @returns 0 when it is valid, 1 with every mistake on stdout when it is not
 * @throws {CliError} with exit code 2 when one of the files cannot be understood
 */
export function checkCommand(terminal: Terminal, options: CheckOptions): ExitCode {
  const task = readTask(terminal.cwd, options);
  const plan = readPlan(terminal.cwd, options.plan);
  const findings = validatePddlPlan(task.domain, task.problem, plan);
  const isValid = findings.length === 0;
  if (options.json) terminal.json(asJson(task, plan, findings));
  else if (isValid) terminal.out(`valid: ${summary(task, plan)}`);
  else {
    findings.forEach((finding) =>
      terminal.out(oneLine(`${placeText(options.plan, plan, finding)} ${finding.message}`)),
    );
    terminal.err(`not valid: ${plural(findings.length, 'mistake')} in ${oneLine(options.plan)}`);
  }
  return isValid ? EXIT.ok : EXIT.error;
}

function asJson(task: PlanningTask, plan: ParsedPlan, findings: readonly PlanFinding[]): object {
  const isValid = findings.length === 0;
  return {
    status: isValid ? 'valid' : 'invalid',
    kind: plan.kind,
    planLength: actionsOf(plan).length,
    cost: isValid ? planCost(task.domain, task.problem, actionsOf(plan)) : null,
    findings: findings.map(({ code, at, message }) => ({ code, at, line: plan.lineOf(at), message })),
  };
}

function summary({ domain, problem }: PlanningTask, plan: ParsedPlan): string {
  const actions = actionsOf(plan);
  const length = plural(actions.length, 'action');
  const tree = plan.kind === 'hierarchical' ? `, ${plural(plan.plan.decompositions.length, 'decomposition')}` : '';
  return `${length}${tree}, cost ${planCost(domain, problem, actions)}`;
}

/** `p.plan:4:`, as compilers write it; without a line for what no line is about. */
function placeText(file: string, plan: ParsedPlan, { at }: PlanFinding): string {
  const line = plan.lineOf(at);
  return line === null ? `${file}:` : `${file}:${line}:`;
}
