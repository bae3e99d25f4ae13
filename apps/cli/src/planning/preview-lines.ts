import type { PlanPreviewResponse } from '@goalkeeper/contracts';
import { plural } from '@goalkeeper/domain';
import { formatDuration } from '../text/format';
import { oneLine } from '../text/sanitize';

/** The plan as a tree of methods and steps, then what it would take and what else could be done. */
export function previewLines(preview: PlanPreviewResponse): string[] {
  const { plan, estimate, alternatives, confidence } = preview;
  const sure = confidence < 1 ? `, ${Math.round(confidence * 100)} % sure of the words` : '';
  return [
    `${oneLine(plan.task.name)} ${oneLine(JSON.stringify(plan.task.args))}`,
    `pack ${plan.pack.name} ${plan.pack.version}${sure}`,
    '',
    ...treeLines(preview),
    '',
    `about ${formatDuration(estimate.durationMs)}, ${formatDuration(estimate.sequentialMs)} one after the other, $${estimate.costUsd} (${basisWords(estimate.basis)})`,
    ...(alternatives.length > 0 ? ['', 'other ways:'] : []),
    ...alternatives.map(alternativeLine),
  ];
}

function basisWords(basis: PlanPreviewResponse['estimate']['basis']): string {
  if (basis === 'learned') return 'from earlier calls';
  return basis === 'declared'
    ? 'as the tools declare'
    : 'from earlier calls where there are some, else as the tools declare';
}

function alternativeLine({
  task,
  method,
  instead,
  steps,
  durationMs,
  costUsd,
  reason,
}: PlanPreviewResponse['alternatives'][number]): string {
  const what = `  ${oneLine(task)} by "${oneLine(method)}" instead of "${oneLine(instead)}"`;
  if (steps === null) return `${what}: ${oneLine(reason ?? 'no plan')}`;
  return `${what}: ${plural(steps, 'step')}, ${formatDuration(durationMs ?? 0)}, $${costUsd ?? 0}`;
}

interface Branch {
  readonly line: string;
  readonly children: Branch[];
}

/** Choices and steps by their lineages: a step hangs below the method that asked for it. */
function treeLines({ plan, estimate }: PlanPreviewResponse): string[] {
  const root: Branch = { line: '', children: [] };
  const branches = new Map<string, Branch>();
  const parentOf = (lineage: string): Branch => {
    for (let end = lineage.lastIndexOf(':'); end > 0; end = lineage.lastIndexOf(':', end - 1)) {
      const found = branches.get(lineage.slice(0, end));
      if (found) return found;
    }
    return root;
  };
  for (const { lineage, task, method } of plan.choices) {
    const branch = { line: `${oneLine(task)} · ${oneLine(method)}`, children: [] };
    parentOf(lineage).children.push(branch);
    branches.set(lineage, branch);
  }
  const labels = new Map(plan.steps.map(({ id, label }) => [id, label]));
  const byId = new Map(estimate.steps.map((step) => [step.id, step]));
  plan.steps.forEach(({ id, label, summary, after }, index) => {
    const took = byId.get(id);
    const waits = after.map((other) => labels.get(other) ?? other).join(', ');
    const how = [took?.tool, formatDuration(took?.durationMs ?? 0), waits && `after ${waits}`]
      .filter(Boolean)
      .join(' · ');
    const line = `${index + 1}. ${oneLine(label)}: ${oneLine(summary)}  (${oneLine(how)})`;
    parentOf(id.slice(0, id.lastIndexOf('#'))).children.push({ line, children: [] });
  });
  return root.children.flatMap((branch) => draw(branch, '', ''));
}

function draw({ line, children }: Branch, lead: string, below: string): string[] {
  const rest = children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    return draw(child, `${below}${isLast ? '└ ' : '├ '}`, `${below}${isLast ? '  ' : '│ '}`);
  });
  return [`${lead}${line}`, ...rest];
}
