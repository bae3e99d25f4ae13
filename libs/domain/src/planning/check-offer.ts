import type { DomainPack, MethodDef, Subtask } from './pack';
import { FACTS_HOLD } from './pddl-pack/pack-of-domain';
import type { Problem } from './shape';

/** What a pack is offered beside. */
export interface OfferSurroundings {
  /** The packs on offer already, without one that this pack replaces. */
  readonly others: readonly DomainPack[];
  readonly hasTool: (name: string) => boolean;
  readonly hasVerifier: (name: string) => boolean;
}

/** Longer names could be stored and never be named again: they stand in addresses and keys. */
const MAX_NAME = 100;
const MAX_VERSION = 40;

/**
 * What keeps a sound pack from being offered here: names that are taken or too long, tasks that never end or never tell
 * whether they succeeded, tools and verifiers that are not installed.
 * The same for a pack of a folder and for one that is uploaded.
 */
export function offerProblems(
  pack: DomainPack,
  { others, hasTool, hasVerifier }: OfferSurroundings,
): readonly Problem[] {
  const problems: Problem[] = [...lengthProblems(pack), ...(pack.pddl ? [] : endlessTasks(pack))];
  if (others.some(({ name }) => name === pack.name))
    problems.push({ at: 'name', problem: `another pack is called ${pack.name}` });
  const owners = new Map(others.flatMap((other) => other.tasks.map(({ name }) => [name, other.name] as const)));
  for (const [index, task] of pack.tasks.entries()) {
    const owner = owners.get(task.name);
    if (owner !== undefined)
      problems.push({ at: `tasks[${index}].name`, problem: `the pack ${owner} offers a task ${task.name} already` });
    task.success.forEach(({ name }, place) => {
      if (name === FACTS_HOLD || hasVerifier(name)) return;
      problems.push({ at: `tasks[${index}].success[${place}].name`, problem: `no verifier is called ${name}` });
    });
  }
  problems.push(...silentTasks(pack));
  for (const [index, { tools }] of pack.operators.entries())
    tools.forEach(({ tool }, place) => {
      if (hasTool(tool)) return;
      problems.push({ at: `operators[${index}].tools[${place}].tool`, problem: `no tool is called ${tool}` });
    });
  return problems;
}

/** Tasks that no method can ever bring to an end, since each needs one of them again. */
function endlessTasks({ tasks, methods, operators }: DomainPack): readonly Problem[] {
  const ending = new Set(operators.map(({ name }) => name));
  for (const { name, achieves } of tasks) if ((achieves ?? []).length > 0) ending.add(name);
  // A member that is repeated may be asked for no times at all; a goal of its own is planned for itself.
  const ends = ({ task, repeat, goal }: Subtask): boolean => repeat !== undefined || !!goal || ending.has(task);
  const ready = (): readonly MethodDef[] =>
    methods.filter(({ task, subtasks }) => !ending.has(task) && subtasks.every(ends));
  for (let found = ready(); found.length > 0; found = ready()) found.forEach(({ task }) => ending.add(task));
  return tasks.flatMap(({ name }, index) => {
    if (ending.has(name) || !methods.some(({ task }) => task === name)) return [];
    const problem = `no method of "${name}" ever ends: each needs the task itself again`;
    return [{ at: `tasks[${index}]`, problem }];
  });
}

/** Nobody could ask for such a task, whatever its phrasings say: nothing would tell whether it succeeded. */
function silentTasks({ tasks }: DomainPack): readonly Problem[] {
  return tasks.flatMap(({ name, phrasings, success }, index) => {
    if (phrasings.length === 0 || success.length > 0) return [];
    const problem = `"${name}" has phrasings and nothing that says when it succeeded: give it success, or take the phrasings out`;
    return [{ at: `tasks[${index}].success`, problem }];
  });
}

function lengthProblems({ name, version, tasks, methods, operators }: DomainPack): readonly Problem[] {
  const named = [
    { at: 'name', text: name, most: MAX_NAME },
    { at: 'version', text: version, most: MAX_VERSION },
    ...Object.entries({ tasks, methods, operators }).flatMap(([kind, items]) =>
      items.map((item, index) => ({ at: `${kind}[${index}].name`, text: item.name, most: MAX_NAME })),
    ),
  ];
  return named.flatMap(({ at, text, most }) =>
    text.length > most ? [{ at, problem: `should have at most ${most} characters, got ${text.length}` }] : [],
  );
}
