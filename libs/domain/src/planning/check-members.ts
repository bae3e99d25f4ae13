import type { Json } from '../json';
import { checkVariables, repeated, type Names } from './check-names';
import type { MethodDef, ParamDef, Subtask } from './pack';
import type { Problem } from './shape';
import { malformedReferencesIn, referencesIn, variableName } from './terms';

/** The members of one method: what they do, with which arguments, in which order. */
export function checkMembers(method: MethodDef, scope: readonly string[], names: Names, at: string): Problem[] {
  const ids = method.subtasks.map(({ id }) => id);
  return [
    ...repeated(ids, (index) => `${at}.subtasks[${index}].id`),
    ...method.subtasks.flatMap((member, index) =>
      checkMember(member, { ids, scope, names }, `${at}.subtasks[${index}]`),
    ),
    ...circle(method, at),
  ];
}

interface MemberScope {
  readonly ids: readonly string[];
  readonly scope: readonly string[];
  readonly names: Names;
}

function checkMember(member: Subtask, { ids, scope, names }: MemberScope, at: string): Problem[] {
  const problems: Problem[] = [];
  const params = names.tasks.get(member.task)?.params ?? names.operators.get(member.task)?.params;
  if (member.goal || member.budget) problems.push(...checkBudget(member, at));
  if (params) problems.push(...(member.goal ? [] : checkArguments(member, params, at)));
  else problems.push({ at: `${at}.task`, problem: `"${member.task}" is neither a task nor an operator of this pack` });
  (member.after ?? []).forEach((id, index) => {
    if (!ids.includes(id))
      problems.push({ at: `${at}.after[${index}]`, problem: `"${id}" is no member of this method` });
  });
  for (const { id } of referencesIn(member.args)) {
    if (!ids.includes(id)) problems.push({ at: `${at}.args`, problem: `{{steps.${id}}} is no member of this method` });
  }
  for (const broken of malformedReferencesIn(member.args)) {
    problems.push({
      at: `${at}.args`,
      problem: `"${broken}" is no reference; write {{steps.ID.path}} and nothing else in the text`,
    });
  }
  const inner = member.repeat ? [...scope, member.repeat.as] : scope;
  problems.push(...checkVariables(member.args, inner, `${at}.args`));
  if (member.repeat) problems.push(...checkCount(member.repeat.count, scope, `${at}.repeat.count`));
  return problems;
}

const BUDGET = ['maxSteps', 'deadlineSeconds'];

function checkBudget({ goal, budget = {} }: Subtask, at: string): Problem[] {
  if (!goal) return [{ at: `${at}.budget`, problem: 'only a member that raises a goal has a budget' }];
  return Object.entries(budget).flatMap(([name, value]) => {
    const place = `${at}.budget.${name}`;
    if (!BUDGET.includes(name)) return [{ at: place, problem: `unknown field; known are ${BUDGET.join(', ')}` }];
    const isFit =
      (typeof value === 'number' && Number.isInteger(value) && value > 0) ||
      (typeof value === 'string' && variableName(value) !== null);
    return isFit ? [] : [{ at: place, problem: 'should be a whole number > 0 or a variable' }];
  });
}

function checkArguments(member: Subtask, params: readonly ParamDef[], at: string): Problem[] {
  const known = params.map(({ name }) => name);
  const unknown = Object.keys(member.args).filter((name) => !known.includes(name));
  const missing = params.filter(
    ({ name, required, default: own }) => required && own === undefined && member.args[name] === undefined,
  );
  return [
    ...unknown.map((name) => ({
      at: `${at}.args.${name}`,
      problem: `"${member.task}" has no parameter "${name}"; known are ${known.join(', ') || 'none'}`,
    })),
    ...missing.map(({ name }) => ({ at: `${at}.args`, problem: `"${member.task}" requires "${name}"` })),
  ];
}

function checkCount(count: Json, scope: readonly string[], at: string): Problem[] {
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0) return [];
  if (typeof count === 'string' && variableName(count) !== null) return checkVariables(count, scope, at);
  return [{ at, problem: 'should be a whole number ≥ 0 or a variable' }];
}

/** Members that wait for one another, by `after` or by what they take from one another. */
function circle(method: MethodDef, at: string): Problem[] {
  const waits = new Map(
    method.subtasks.map((member) => [
      member.id,
      [...(member.after ?? []), ...referencesIn(member.args).map(({ id }) => id)],
    ]),
  );
  const finished = new Set<string>();
  const walk = (id: string, path: readonly string[]): readonly string[] | null => {
    const from = path.indexOf(id);
    if (from >= 0) return [...path.slice(from), id];
    if (finished.has(id)) return null;
    for (const next of waits.get(id) ?? []) {
      const found = walk(next, [...path, id]);
      if (found) return found;
    }
    finished.add(id);
    return null;
  };
  for (const id of waits.keys()) {
    const found = walk(id, []);
    if (found)
      return [{ at: `${at}.subtasks`, problem: `members wait for one another in a circle: ${found.join(' → ')}` }];
  }
  return [];
}
