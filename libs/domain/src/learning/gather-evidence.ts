import { contentStems } from '../intent/words';
import { canonicalJson, type Json, type JsonObject } from '../json';
import { speaksOfTool } from '../observation/blame';
import type { Judgement, Observation } from '../observation/observation';
import type { Literal } from '../planning/pack';
import type { Fact, Plan, PlanStep } from '../planning/plan';
import { factKey } from '../planning/state';
import { readFrom } from '../planning/terms';
import { contextBucket, featureBucket } from './buckets';
import { errorSignature, errorTemplate } from './error-template';
import { type Attempt, type DoneStep, type GoalEvidence, isStructural, sortedUnique, worked } from './evidence';
import { findSecrets } from './secrets';

/** What the store holds of a goal that has ended. */
export interface FinishedGoal {
  readonly goalId: string;
  readonly atMs: number;
  readonly arm: 'on' | 'off';
  readonly verified: boolean;
  readonly objective: string;
  /** True when the client named the task: its words then taught nothing. */
  readonly namedTask: boolean;
  /** The latest plan. */
  readonly plan: Plan;
  /** Steps of the revisions before it: what failed is often no longer planned. */
  readonly earlierSteps?: readonly PlanStep[];
  /** In the order in which they were made, each with what was decided after it. */
  readonly calls: readonly { readonly observation: Observation; readonly analysis: Pick<Judgement, 'next'> | null }[];
  readonly callsMade: number;
  /** Questions to people about its words. */
  readonly questions?: number;
  /** Lessons that took part in its plans, decisions and recoveries. */
  readonly took?: readonly string[];
  readonly taint: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

const MOST_FACTS = 12;
const MOST_STEPS = 30;
const MOST_ATTEMPTS = 100;

/** What learning keeps of a finished goal: shapes, names and outcomes; values of the goal are lifted or left out. */
export function gatherEvidence(goal: FinishedGoal): GoalEvidence {
  const { plan, verified } = goal;
  const attempts = attemptsOf(goal);
  const named = new Set(attempts.map(({ tool }) => tool));
  return {
    ...{ goalId: goal.goalId, atMs: goal.atMs, arm: goal.arm, verified, calls: goal.callsMade, taint: goal.taint },
    ...(goal.questions ? { questions: goal.questions } : {}),
    ...(goal.took ? { took: sortedUnique(goal.took) } : {}),
    task: plan.task.name,
    bucket: featureBucket(plan.task.args),
    pack: plan.pack.name,
    stems: goal.namedTask ? [] : wordsBesides(goal.objective, plan.task.args),
    choices: choicesOf(goal),
    attempts,
    steps: verified ? doneSteps(plan) : [],
    versions: Object.fromEntries(Object.entries(goal.versions).filter(([tool]) => named.has(tool))),
  };
}

/** Stems of a goal's words that are not words of its arguments: those are the instance, not the intent. */
function wordsBesides(objective: string, args: JsonObject): string[] {
  const own = new Set(contentStems(textsIn(args).join(' ')));
  return [...new Set(contentStems(objective))].filter((stem) => !own.has(stem) && !/\d/.test(stem)).sort();
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsIn(item));
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((item) => textsIn(item)) : [];
}

function attemptsOf({ plan, earlierSteps = [], calls }: FinishedGoal): Attempt[] {
  const steps = new Map([...earlierSteps, ...plan.steps].map((step) => [step.id, step]));
  const state = new Map<string, Fact>();
  return calls.slice(0, MOST_ATTEMPTS).flatMap(({ observation, analysis }) => {
    const step = steps.get(observation.stepId);
    const before = [...state.values()];
    if (worked(observation)) {
      observation.factsRemoved.forEach((fact) => state.delete(factKey(fact)));
      observation.factsAdded.forEach((fact) => state.set(factKey(fact), fact));
    }
    if (!step || observation.replayed) return [];
    return [attemptOf(step, observation, { next: analysis?.next ?? null, before })];
  });
}

