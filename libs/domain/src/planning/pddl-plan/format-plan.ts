import type { ActionSequence, GroundTask, HierarchicalPlan } from '../pddl/model';

/**
 * Writes a hierarchical plan in the format of the 2020 hierarchical planning competition: numbered actions in order, the
 * roots, one line for each decomposition, between `==>` and `<==`.
 *
 * @returns lines that end with a line break each
 */
export function formatHierarchicalPlan({ actions, roots, decompositions }: HierarchicalPlan): string {
  const lines = [
    '==>',
    ...actions.map(({ id, task }) => `${id} ${words(task)}`),
    ['root', ...roots].join(' '),
    ...decompositions.map(({ id, task, method, children }) => [id, words(task), '->', method, ...children].join(' ')),
    '<==',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Writes a classical plan: one action a line in parentheses, then what it costs as a comment.
 *
 * @param cost in the measure of the problem
 */
export function formatActionSequence(actions: ActionSequence, cost: number): string {
  return [...actions.map((task) => `(${words(task)})`), `; cost = ${cost}`, ''].join('\n');
}

const words = ({ name, args }: GroundTask): string => [name, ...args].join(' ');
