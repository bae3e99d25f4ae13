import { InvalidDefinitionError } from '../errors';
import type { TaskRequest } from '../goals/goal';
import { canonicalJson, type Json, type JsonObject } from '../json';
import { memberLineage } from './network';
import { namedLinks, orderOf, type Ordering } from './order';
import type { DomainPack, Literal, ResultCheck, SuccessPredicate, TaskDef } from './pack';
import type { Avoidance, Fact, MethodChoice, Plan, PlanStep } from './plan';
import type { FoundChoice, FoundStep } from './search';
import { groundLiteral, type State } from './state';
import { fill, fillObject, renameSources, type Bindings } from './terms';

/** What a repaired plan takes over from the one before. */
export interface Inheritance {
  readonly plan: Plan;
  readonly avoids: Avoidance;
  readonly reason: string;
  /** Ids of finished steps that are to be done again: never given to a step of this revision. */
  readonly redo?: readonly string[];
}

export interface Assembly {
  readonly pack: DomainPack;
  readonly task: TaskDef;
  readonly request: TaskRequest;
  readonly initial: State;
  readonly steps: readonly FoundStep[];
  readonly choices: readonly FoundChoice[];
  readonly inherits: Inheritance | null;
  /** The order of the steps, where it is known already. */
  readonly order?: Ordering;
}

/** Makes a plan of what the search found: ids, labels, order, links. */
export function assemblePlan(assembly: Assembly): Plan {
  const { steps, choices, inherits } = assembly;
  const yieldOf = yields(steps, choices);
  const ids = new Identities(inherits);
  const idOf = (lineage: string): string => {
    const index = yieldOf(lineage);
    const id = index === null ? undefined : ids.given[index];
    if (id === undefined) throw noResult(lineage);
    return id;
  };
  const ground = steps.map((step) => {
    const args = renameSources(step.args, idOf) as JsonObject;
    return { step, args, id: ids.next(step, args) };
  });
  const order =
    assembly.order ?? orderOf({ steps, choices, axioms: assembly.pack.axioms ?? [] }, assembly.initial, yieldOf);
  const named = (index: number): string => ids.given[index] ?? '';
  const labels = labelsFor(ground, inherits?.plan.steps ?? []);
  const rename = (facts: readonly Literal[]): Literal[] =>
    facts.map((fact) => ({ ...fact, args: fact.args.map((arg) => renameSources(arg, idOf)) }));
  return {
    revision: (inherits?.plan.revision ?? 0) + 1,
    task: assembly.request,
    pack: { name: assembly.pack.name, version: assembly.pack.version },
    steps: ground.map(({ step, args, id }, index): PlanStep => ({
      id,
      label: labels[index] ?? id,
      summary: summaryOf(step, args),
      operator: step.operator.name,
      lineage: step.node.lineage,
      occurrence: Number(id.slice(id.lastIndexOf('#') + 1)),
      args,
      tools: step.operator.tools.map(({ tool, args: template }) => ({
        tool,
        args: fillObject(template, args, () => null),
      })),
      after: (order.after[index] ?? []).map(named),
      when: rename(step.when),
      adds: rename(step.adds),
      deletes: rename(step.deletes),
      ...(step.operator.checks ? { checks: step.operator.checks.map((check) => checkOf(check, args)) } : {}),
    })),
    links: namedLinks(order.links, named).map((link) => ({ ...link, fact: rename([link.fact])[0] as Fact })),
    choices: choices.map((choice) => choiceOf(choice, idOf)),
    success: assembly.task.success.map((predicate) => successOf(predicate, assembly.request.args)),
    reason: inherits?.reason ?? 'first plan',
    ...(inherits ? { avoids: inherits.avoids } : {}),
  };
}

/**
 * Whose result `{{steps.ID}}` means: a member that is a step gives its own; a member that was decomposed gives what
 * the last declared member of its method gives (of those that have steps); a repeated member what its last repetition gives.
 */
function yields(steps: readonly FoundStep[], choices: readonly FoundChoice[]): (lineage: string) => number | null {
  const lastStep = new Map<string, number>();
  steps.forEach((step, index) => {
    const known = lastStep.get(step.node.lineage);
    if (known === undefined || (steps[known]?.node.occurrence ?? 0) < step.node.occurrence)
      lastStep.set(step.node.lineage, index);
  });
  const byMember = new Map<string, FoundChoice[]>();
  for (const choice of choices) {
    const member = choice.lineage.replace(/\[\d+\]$/, '');
    byMember.set(member, [...(byMember.get(member) ?? []), choice]);
  }
  const indexOf = (choice: FoundChoice): number => Number(/\[(\d+)\]$/.exec(choice.lineage)?.[1] ?? 0);
  const find = (lineage: string): number | null => {
    const own = lastStep.get(lineage);
    if (own !== undefined) return own;
    const decomposed = [...(byMember.get(lineage) ?? [])].sort((a, b) => indexOf(b) - indexOf(a));
    for (const choice of decomposed) {
      for (const member of [...choice.definition.subtasks].reverse()) {
        const result = find(memberLineage(choice.lineage, choice.method, member.id));
        if (result !== null) return result;
      }
    }
    return null;
  };
  return find;
}

