import { isTerminal, plural } from '@goalkeeper/domain';
import type { GoalResponse, GoalTaskView } from '@goalkeeper/contracts';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { formatDuration } from '../text/format';
import { oneLine } from '../text/sanitize';
import { type Line, paint, span } from '../text/spans';
import { table } from '../text/table';
import { GOAL_BADGES } from '../view/words';

/** `goalkeeper get ID`: the goal as it stands. */
export async function getCommand(session: Session, id: string): Promise<ExitCode> {
  const { terminal } = session;
  const goal = await ask(session, (client) => client.getGoal(id, { include: ['plan', 'steps', 'evidence'] }));
  if (session.json) terminal.json(goal);
  else goalLines(goal, terminal.now()).forEach((line) => terminal.out(paint(line, terminal.colourOut)));
  return EXIT.ok;
}

/** A goal in words: state, failure, plan, steps, checks, links. */
export function goalLines(goal: GoalResponse, nowMs: number): Line[] {
  const { glyph, word, style } = GOAL_BADGES[goal.state];
  const took = formatDuration((goal.finishedAt ? Date.parse(goal.finishedAt) : nowMs) - Date.parse(goal.createdAt));
  const task = goal.task ? `${goal.task.name} ${JSON.stringify(goal.task.args)}` : '';
  return [
    [span(oneLine(goal.objective || task), 'bold')],
    [span(`${glyph} ${word}`, style), span(`  ${took} · ${progressText(goal)} · ${goal.id}`)],
    ...failure(goal),
    ...pair('task', taskText(goal)),
    ...pair('priority', goal.priority),
    ...pair('deadline', goal.deadline),
    ...pair('waits for', goal.dependsOn.join(', ')),
    ...pair('plan', goal.plan ? `r${goal.plan.revision} (${goal.plan.reason})` : ''),
    ...steps(goal),
    ...checks(goal),
    ...pair('Temporal', goal.links.ui),
  ];
}

/** How far it is; of a goal that ended before its end, how far it came. */
export function progressText({ progress, state, verified }: GoalResponse): string {
  const percent = `${Math.round(progress * 100)} %`;
  return isTerminal(state) && !verified ? `ended at ${percent}` : percent;
}

const ORIGINS: Readonly<Record<GoalTaskView['from'], string>> = {
  request: '',
  words: 'what the words were taken for',
  answer: 'what was meant, as a person said',
  step: 'asked for by the goal that raised it',
};

function taskText({ task }: GoalResponse): string {
  if (!task) return '';
  const facts = [task.pack ? `pack ${task.pack.name} ${task.pack.version}` : '', ORIGINS[task.from]];
  const told = facts.filter((fact) => fact !== '').join(', ');
  return `${task.name} ${JSON.stringify(task.args)}${told === '' ? '' : ` (${told})`}`;
}

const pair = (name: string, value: string | null): Line[] =>
  value ? [[span(name.padEnd(10), 'dim'), span(oneLine(value))]] : [];

function failure({ failure: why }: GoalResponse): Line[] {
  if (!why) return [];
  const hint = why.hint === '' ? [] : [[span(`  fix: ${oneLine(why.hint)}`)]];
  return [[span(`  ${oneLine(why.code)}`, 'red'), span(`: ${oneLine(why.message)}`)], ...hint];
}

function steps({ steps: list = [] }: GoalResponse): Line[] {
  if (list.length === 0) return [];
  const rows = list.map((step) => [
    step.label,
    step.state,
    step.tool ?? '',
    step.startedAt && step.finishedAt ? formatDuration(Date.parse(step.finishedAt) - Date.parse(step.startedAt)) : '',
    step.summary ?? '',
  ]);
  return [[], ...table(['STEP', 'STATE', 'TOOL', 'TIME', 'OUTCOME'], rows).map((line): Line => [span(line)]), []];
}

function checks({ evidence = [] }: GoalResponse): Line[] {
  if (evidence.length === 0) return [];
  const held = evidence.filter(({ holds }) => holds).length;
  return [
    ...pair('checks', `${held} of ${plural(evidence.length, 'check')} held`),
    ...evidence.map(({ check, holds, seen }): Line => {
      const mark = holds ? span('  ✔ held   ', 'green') : span('  ✖ broken ', 'red');
      return [mark, span(oneLine(check)), span(seen === '' ? '' : ` (${oneLine(seen)})`, 'dim')];
    }),
  ];
}
