import { plural } from '../counting';
import type { Json } from '../json';
import { checkMembers } from './check-members';
import { checkVariables, repeated, type Names } from './check-names';
import type { DomainPack, Literal, MethodDef, OperatorDef, ParamDef, TaskDef } from './pack';
import { describe, isOfType } from './param-type';
import type { Problem } from './shape';
import { BUILT_IN_PREDICATES } from './state';
import { malformedReferencesIn, referencesIn, variablesIn } from './terms';

/** Everything in a well-shaped pack that refers to something else in it. */
export function checkReferences(pack: DomainPack): Problem[] {
  const names: Names = {
    tasks: new Map(pack.tasks.map((task) => [task.name, task])),
    operators: new Map(pack.operators.map((operator) => [operator.name, operator])),
  };
  const kinds = [...pack.tasks.map(({ name }) => name), ...pack.operators.map(({ name }) => name)];
  const places = [
    ...pack.tasks.map((_, index) => `tasks[${index}].name`),
    ...pack.operators.map((_, index) => `operators[${index}].name`),
  ];
  return [
    ...repeated(kinds, (index) => places[index] ?? ''),
    ...repeated(
      pack.methods.map(({ task, name }) => `${task}:${name}`),
      (index) => `methods[${index}].name`,
    ),
    ...pack.tasks.flatMap((task, index) => checkTask(task, pack, `tasks[${index}]`)),
    ...pack.methods.flatMap((method, index) => checkMethod(method, names, `methods[${index}]`)),
    ...pack.operators.flatMap((operator, index) => checkOperator(operator, `operators[${index}]`)),
    ...checkAxioms(pack),
  ];
}

function checkTask(task: TaskDef, pack: DomainPack, at: string): Problem[] {
  const problems = checkParams(task.params, at);
  const achieves = task.achieves ?? [];
  if (achieves.length === 0 && !pack.methods.some((method) => method.task === task.name))
    problems.push({ at, problem: `no method does "${task.name}"` });
  const params = task.params.map(({ name }) => name);
  task.phrasings.forEach((phrasing, index) => {
    for (const match of phrasing.matchAll(/\{([^}]*)\}?/g)) {
      const slot = match[1]?.split(':')[0] ?? '';
      if (!params.includes(slot))
        problems.push({
          at: `${at}.phrasings[${index}]`,
          problem: `{${match[1] ?? ''}} is no parameter; known are ${params.join(', ') || 'none'}`,
        });
    }
  });
  achieves.forEach((literal, index) => problems.push(...checkLiteral(literal, params, `${at}.achieves[${index}]`)));
  task.success.forEach((predicate, index) => {
    problems.push(...checkVariables(predicate.args, params, `${at}.success[${index}].args`));
    problems.push(...noReferences(predicate.args, `${at}.success[${index}].args`));
  });
  return problems;
}

function checkParams(params: readonly ParamDef[], at: string): Problem[] {
  const problems = repeated(
    params.map(({ name }) => name),
    (index) => `${at}.params[${index}].name`,
  );
  params.forEach((param, index) => {
    if (param.default === undefined) return;
    const place = `${at}.params[${index}].default`;
    if (param.required) problems.push({ at: place, problem: 'a required parameter needs no default' });
    if (!isOfType(param.default, param.type))
      problems.push({ at: place, problem: `should be a ${param.type}, got ${describe(param.default)}` });
  });
  return problems;
}

function checkMethod(method: MethodDef, names: Names, at: string): Problem[] {
  const task = names.tasks.get(method.task);
  if (!task) {
    const why = names.operators.has(method.task) ? 'is an operator, which needs no method' : 'is no task of this pack';
    return [{ at: `${at}.task`, problem: `"${method.task}" ${why}` }];
  }
  const params = task.params.map(({ name }) => name);
  const bound = method.when.flatMap((literal) => (literal.not || isTest(literal) ? [] : variablesIn(literal.args)));
  const scope = [...new Set([...params, ...bound])];
  const problems = method.when.flatMap((literal, index) => checkLiteral(literal, scope, `${at}.when[${index}]`));
  return [...problems, ...checkMembers(method, scope, names, at)];
}

