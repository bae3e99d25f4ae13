import { canonicalJson, type Json } from '../../json';
import type { DomainPack, Fact, Literal } from '../pack';
import { World } from '../pddl-plan/world';
import type { Atom } from '../pddl/model';
import type { Plan, PlanStep, Surprise } from '../plan';
import { fillTemplate } from '../template';
import type { PlanProblem } from '../validate-plan';
import { KnownTruth, type Truth } from './known-truth';
import { paramName } from './pack-of-domain';
import type { PddlGoal } from './problem-of-goal';

const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value : canonicalJson(value ?? null));
const keyOf = ({ predicate, args }: Fact | Atom): string =>
  [predicate, ...args].map((part) => wordOf(part).toLowerCase()).join(' ');

type Event = PlanStep | Surprise;

/** Judges each step of a plan over a planning domain by itself: what it needs and does, and that no order can spoil it. */
export class StepCheck {
  private readonly before = new Map<string, Set<string>>();
  /** Who adds and who deletes a fact, by its key. */
  private readonly writers = new Map<string, { adders: Event[]; deleters: Event[] }>();
  private readonly touched: ReadonlySet<string>;
  private readonly initial: ReadonlySet<string>;
  private readonly surprises: readonly Surprise[];

  constructor(
    private readonly plan: Plan,
    private readonly pack: DomainPack,
    private readonly goal: PddlGoal,
  ) {
    this.surprises = plan.avoids?.surprises ?? [];
    const changes = [...plan.steps, ...this.surprises];
    for (const event of changes) {
      for (const fact of event.adds) this.writersOf(fact).adders.push(event);
      for (const fact of event.deletes) this.writersOf(fact).deleters.push(event);
    }
    this.touched = new Set(this.writers.keys());
    this.initial = new Set(goal.problem.init.map(keyOf));
    for (const { id, after } of plan.steps) {
      const own = new Set(after.flatMap((other) => [other, ...(this.before.get(other) ?? [])]));
      for (const surprise of this.surprises)
        if (!surprise.after.includes(id)) surprise.after.forEach((one) => own.add(one));
      this.before.set(id, own);
    }
  }

  private writersOf(fact: Fact): { adders: Event[]; deleters: Event[] } {
    const key = keyOf(fact);
    const known = this.writers.get(key) ?? { adders: [], deleters: [] };
    this.writers.set(key, known);
    return known;
  }

  check(step: PlanStep): PlanProblem[] {
    return [...this.shape(step), ...this.settled(step), ...this.threats(step)];
  }

  /** Every link is true: its giver adds the fact and comes before the taker. */
  links(): PlanProblem[] {
    return this.plan.links.flatMap(({ from, to, fact }): PlanProblem[] => {
      const giver = this.plan.steps.find(({ id }) => id === from);
      const adds = (facts: readonly Fact[]): boolean => facts.some((one) => keyOf(one) === keyOf(fact));
      const seen = this.surprises.some((one) => adds(one.adds) && !one.after.includes(to));
      const gives = from === null ? this.initial.has(keyOf(fact)) || seen : adds(giver?.adds ?? []);
      if (gives && this.before.has(to) && (from === null || this.before.get(to)?.has(from))) return [];
      const message = `the link of ${textOf(fact)} from ${from ?? 'the start'} to ${to} does not hold`;
      return [{ code: 'plan.reference', stepId: to, message }];
    });
  }

  /** What methods demand of the order is kept by `after`, whatever is listed first. */
  demanded(waits: readonly (readonly [string, string])[]): PlanProblem[] {
    const parts = new Map<string, PlanStep[]>();
    for (const step of this.plan.steps)
      for (const lineage of lineagesOf(step)) parts.set(lineage, [...(parts.get(lineage) ?? []), step]);
    const below = (lineage: string): readonly PlanStep[] => parts.get(lineage) ?? [];
    return closure(waits).flatMap(([first, second]) =>
      below(second).flatMap(({ id, label }) =>
        below(first)
          .filter((other) => !this.before.get(id)?.has(other.id))
          .map((other): PlanProblem => ({
            code: 'plan.order',
            stepId: id,
            message: `"${label}" must come after "${other.label}", as its method says, and may not`,
          })),
      ),
    );
  }

