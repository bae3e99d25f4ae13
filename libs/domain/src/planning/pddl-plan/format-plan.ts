import type { ActionSequence, GroundTask, HierarchicalPlan, PddlDomain, PddlProblem } from '../pddl/model';

/** How names are written; the names of plans are in lower case. */
export interface Spelling {
  /** An action or a compound task. */
  readonly task: (name: string) => string;
  readonly method: (name: string) => string;
  readonly object: (name: string) => string;
}

const AS_THEY_ARE: Spelling = { task: (name) => name, method: (name) => name, object: (name) => name };

/** Names as their declarations spell them, for readers of plans that tell upper from lower case. */
export function spellingOf(domain: PddlDomain, problem: PddlProblem): Spelling {
  const speller = (all: readonly { readonly name: string; readonly written?: string }[]) => {
    const spelled = new Map(all.map(({ name, written }) => [name, written ?? name]));
    return (name: string): string => spelled.get(name) ?? name;
  };
  return {
    task: speller([...domain.tasks, ...domain.actions]),
    method: speller(domain.methods),
    object: speller([...domain.constants, ...problem.objects]),
  };
}

/**
 * Writes a hierarchical plan in the format of the 2020 hierarchical planning competition: numbered actions in order, the
 * roots, one line for each decomposition, between `==>` and `<==`.
 *
 * @returns lines that end with a line break each
 */
export function formatHierarchicalPlan(plan: HierarchicalPlan, spelling: Spelling = AS_THEY_ARE): string {
  const lines = [
    '==>',
    ...plan.actions.map(({ id, task }) => `${id} ${words(task, spelling)}`),
    ['root', ...plan.roots].join(' '),
    ...plan.decompositions.map(({ id, task, method, children }) =>
      [id, words(task, spelling), '->', spelling.method(method), ...children].join(' '),
    ),
    '<==',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Writes a classical plan: one action a line in parentheses, then what it costs as a comment.
 *
 * @param cost in the measure of the problem
 */
export function formatActionSequence(actions: ActionSequence, cost: number, spelling: Spelling = AS_THEY_ARE): string {
  return [...actions.map((task) => `(${words(task, spelling)})`), `; cost = ${cost}`, ''].join('\n');
}

function words({ name, args }: GroundTask, spelling: Spelling): string {
  return [spelling.task(name), ...args.map(spelling.object)].join(' ');
}