function attemptOf(
  step: PlanStep,
  observation: Observation,
  { next, before }: { readonly next: Attempt['next']; readonly before: readonly Fact[] },
): Attempt {
  const { error, outcome, tool, durationMs, costUsd } = observation;
  const template = error ? errorTemplate(error.message) : '';
  return {
    ...{ stepId: step.id, operator: step.operator, tool, outcome, durationMs, costUsd, next },
    tools: [...new Set(step.tools.map((binding) => binding.tool))],
    context: contextBucket(step.args),
    error: error && {
      ...{
        kind: error.kind,
        duration: error.duration,
        code: error.code,
        ...(error.blame ? { blame: error.blame } : {}),
      },
      template,
      signature: errorSignature(error.code, template),
    },
    facts: before.flatMap((fact) => inTermsOf(fact, step.args)).slice(0, MOST_FACTS),
  };
}

/** The fact with its arguments named after the step's (`$source`), or nothing when one of them is no argument of the step. */
function inTermsOf(fact: Fact, args: JsonObject): Literal[] {
  const lifted = fact.args.map((value) => nameOf(value, args));
  return lifted.includes(null) ? [] : [{ predicate: fact.predicate, args: lifted }];
}

function nameOf(value: Json, args: JsonObject): string | null {
  const text = canonicalJson(value);
  const name = Object.keys(args)
    .sort()
    .find((key) => args[key] !== undefined && canonicalJson(args[key] ?? null) === text);
  return name === undefined ? null : `$${name}`;
}

/** Methods that were tried, and whether each led to what was asked for; a goal's failure is laid at the methods above the failure. */
function choicesOf({ plan, calls, verified }: FinishedGoal): GoalEvidence['choices'] {
  const lastFailure = calls.findLast(({ observation }) => observation.outcome === 'failure');
  const failed = verified ? null : (plan.steps.find(({ id }) => id === lastFailure?.observation.stepId) ?? null);
  // What was wrong with the request, or around the tools, is not the way's fault.
  const isOfTheWay = speaksOfTool(lastFailure?.observation.error ?? null);
  const tasks = new Map(plan.choices.map(({ lineage, task }) => [lineage, task]));
  const given = plan.choices
    .filter(({ lineage }) => verified || (isOfTheWay && (failed === null || isWithin(failed.lineage, lineage))))
    .map(({ task, method }) => ({ task, method, worked: verified }));
  const left = (plan.avoids?.choices ?? []).flatMap(({ lineage, method }) => {
    const task = tasks.get(lineage);
    return task === undefined ? [] : [{ task, method, worked: false }];
  });
  return [...given, ...left];
}

/** True for a place itself and for those below it: `a/b:way/c` is in `a/b`, `a/bc` is not. */
function isWithin(lineage: string, place: string): boolean {
  return lineage.startsWith(place) && ['', ':', '/', '['].includes(lineage.charAt(place.length));
}

/** The steps of a verified plan with constants lifted; none when something cannot be lifted. */
function doneSteps(plan: Plan): DoneStep[] {
  if (plan.steps.length > MOST_STEPS) return [];
  const place = new Map(plan.steps.map(({ id }, index) => [id, index]));
  const steps = plan.steps.map((step): DoneStep => {
    const lift = (value: Json): Json => lifted(value, plan.task.args, place);
    const facts = (list: readonly Literal[]): Literal[] => list.map((fact) => ({ ...fact, args: fact.args.map(lift) }));
    const args = Object.fromEntries(Object.entries(step.args).map(([name, value]) => [name, lift(value)]));
    return { operator: step.operator, args, when: facts(step.when), adds: facts(step.adds) };
  });
  const isSafe = steps.every(({ args, when, adds }) =>
    [args, ...when.map((fact) => fact.args), ...adds.map((fact) => fact.args)].every(
      (value) => isStructural(value as Json) && findSecrets(value as Json).length === 0,
    ),
  );
  return isSafe ? steps : [];
}

/** `$name` for what equals an argument of the task, `{$result: n, path}` for the result of the n-th step. */
function lifted(value: Json, taskArgs: JsonObject, place: ReadonlyMap<string, number>): Json {
  const name = nameOf(value, taskArgs);
  if (name !== null) return name;
  const from = readFrom(value);
  if (from) return { $result: place.get(from.step) ?? -1, path: from.path };
  if (Array.isArray(value)) return value.map((item: Json) => lifted(item, taskArgs, place));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lifted(item, taskArgs, place)]));
}