  /** Arguments and tools as the pack binds them. */
  private shape({ id, label, operator, args, tools, checks }: PlanStep): PlanProblem[] {
    const definition = this.pack.operators.find(({ name }) => name === operator);
    if (!definition) return [broken(id, `"${label}" has no operator in ${this.pack.name}`)];
    const own = new Set(definition.params.map(({ name }) => name));
    const shared = Object.keys(args).filter((name) => !this.isObject(operator, name));
    const foreign = shared.filter((name) => !own.has(name) || !same(args[name], this.plan.task.args[name]));
    const wanted = definition.tools.map(({ tool, args: template }) => ({
      tool,
      args: fillTemplate(template, args) ?? {},
    }));
    const expected = (definition.checks ?? []).map((one) => ({
      ...one,
      ...(one.equals === undefined ? {} : { equals: fillTemplate(one.equals, args) ?? null }),
      ...(one.otherwise
        ? { otherwise: one.otherwise.map((fact) => ({ ...fact, args: fillTemplate([...fact.args], args) ?? [] })) }
        : {}),
    }));
    return [
      ...foreign.map((name) => broken(id, `"${label}" has the argument ${name}, which the goal does not give it`)),
      ...(same(
        tools.map(({ tool, args: given }) => ({ tool, args: given })),
        wanted,
      )
        ? []
        : [broken(id, `"${label}" should have the tools ${JSON.stringify(wanted)}`)]),
      ...(same(checks ?? [], expected) ? [] : [broken(id, `"${label}" does not have the checks of its operator`)]),
    ];
  }

  private isObject(operator: string, param: string): boolean {
    const action = this.goal.domain.actions.find(({ name }) => operator === `${this.pack.name}.${name}`);
    return action?.params.some(({ name }) => paramName(name) === param) ?? false;
  }

  /** The listed conditions alone settle that the action can be done and what it does. */
  private settled(step: PlanStep): PlanProblem[] {
    const action = this.goal.domain.actions.find(({ name }) => step.operator === `${this.pack.name}.${name}`);
    if (!action) return [];
    const values = action.params.map(({ name }) => wordOf(step.args[paramName(name)]).toLowerCase());
    const binding = new Map(action.params.map(({ name }, index) => [name, values[index] ?? '']));
    const truth = this.truthWith(step.when);
    if (truth.of(action.precondition, binding) !== true) {
      const message = `the conditions of "${step.label}" do not ensure the precondition of ${action.name}`;
      return [{ code: 'plan.precondition', stepId: step.id, message }];
    }
    const effect = truth.effect(action.effect, binding);
    if (!effect) return [broken(step.id, `the conditions of "${step.label}" leave open what it does`)];
    const added = new Set(effect.adds.map(keyOf));
    const deleted = new Set(effect.deletes.map(keyOf).filter((key) => !added.has(key)));
    return sameSet(added, step.adds.map(keyOf)) && sameSet(deleted, step.deletes.map(keyOf))
      ? []
      : [broken(step.id, `"${step.label}" does not have the effects of ${action.name}`)];
  }

  /** What the conditions of a step tell of the world: of what the plan changes nothing else is known. */
  private truthWith(when: readonly Literal[]): KnownTruth {
    const told = new Map(when.map((literal) => [keyOf(literal), literal.not !== true]));
    const truthOf = (atom: Atom): Truth => {
      const key = keyOf(atom);
      return told.get(key) ?? (this.touched.has(key) ? null : this.initial.has(key));
    };
    let world: World | null = null;
    const derived = (atom: Atom): Truth => {
      if (!this.isDerivationKnown(atom.predicate, told)) return null;
      world ??= this.worldWith(told);
      return world.has(atom.predicate, atom.args);
    };
    return new KnownTruth(this.goal.domain, this.goal.problem, truthOf, derived);
  }

