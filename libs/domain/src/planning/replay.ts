import { canonicalJson, type Json } from '../json';
import type { ExpectedGroup, ExpectedPlan } from './expected-steps';
import type { Literal } from './pack';
import type { Fact, Plan, PlanStep } from './plan';
import { derivedToo } from './replay-axioms';
import type { PlanProblem } from './validate-plan';

/**
 * Runs a plan in thought: in the listed order every precondition holds and every method was applicable when it was begun; in
 * every other order that `after` allows nothing can spoil a precondition; data and methods' demands are covered by `after`.
 */
export function replay(plan: Plan, expected: ExpectedPlan, facts: readonly Fact[]): PlanProblem[] {
  const given = [...facts, ...(plan.avoids?.facts ?? []).filter(({ predicate }) => predicate === 'failed')];
  const states = [new Set(given.map(keyOf))];
  for (const step of plan.steps) {
    const next = new Set(states.at(-1));
    for (const fact of step.deletes) next.delete(keyOf(fact));
    for (const fact of step.adds) next.add(keyOf(fact));
    states.push(next);
  }
  const before = ancestorsOf(plan);
  const axioms = expected.axioms ?? [];
  const known = axioms.length === 0 ? states : states.map((state) => derivedToo(state, axioms));
  return [
    ...plan.steps.flatMap((step, index) => checkStep(step, states[index] ?? new Set())),
    ...expected.groups.flatMap((group) => checkGroup(group, plan, known)),
    ...expected.groups.flatMap((group) => checkAchieved(group, plan, known)),
    ...expected.groups.flatMap((group) => checkDemandedOrder(group, before)),
    ...plan.steps.flatMap((step) => checkReferences(step, before)),
    ...plan.steps.flatMap((step) => checkThreats(step, { plan, before, initial: states[0] ?? new Set() })),
    ...checkLinks(plan, { before, initial: states[0] ?? new Set() }),
  ];
}

type Before = ReadonlyMap<string, ReadonlySet<string>>;

/** One text for one fact, in the validator's own form. */
function keyOf({ predicate, args }: Fact): string {
  return canonicalJson([predicate, ...args]);
}

function isTrue(literal: Literal, state: ReadonlySet<string>): boolean {
  const [a = null, b = null] = literal.args;
  let value: boolean;
  if (literal.predicate === 'equal') value = canonicalJson(a) === canonicalJson(b);
  else if (literal.predicate === 'given') value = a !== null;
  else value = state.has(keyOf(literal));
  return literal.not ? !value : value;
}

function wordsOf({ predicate, args, not }: Literal): string {
  return `${not ? 'not ' : ''}${predicate}(${args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(', ')})`;
}

function checkStep(step: PlanStep, state: ReadonlySet<string>): PlanProblem[] {
  return step.when
    .filter((literal) => !isTrue(literal, state))
    .map((literal) => ({
      code: 'plan.precondition',
      stepId: step.id,
      message: `"${step.label}" needs ${wordsOf(literal)}, which does not hold then`,
    }));
}

/** A method's conditions hold together at some point between what it comes after and its first step. */
function checkGroup(group: ExpectedGroup, plan: Plan, states: readonly ReadonlySet<string>[]): PlanProblem[] {
  if (group.when.length === 0) return [];
  const position = new Map(plan.steps.map((step, index) => [step.id, index]));
  const first = Math.max(0, ...group.after.map((id) => (position.get(id) ?? -1) + 1));
  const last =
    group.steps.length === 0 ? states.length - 1 : Math.min(...group.steps.map((id) => position.get(id) ?? 0));
  for (let at = first; at <= last; at += 1) {
    const state = states[at] ?? new Set();
    if (group.when.every((literal) => isTrue(literal, state))) return [];
  }
  const needs = group.when.map(wordsOf).join(' and ');
  return [
    {
      code: 'plan.precondition',
      stepId: group.steps[0] ?? null,
      message: `${group.name} needs ${needs}, which does not hold when it begins`,
    },
  ];
}

/** Facts that a task promises hold once the last of its steps is done. */
function checkAchieved(group: ExpectedGroup, plan: Plan, states: readonly ReadonlySet<string>[]): PlanProblem[] {
  const own = new Set(group.steps);
  const last = plan.steps.findLastIndex(({ id }) => own.has(id));
  const state = states[last + 1] ?? new Set();
  return (group.achieves ?? [])
    .filter((literal) => !isTrue(literal, state))
    .map((literal) => ({
      code: 'plan.decomposition',
      stepId: group.steps.at(-1) ?? null,
      message: `${group.name} should bring about ${wordsOf(literal)}, which does not hold when it is done`,
    }));
}

