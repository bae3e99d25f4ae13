import type { Json, JsonObject } from '../json';
import { plural } from '../counting';
import { featureBucket, isBucketOf } from '../learning/buckets';
import { type Learned, type Lesson, lessonsOf, type Macro } from '../learning/lesson';
import type { MethodStat } from '../memory/memory';
import { checkReferences } from './check-references';
import type { TaskRequest } from '../goals/goal';
import type { DomainPack, Literal, MethodDef } from './pack';
import type { Plan, PlanLesson } from './plan';
import { isObject } from './terms';

/** A pack with what lessons add to it for one goal. */
export interface TaughtPack {
  readonly pack: DomainPack;
  readonly methodStats: readonly MethodStat[];
  /** Preconditions that operators seem to lack, by operator: plans that meet them are looked for first. */
  readonly hypotheses: ReadonlyMap<string, readonly Literal[]>;
  /** The methods that lessons added. */
  readonly added: readonly MethodDef[];
  readonly lessons: readonly Lesson[];
}

/** A learned method is tried before the cheapest of the pack: that it worked, and is shorter, is why it was learned. */
const CHEAPER = 0.9;

/**
 * Applies what goals taught to a pack. A macro that does not fit the pack as it is now, because an operator or a parameter is no
 * longer there, is left out, as is a preference for goals of another shape.
 */
export function taughtPack(
  pack: DomainPack,
  request: TaskRequest,
  { learned, methodStats = [] }: { readonly learned?: Learned; readonly methodStats?: readonly MethodStat[] },
): TaughtPack {
  if (!learned || learned.arm === 'off' || learned.lessons.length === 0)
    return { pack, methodStats, hypotheses: new Map(), added: [], lessons: [] };
  const macros = lessonsOf(learned, 'macro').flatMap((lesson) => {
    const method = methodOf(lesson.body, pack);
    return method ? [{ lesson, method }] : [];
  });
  const bucket = featureBucket(request.args);
  const known = lessonsOf(learned, 'method_preference').filter(({ body }) => isBucketOf(body.bucket, bucket));
  // What is known of goals of this very shape goes before what is known of those with the same arguments.
  const preferences = known.filter(
    ({ body }) =>
      body.bucket === bucket ||
      !known.some(({ body: own }) => own.bucket === bucket && own.task === body.task && own.method === body.method),
  );
  const repairs = lessonsOf(learned, 'operator_repair').filter(({ body }) =>
    pack.operators.some(({ name }) => name === body.operator),
  );
  const hypotheses = new Map<string, Literal[]>();
  for (const { body } of repairs)
    hypotheses.set(body.operator, [...(hypotheses.get(body.operator) ?? []), body.missing]);
  const isTold = ({ task, method }: MethodStat): boolean =>
    preferences.some(({ body }) => body.task === task && body.method === method);
  return {
    pack: { ...pack, methods: [...macros.map(({ method }) => method), ...pack.methods] },
    methodStats: [...methodStats.filter((stat) => !isTold(stat)), ...preferences.map(({ body }) => body)],
    hypotheses,
    added: macros.map(({ method }) => method),
    lessons: [...macros.map(({ lesson }) => lesson), ...preferences, ...repairs],
  };
}

/** A macro as a method of the pack; null when the pack would not be sound with it. */
function methodOf(macro: Macro, pack: DomainPack): MethodDef | null {
  const rivals = pack.methods.filter(({ task }) => task === macro.task);
  const task = pack.tasks.find(({ name }) => name === macro.task);
  if (!task || rivals.length === 0 || rivals.some(({ name }) => name === macro.name)) return null;
  if (macro.params.some((name) => !task.params.some((param) => param.name === name))) return null;
  const ids = macro.steps.map((_, index) => `s${index}`);
  const method: MethodDef = {
    name: macro.name,
    task: macro.task,
    summary: 'learned from goals that were verified',
    // It was learned from goals with these arguments and no others: for one with more it would pass them over.
    when: [...task.params.map(({ name }) => givenOrNot(name, macro.params.includes(name))), ...macro.when],
    subtasks: macro.steps.map(({ operator, args }, index) => ({
      id: ids[index] ?? '',
      task: operator,
      args: withResults(args) as JsonObject,
      ...(index === 0 ? {} : { after: [ids[index - 1] ?? ''] }),
    })),
    cost: Math.min(...rivals.map(({ cost }) => cost)) * CHEAPER,
  };
  return checkReferences({ ...pack, methods: [...pack.methods, method] }).length === 0 ? method : null;
}

function givenOrNot(name: string, isGiven: boolean): Literal {
  return { predicate: 'given', args: [`$${name}`], ...(isGiven ? {} : { not: true }) };
}

/** `{"$result": 2, "path": "a.b"}`, the result of another step of the macro, as a reference between members. */
function withResults(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withResults(item));
  if (!isObject(value)) return value;
  const { $result: step, path } = value;
  if (typeof step === 'number' && typeof path === 'string') return `{{steps.s${step}${path === '' ? '' : `.${path}`}}}`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withResults(item)]));
}

/** Which of the lessons had a say in a plan, and what they did; and the methods it brings along because of them. */
export function lessonsIn(
  plan: Plan,
  taught: TaughtPack,
  orderOf: (methods: readonly MethodDef[], stats: readonly MethodStat[]) => readonly MethodDef[],
  before: { readonly pack: DomainPack; readonly methodStats: readonly MethodStat[] },
): Pick<Plan, 'lessons' | 'ownMethods'> {
  const lessons = taught.lessons.flatMap((lesson): PlanLesson[] => {
    if (lesson.kind === 'macro') {
      const { task, name, steps } = lesson.body;
      const isUsed = plan.choices.some((choice) => choice.task === task && choice.method === name);
      return isUsed
        ? [
            {
              id: lesson.id,
              kind: 'macro',
              change: `does ${task} by ${plural(steps.length, 'step')} that worked before`,
            },
          ]
        : [];
    }
    if (lesson.kind === 'method_preference') {
      const { task } = lesson.body;
      const names = (methods: readonly MethodDef[]): string => methods.map(({ name }) => name).join(', ');
      const own = before.pack.methods.filter((method) => method.task === task);
      const [now, then] = [names(orderOf(own, taught.methodStats)), names(orderOf(own, before.methodStats))];
      const isAsked = plan.choices.some((choice) => choice.task === task);
      return isAsked && now !== then
        ? [{ id: lesson.id, kind: 'method_preference', change: `tries ${now} instead of ${then} for ${task}` }]
        : [];
    }
    if (lesson.kind !== 'operator_repair') return [];
    const { operator, missing } = lesson.body;
    const isUsed = plan.steps.some((step) => step.operator === operator);
    return isUsed
      ? [
          {
            id: lesson.id,
            kind: 'operator_repair',
            change: `looks first for plans in which ${missing.predicate} holds before ${operator}`,
          },
        ]
      : [];
  });
  const used = taught.added.filter(({ task, name }) =>
    plan.choices.some((one) => one.task === task && one.method === name),
  );
  return { ...(lessons.length > 0 ? { lessons } : {}), ...(used.length > 0 ? { ownMethods: used } : {}) };
}