/** `equal` and `given` test values, they bind none. */
function isTest(literal: Literal): boolean {
  return literal.predicate === 'equal' || literal.predicate === 'given';
}

function checkOperator(operator: OperatorDef, at: string): Problem[] {
  const params = operator.params.map(({ name }) => name);
  const problems = checkParams(operator.params, at);
  operator.when.forEach((literal, index) => problems.push(...checkLiteral(literal, params, `${at}.when[${index}]`)));
  for (const kind of ['adds', 'deletes'] as const) {
    operator[kind].forEach((literal, index) => {
      const place = `${at}.${kind}[${index}]`;
      problems.push(...checkLiteral(literal, params, place));
      if (literal.not) problems.push({ at: `${place}.not`, problem: 'an effect cannot be denied; use deletes' });
      if (isBuiltIn(literal.predicate))
        problems.push({
          at: `${place}.predicate`,
          problem: `"${literal.predicate}" is built in and cannot be changed`,
        });
    });
  }
  problems.push(
    ...repeated(
      operator.tools.map(({ tool }) => tool),
      (index) => `${at}.tools[${index}].tool`,
    ),
  );
  operator.tools.forEach((binding, index) => {
    problems.push(...checkVariables(binding.args, params, `${at}.tools[${index}].args`));
    problems.push(...noReferences(binding.args, `${at}.tools[${index}].args`));
  });
  return problems;
}

/** Derived facts are nobody's to change or to need but methods', and follow from base facts where they deny. */
function checkAxioms({ axioms = [], operators }: DomainPack): Problem[] {
  const derived = new Set(axioms.map(({ fact }) => fact.predicate));
  const own = axioms.flatMap(({ fact, when }, index) => {
    const at = `axioms[${index}]`;
    const bound = when.flatMap((literal) => (literal.not || isTest(literal) ? [] : variablesIn(literal.args)));
    const denied = when.filter(({ predicate, not }) => not && derived.has(predicate));
    return [
      ...checkVariables(fact.args, bound, `${at}.fact.args`),
      ...when.flatMap((literal, place) => checkLiteral(literal, bound, `${at}.when[${place}]`)),
      ...denied.map(({ predicate }) => ({
        at: `${at}.when`,
        problem: `"${predicate}" is derived and cannot be denied here`,
      })),
      ...(isBuiltIn(fact.predicate)
        ? [{ at: `${at}.fact.predicate`, problem: `"${fact.predicate}" is built in` }]
        : []),
    ];
  });
  const used = operators.flatMap(({ when, adds, deletes }, index) =>
    [...when, ...adds, ...deletes]
      .filter(({ predicate }) => derived.has(predicate))
      .map(({ predicate }) => ({
        at: `operators[${index}]`,
        problem: `"${predicate}" is derived by an axiom: operators need and change the facts that it follows from`,
      })),
  );
  return [...own, ...used];
}

function isBuiltIn(predicate: string): predicate is keyof typeof BUILT_IN_PREDICATES {
  return Object.hasOwn(BUILT_IN_PREDICATES, predicate);
}

function checkLiteral(literal: Literal, scope: readonly string[], at: string): Problem[] {
  const problems = [...checkVariables(literal.args, scope, `${at}.args`), ...noReferences(literal.args, `${at}.args`)];
  if (isBuiltIn(literal.predicate) && literal.args.length !== BUILT_IN_PREDICATES[literal.predicate]) {
    const wanted = BUILT_IN_PREDICATES[literal.predicate];
    problems.push({
      at: `${at}.args`,
      problem: `"${literal.predicate}" takes ${plural(wanted, 'argument')}, got ${literal.args.length}`,
    });
  }
  return problems;
}

function noReferences(template: Json, at: string): Problem[] {
  if (referencesIn(template).length === 0 && malformedReferencesIn(template).length === 0) return [];
  return [{ at, problem: '{{steps.…}} may stand in the arguments of members only' }];
}