/** For each step the ids of all steps that are before it whatever happens. */
function ancestorsOf(plan: Plan): Before {
  const result = new Map<string, Set<string>>();
  for (const { id, after } of plan.steps) {
    const own = new Set<string>();
    for (const other of after) {
      own.add(other);
      for (const further of result.get(other) ?? []) own.add(further);
    }
    result.set(id, own);
  }
  return result;
}

function checkDemandedOrder(group: ExpectedGroup, before: Before): PlanProblem[] {
  return group.steps.flatMap((id) =>
    [...new Set(group.after)]
      .filter((other) => !before.get(id)?.has(other))
      .map((other) => ({
        code: 'plan.order' as const,
        stepId: id,
        message: `${id} must come after ${other}, as its method says, and may not`,
      })),
  );
}

function checkReferences(step: PlanStep, before: Before): PlanProblem[] {
  const found = new Set([...mentioned(step.args), ...step.tools.flatMap(({ args }) => mentioned(args))]);
  return [...found]
    .filter((source) => !before.get(step.id)?.has(source))
    .map((source) => ({
      code: 'plan.reference',
      stepId: step.id,
      message: `"${step.label}" uses the result of "${source}", which does not come before it`,
    }));
}

function mentioned(value: Json): string[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(mentioned);
  const object = value as { readonly [key: string]: Json };
  const from = object['$from'];
  if (from !== undefined && from !== null && typeof from === 'object' && !Array.isArray(from)) {
    const { step } = from as { readonly [key: string]: Json };
    return [typeof step === 'string' ? step : ''];
  }
  return Object.values(object).flatMap(mentioned);
}

interface Scene {
  readonly plan: Plan;
  readonly before: Before;
  readonly initial: ReadonlySet<string>;
}

/** A condition is safe when somebody who surely comes before makes it true and nobody can undo that in between. */
function checkThreats(step: PlanStep, scene: Scene): PlanProblem[] {
  return step.when
    .filter(({ predicate }) => predicate !== 'equal' && predicate !== 'given')
    .filter((literal) => !isSafe(literal, step, scene))
    .map((literal) => ({
      code: 'plan.order',
      stepId: step.id,
      message: `${wordsOf(literal)} may be missing when "${step.label}" runs: the order allows it`,
    }));
}

function isSafe(literal: Literal, step: PlanStep, { plan, before, initial }: Scene): boolean {
  const key = keyOf(literal);
  const adds = (other: PlanStep): boolean => other.adds.some((fact) => keyOf(fact) === key);
  const deletes = (other: PlanStep): boolean => other.deletes.some((fact) => keyOf(fact) === key) && !adds(other);
  const [makes, spoils] = literal.not ? [deletes, adds] : [adds, deletes];
  const comesBefore = (a: string, b: string): boolean => before.get(b)?.has(a) ?? false;
  const spoilers = plan.steps.filter((other) => other.id !== step.id && spoils(other));
  const isClear = (maker: string | null): boolean =>
    spoilers.every(({ id }) => comesBefore(step.id, id) || (maker !== null && comesBefore(id, maker)));
  if (initial.has(key) !== (literal.not ?? false) && isClear(null)) return true;
  return plan.steps.some((maker) => makes(maker) && comesBefore(maker.id, step.id) && isClear(maker.id));
}

/** A causal link must be true: its giver adds the fact and comes before the taker. */
function checkLinks(plan: Plan, { before, initial }: Omit<Scene, 'plan'>): PlanProblem[] {
  return plan.links.flatMap(({ from, to, fact }) => {
    const giver = plan.steps.find(({ id }) => id === from);
    const gives =
      from === null ? initial.has(keyOf(fact)) : giver?.adds.some((added) => keyOf(added) === keyOf(fact)) === true;
    const ordered = from === null || before.get(to)?.has(from) === true;
    if (before.has(to) && gives && ordered) return [];
    return [
      {
        code: 'plan.reference' as const,
        stepId: to,
        message: `the link of ${wordsOf(fact)} from ${from ?? 'the start'} to ${to} does not hold`,
      },
    ];
  });
}
