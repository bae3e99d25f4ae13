import { commandName } from '../text/command-name';
import type { DecisionView, GoalResponse, RecalledView } from '@goalkeeper/contracts';
import { ask, type Session } from '../config/session';
import { CliError } from '../errors/cli-error';
import { EXIT, type ExitCode } from '../exit-codes';
import { formatConfidence } from '../text/format';
import { oneLine } from '../text/sanitize';
import { type Line, paint, span } from '../text/spans';
import { table } from '../text/table';
import { truncate } from '../text/width';

/** Columns of an earlier goal's objective that are shown. */
const OBJECTIVE_WIDTH = 60;

/**
 * `goalkeeper explain ID [STEP]`: how the goal was decomposed, which tool was chosen for each step, by which numbers,
 * and what it beat.
 *
 * @param step label or id; null for all
 * @throws {CliError} not found, when no decision was made for that step
 */
export async function explainCommand(session: Session, id: string, step: string | null): Promise<ExitCode> {
  const { terminal } = session;
  const goal = await ask(session, (client) => client.getGoal(id, { include: ['plan', 'steps'] }));
  const { data, recalled } = await ask(session, (client) => client.listDecisions(id));
  const labels = new Map([...(goal.plan?.steps ?? []), ...(goal.steps ?? [])].map((one) => [one.id, one.label]));
  const labelOf = (stepId: string): string => oneLine(labels.get(stepId) ?? stepId);
  const wanted = data.filter(({ stepId }) => step === null || stepId === step || labelOf(stepId) === step);
  if (step !== null && wanted.length === 0)
    throw noDecision(goal, step, [...new Set(data.map((one) => labelOf(one.stepId)))]);
  if (session.json) {
    wanted.forEach((decision) =>
      terminal.json({ ...decision, label: labelOf(decision.stepId), recalled: recalledBy([decision], recalled) }),
    );
    return EXIT.ok;
  }
  const lines = [
    ...(step === null ? planLines(goal) : []),
    ...wanted.flatMap((one) => decisionLines(one, labelOf(one.stepId))),
    ...recalledLines(recalledBy(wanted, recalled)),
  ];
  lines.forEach((line) => terminal.out(paint(line, terminal.colourOut)));
  if (lines.length === 0) terminal.err(`nothing was decided yet; the goal is ${goal.state}`);
  return EXIT.ok;
}

function noDecision(goal: GoalResponse, step: string, known: readonly string[]): CliError {
  const fix =
    known.length === 0
      ? [`${commandName()} watch ${goal.id}`]
      : known.map((label) => `${commandName()} explain ${goal.id} ${label}`);
  return new CliError(`No decision was made for a step ${step}`, {
    code: 'step.not_found',
    exitCode: EXIT.notFound,
    fix: fix.slice(0, 8),
    repeat: 'safe to repeat',
  });
}

/** Which methods the plan was made with, and which others could have been. */
function planLines({ plan }: GoalResponse): Line[] {
  if (!plan) return [];
  return [
    [
      span(`plan r${plan.revision}`, 'bold'),
      span(
        `: ${oneLine(plan.reason)}; task ${oneLine(plan.task.name)} of pack ${oneLine(plan.pack.name)} ${oneLine(plan.pack.version)}`,
      ),
    ],
    ...plan.choices.map(({ task, method, alternatives }): Line => {
      const others =
        alternatives.length === 0 ? 'no other method fitted' : `other methods: ${alternatives.map(oneLine).join(', ')}`;
      return [span(`  ${oneLine(task)} by ${oneLine(method)}`), span(` (${others})`, 'dim')];
    }),
    [],
  ];
}

/** One decision in words, with a row of numbers for each candidate. */
export function decisionLines(decision: DecisionView, label: string): Line[] {
  const { chosen, confidence, candidates, reason } = decision;
  const choice = chosen
    ? `${oneLine(chosen.tool)}, confidence ${formatConfidence(confidence)}`
    : 'no tool could be taken';
  const rows = candidates.map((candidate) => {
    const mark = chosen?.bindingIndex === candidate.bindingIndex ? 'chosen' : '';
    const factors = candidate.factors ?? {};
    const gates = candidate.gates.map((gate) => `${gate.gate}: ${gate.reason}`).join('; ');
    const numbers = [factors['p'], factors['costUsd'], factors['expectedSeconds'], factors['risk'], factors['penalty']];
    return [mark, candidate.tool, fixed(candidate.score), ...numbers.map(fixed), recordOf(factors), gates];
  });
  const lines = table(['', 'TOOL', 'SCORE', 'P', 'USD', 'SECONDS', 'RISK', 'PENALTY', 'RECORD', 'SHUT OUT BY'], rows);
  return [
    [span(label, 'bold'), span(` → ${choice}`)],
    ...(reason === '' ? [] : [[span(`  ${oneLine(reason)}`)]]),
    ...lines.map((line): Line => [span(`  ${line}`)]),
    ...candidates.flatMap(({ tool, lessons = [] }) =>
      lessons.map(({ id, kind, change }): Line => [
        span(
          `  lesson ${oneLine(id)} (${oneLine(kind)}) changed the score of ${oneLine(tool)} by ${change.toFixed(3)}`,
          'dim',
        ),
      ]),
    ),
    [],
  ];
}

/** What is known of the tool as a whole, and of it in this context where that is more telling. */
function recordOf(factors: Readonly<Record<string, number>>): string {
  const { successes, failures, toolSuccesses = successes, toolFailures = failures } = factors;
  if (toolSuccesses === undefined || toolFailures === undefined) return '';
  const whole = `${amount(toolSuccesses)} ok, ${amount(toolFailures)} failed`;
  const here = `${amount(successes ?? 0)} ok, ${amount(failures ?? 0)} failed`;
  return here === whole || (successes ?? 0) + (failures ?? 0) === 0 ? whole : `${whole}; here ${here}`;
}

/** Counts fade with time, so they are not whole. */
const amount = (count: number): string => String(Math.round(count * 10) / 10);

const recalledBy = (decisions: readonly DecisionView[], recalled: readonly RecalledView[]): RecalledView[] =>
  recalled.filter(({ id }) => decisions.some(({ recalledEpisodes }) => recalledEpisodes.includes(id)));

/** Earlier goals that were remembered, each with what it has in common with this one. */
export function recalledLines(recalled: readonly RecalledView[]): Line[] {
  if (recalled.length === 0) return [];
  const rows = recalled.map(({ goalId, objective, task, outcome, why }) => [
    truncate(oneLine(objective) || oneLine(task), OBJECTIVE_WIDTH),
    outcome,
    why.map(oneLine).join('; '),
    goalId,
  ]);
  const lines = table(['REMEMBERED', 'OUTCOME', 'IN COMMON', 'GOAL'], rows);
  return lines.map((line): Line => [span(line, 'dim')]);
}

const fixed = (value: number | null | undefined): string => (typeof value === 'number' ? value.toFixed(3) : '');
