import type { ActionSequence, GroundTask, HierarchicalPlan } from '../pddl/model';
import type { WrittenNames } from '../pddl/written-names';

const AS_THEY_ARE: WrittenNames = { tasks: new Map(), methods: new Map(), objects: new Map() };

/**
 * Writes a hierarchical plan in the format of the 2020 hierarchical planning competition: numbered actions in order, the
 * roots, one line for each decomposition, between `==>` and `<==`.
 *
 * @param written the spelling of names; else all in lower case
 * @returns lines that end with a line break each
 */
export function formatHierarchicalPlan(plan: HierarchicalPlan, written: WrittenNames = AS_THEY_ARE): string {
  const lines = [
    '==>',
    ...plan.actions.map(({ id, task }) => `${id} ${words(task, written)}`),
    ['root', ...plan.roots].join(' '),
    ...plan.decompositions.map(({ id, task, method, children }) =>
      [id, words(task, written), '->', written.methods.get(method) ?? method, ...children].join(' '),
    ),
    '<==',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Writes a classical plan: one action a line in parentheses, then what it costs as a comment.
 *
 * @param cost in the measure of the problem
 * @param written the spelling of names; else all in lower case
 */
export function formatActionSequence(
  actions: ActionSequence,
  cost: number,
  written: WrittenNames = AS_THEY_ARE,
): string {
  return [...actions.map((task) => `(${words(task, written)})`), `; cost = ${cost}`, ''].join('\n');
}

function words({ name, args }: GroundTask, written: WrittenNames): string {
  return [written.tasks.get(name) ?? name, ...args.map((arg) => written.objects.get(arg) ?? arg)].join(' ');
}
