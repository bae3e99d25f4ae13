import type { GoalResponse, StepView } from '@goalkeeper/contracts';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { oneLine } from '../text/sanitize';
import { type Line, paint, span } from '../text/spans';
import { GOAL_BADGES } from '../view/words';

/** A goal with those that its steps raised. */
export interface GoalTree {
  readonly goal: GoalResponse;
  readonly children: readonly { readonly stepId: string; readonly tree: GoalTree }[];
}

/** `goalkeeper tree ID`: a goal, its steps, and the goals that they raised, all the way down. */
export async function treeCommand(session: Session, id: string): Promise<ExitCode> {
  const { terminal } = session;
  const tree = await treeOf(session, id);
  if (session.json) terminal.json(tree);
  else treeLines(tree).forEach((line) => terminal.out(paint(line, terminal.colourOut)));
  return EXIT.ok;
}

async function treeOf(session: Session, id: string): Promise<GoalTree> {
  const goal = await ask(session, (client) => client.getGoal(id, { include: ['steps'] }));
  const children = await Promise.all(
    goal.children.map(async ({ goalId, stepId }) => ({ stepId, tree: await treeOf(session, goalId) })),
  );
  return { goal, children };
}

const SIGNS: Readonly<Record<StepView['state'], string>> = {
  pending: '○',
  running: '●',
  succeeded: '✔',
  failed: '✖',
  skipped: '–',
};

/** The tree with rules in front, a line a goal and a step. */
export function treeLines(tree: GoalTree): Line[] {
  const { parent } = tree.goal;
  const above: Line[] = parent ? [[span(`below ${parent.goalId}`, 'dim')]] : [];
  return [...above, goalLine(tree.goal, ''), ...below(tree, '')];
}

function goalLine(goal: GoalResponse, rule: string): Line {
  const { glyph, word, style } = GOAL_BADGES[goal.state];
  const what = goal.objective || `${goal.task?.name ?? ''} ${JSON.stringify(goal.task?.args ?? {})}`;
  return [span(rule, 'dim'), span(`${glyph} ${word}`, style), span(`  ${oneLine(what)}  `), span(goal.id, 'dim')];
}

function below({ goal, children }: GoalTree, indent: string): Line[] {
  const steps = goal.steps ?? [];
  return steps.flatMap((step, index) => {
    const isLast = index === steps.length - 1;
    const inner = `${indent}${isLast ? '   ' : '│  '}`;
    const own: Line = [
      span(`${indent}${isLast ? '└─ ' : '├─ '}`, 'dim'),
      span(`${SIGNS[step.state]} ${oneLine(step.label)}`),
      span(step.summary === '' ? '' : `  ${oneLine(step.summary)}`, 'dim'),
    ];
    const raised = children.filter(({ stepId }) => stepId === step.id);
    return [
      own,
      ...raised.flatMap(({ tree }, at) => {
        const isEnd = at === raised.length - 1;
        const rule = `${inner}${isEnd ? '└─ ' : '├─ '}`;
        return [goalLine(tree.goal, rule), ...below(tree, `${inner}${isEnd ? '   ' : '│  '}`)];
      }),
    ];
  });
}