  private isDerivationKnown(predicate: string, told: ReadonlyMap<string, boolean>): boolean {
    const names = new Set([predicate]);
    for (const name of names)
      for (const axiom of this.goal.domain.axioms)
        if (axiom.name === name)
          for (const match of JSON.stringify(axiom.condition).matchAll(/"predicate":"([^"]+)"/g))
            names.add(match[1] ?? '');
    return [...this.touched].every((key) => !names.has(key.split(' ')[0] ?? '') || told.has(key));
  }

  private worldWith(told: ReadonlyMap<string, boolean>): World {
    const kept = this.goal.problem.init.filter((atom) => told.get(keyOf(atom)) !== false);
    const more = [...told].flatMap(([key, holds]): Atom[] => {
      const [predicate = '', ...args] = key.split(' ');
      return holds ? [{ predicate, args }] : [];
    });
    return new World(this.goal.domain, { ...this.goal.problem, init: [...kept, ...more] });
  }

  /** A condition is safe when somebody who surely comes before makes it true and nobody can undo that in between. */
  private threats(step: PlanStep): PlanProblem[] {
    return step.when
      .filter((literal) => !this.isSafe(literal, step))
      .map((literal): PlanProblem => ({
        code: 'plan.order',
        stepId: step.id,
        message: `${literal.not ? 'not ' : ''}${textOf(literal)} may be missing when "${step.label}" runs: the order allows it`,
      }));
  }

  private isSafe(literal: Literal, step: PlanStep): boolean {
    const key = keyOf(literal);
    const { adders, deleters } = this.writers.get(key) ?? { adders: [], deleters: [] };
    const [makers, breakers] = literal.not ? [deleters, adders] : [adders, deleters];
    const spoilers = breakers.filter((other) => other !== step && !makers.includes(other));
    const isClear = (maker: Event | null): boolean =>
      spoilers.every((other) => this.precedes(step, other) || (maker !== null && this.precedes(other, maker)));
    if (this.initial.has(key) !== (literal.not ?? false) && isClear(null)) return true;
    return makers.some((maker) => this.precedes(maker, step) && isClear(maker));
  }

  /** Whether the first surely happens before the second; surprises follow each other as they are listed. */
  private precedes(first: PlanStep | Surprise, second: PlanStep | Surprise): boolean {
    if (first === second) return false;
    if ('id' in first)
      return 'id' in second ? (this.before.get(second.id)?.has(first.id) ?? false) : second.after.includes(first.id);
    if ('id' in second) return !first.after.includes(second.id);
    return this.surprises.indexOf(first) < this.surprises.indexOf(second);
  }
}

/** The step's own lineage and those of all that it belongs to. */
function lineagesOf({ lineage }: PlanStep): string[] {
  const found = [lineage];
  for (let at = lineage.lastIndexOf(':'); at > 0; at = lineage.lastIndexOf(':', at - 1))
    found.push(lineage.slice(0, at));
  return found;
}

function closure(pairs: readonly (readonly [string, string])[]): [string, string][] {
  const after = new Map<string, Set<string>>();
  for (const [first, second] of pairs) after.set(first, (after.get(first) ?? new Set()).add(second));
  for (const own of after.values()) for (const next of own) after.get(next)?.forEach((further) => own.add(further));
  return [...after].flatMap(([first, own]) => [...own].map((second): [string, string] => [first, second]));
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson((a ?? null) as Json) === canonicalJson((b ?? null) as Json);
}

function sameSet(a: ReadonlySet<string>, b: readonly string[]): boolean {
  return a.size === new Set(b).size && b.every((key) => a.has(key));
}

function textOf({ predicate, args }: Fact): string {
  return `${predicate}(${args.map(wordOf).join(', ')})`;
}

function broken(stepId: string, message: string): PlanProblem {
  return { code: 'plan.decomposition', stepId, message };
}