function noResult(lineage: string): InvalidDefinitionError {
  return new InvalidDefinitionError(
    `A method refers to the result of ${lineage}, which has no step in this plan`,
    { problems: [{ at: lineage, problem: 'referred to, but it was decomposed into nothing' }] },
    'Refer to a member that always has a step.',
  );
}

/**
 * Gives ids in plan order. A step that the revision before had, with the same arguments, keeps its id; an id that ran with
 * other arguments is never given again.
 */
class Identities {
  readonly given: string[] = [];
  private readonly known = new Map<string, string[]>();
  private readonly retired: ReadonlySet<string>;
  private readonly used = new Set<string>();

  constructor(inherits: Inheritance | null) {
    for (const step of inherits?.plan.steps ?? []) {
      if (inherits?.redo?.includes(step.id)) continue;
      const key = sameness(step.lineage, step.operator, step.args);
      this.known.set(key, [...(this.known.get(key) ?? []), step.id]);
    }
    this.retired = new Set(inherits?.avoids.retired);
  }

  next(step: FoundStep, args: JsonObject): string {
    const { lineage, occurrence } = step.node;
    const same = this.known.get(sameness(lineage, step.operator.name, args)) ?? [];
    let id = step.keepsId ?? same.find((candidate) => !this.used.has(candidate));
    for (let number = occurrence; id === undefined; number += 1) {
      const fresh = `${lineage}#${number}`;
      if (!this.used.has(fresh) && !this.retired.has(fresh)) id = fresh;
    }
    this.used.add(id);
    this.given.push(id);
    return id;
  }
}

function sameness(lineage: string, operator: string, args: JsonObject): string {
  return `${lineage} ${operator} ${canonicalJson(args)}`;
}

/** The member's id, counted from 1 where it repeats; where that is taken, with its parent's in front, then numbered. */
function labelsFor(ground: readonly { step: FoundStep; id: string }[], old: readonly PlanStep[]): string[] {
  const kept = new Map(old.map((step) => [step.id, step.label]));
  const used = new Set(ground.flatMap(({ id }) => kept.get(id) ?? []));
  return ground.map(({ step, id }) => {
    const before = kept.get(id);
    if (before !== undefined) return before;
    const { node } = step;
    const own = node.repeats ? `${node.member}-${node.occurrence + 1}` : node.member;
    const candidates = [own, ...(node.parent ? [`${node.parent.member}-${own}`] : [])];
    let label = candidates.find((candidate) => !used.has(candidate));
    for (let number = 2; label === undefined; number += 1) {
      if (!used.has(`${own}-${number}`)) label = `${own}-${number}`;
    }
    used.add(label);
    return label;
  });
}

/** The operator's summary with the arguments that a person can read. */
function summaryOf(step: FoundStep, args: JsonObject): string {
  const plain = Object.fromEntries(Object.entries(args).filter(([, value]) => typeof value !== 'object'));
  const text = fill(step.operator.summary, plain, () => null);
  return typeof text === 'string' ? text.trim() : step.operator.summary;
}

/** A post-condition with the arguments of its step. */
function checkOf(check: ResultCheck, args: JsonObject): ResultCheck {
  const none = (): Json => null;
  const equals: { equals?: Json } =
    check.equals === undefined ? {} : { equals: fill(check.equals, args, none) ?? null };
  const otherwise = check.otherwise?.map((literal) => groundLiteral(literal, args));
  return { ...check, ...equals, ...(otherwise ? { otherwise } : {}) };
}

function choiceOf(choice: FoundChoice, idOf: (lineage: string) => string): MethodChoice {
  const { lineage, task, method, alternatives, bindings, objects } = choice;
  const renamed: { bindings?: JsonObject } = bindings ? { bindings: renameSources(bindings, idOf) as JsonObject } : {};
  return { lineage, task, method, alternatives, ...renamed, ...(objects ? { objects } : {}) };
}

function successOf(predicate: SuccessPredicate, args: Bindings): SuccessPredicate {
  const none = (): Json => null;
  const summary = fill(predicate.summary, args, none);
  return {
    name: predicate.name,
    summary: typeof summary === 'string' ? summary : predicate.summary,
    args: fillObject(predicate.args, args, none),
  };
}
