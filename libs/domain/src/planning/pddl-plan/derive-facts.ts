import type { Atom, Axiom, Condition, Typed } from '../pddl/model';
import { isVariable, negate, predicatesOf, valuesOf } from './conditions';
import { findBinding } from './evaluate';
import type { World } from './world';

/** One way in which an axiom can make its fact true: objects for the variables under which all parts hold. */
interface Rule {
  readonly head: Axiom;
  readonly vars: readonly Typed[];
  readonly parts: readonly Condition[];
  /** Parts that are facts of the rule's own level: what is new among them is where new facts can come from. */
  readonly own: readonly Atom[];
  /** Whether the level is asked in other ways too, so that every round must look everywhere. */
  readonly isOpaque: boolean;
}

/** More alternatives than this are left as one part. */
const MAX_ALTERNATIVES = 64;

/** Axioms that may lean on each other, made ready for working out their facts. */
export class DerivedLevel {
  private readonly rules: readonly Rule[];

  constructor(axioms: readonly Axiom[]) {
    const names = new Set(axioms.map(({ name }) => name));
    this.rules = axioms.flatMap((axiom) => rulesOf(axiom, names));
  }

  /**
   * Works out all facts of the level. After the first round only what follows from the facts of the round before is looked for.
   *
   * @param add keeps a fact where the world sees it; false when it was known
   */
  derive(world: World, add: (fact: Atom) => boolean): void {
    let fresh = this.rules.flatMap((rule) => matches(world, rule, new Map())).filter(add);
    while (fresh.length > 0) {
      const byPredicate = new Map<string, Atom[]>(fresh.map(({ predicate }) => [predicate, []]));
      for (const fact of fresh) byPredicate.get(fact.predicate)?.push(fact);
      fresh = this.rules.flatMap((rule) => follow(world, rule, byPredicate)).filter(add);
    }
  }
}

function follow(world: World, rule: Rule, fresh: ReadonlyMap<string, readonly Atom[]>): Atom[] {
  if (rule.isOpaque) return matches(world, rule, new Map());
  return rule.own.flatMap((atom) =>
    (fresh.get(atom.predicate) ?? []).flatMap((fact) => {
      const binding = bind(world, rule, atom, fact);
      return binding ? matches(world, rule, binding) : [];
    }),
  );
}

function matches(world: World, { head, vars, parts }: Rule, binding: ReadonlyMap<string, string>): Atom[] {
  const found: Atom[] = [];
  const args = head.params.map(({ name }) => name);
  const open = vars.filter(({ name }) => !binding.has(name));
  findBinding(world, { open, condition: { kind: 'and', parts }, binding }, (full) => {
    found.push({ predicate: head.name, args: valuesOf(args, full) });
    return false;
  });
  return found;
}

/** The variables of an atom as a fact has them; null when the fact is not of its form. */
function bind(world: World, { vars }: Rule, { args }: Atom, fact: Atom): Map<string, string> | null {
  if (fact.args.length !== args.length) return null;
  const binding = new Map<string, string>();
  for (const [index, term] of args.entries()) {
    const object = fact.args[index] ?? '';
    const value = isVariable(term) ? binding.get(term) : term;
    if (value !== undefined && value !== object) return null;
    if (isVariable(term)) binding.set(term, object);
  }
  const isTyped = vars.every(({ name, types }) => world.isOfType(binding.get(name) ?? '', types) || !binding.has(name));
  return isTyped ? binding : null;
}

function rulesOf(head: Axiom, level: ReadonlySet<string>): Rule[] {
  const isOwn = (part: Condition): part is Condition & { kind: 'atom' } =>
    part.kind === 'atom' && level.has(part.atom.predicate);
  return alternatives(head.condition, head.params).map(({ vars, parts }) => {
    const others = parts.filter((part) => !isOwn(part));
    const isOpaque = others.some((part) => predicatesOf(part).some(({ predicate }) => level.has(predicate)));
    return { head, vars, parts, own: parts.filter(isOwn).map(({ atom }) => atom), isOpaque };
  });
}

interface Alternative {
  readonly vars: readonly Typed[];
  readonly parts: readonly Condition[];
}

/** A condition as alternatives of parts that must all hold, with the variables of its `exists` among those to be bound. */
function alternatives(condition: Condition, vars: readonly Typed[]): Alternative[] {
  const whole = [{ vars, parts: [condition] }];
  switch (condition.kind) {
    case 'true':
      return [{ vars, parts: [] }];
    case 'or': {
      const all = condition.parts.flatMap((part) => alternatives(part, vars));
      return all.length > MAX_ALTERNATIVES ? whole : all;
    }
    case 'and':
      return conjunction(condition.parts, vars) ?? whole;
    case 'imply':
      return alternatives({ kind: 'or', parts: [negate(condition.if), condition.then] }, vars);
    case 'exists': {
      const taken = new Set(vars.map(({ name }) => name));
      const isHidden = condition.vars.some(({ name }) => taken.has(name));
      return isHidden ? whole : alternatives(condition.of, [...vars, ...condition.vars]);
    }
    case 'not': {
      const opened = negate(condition.of);
      return opened.kind === 'not' || condition.of.kind === 'atom' ? whole : alternatives(opened, vars);
    }
    default:
      return whole;
  }
}

function conjunction(parts: readonly Condition[], vars: readonly Typed[]): Alternative[] | null {
  let all: Alternative[] = [{ vars, parts: [] }];
  for (const part of parts) {
    all = all.flatMap((before) =>
      alternatives(part, before.vars).map((more) => ({ vars: more.vars, parts: [...before.parts, ...more.parts] })),
    );
    if (all.length > MAX_ALTERNATIVES) return null;
  }
  return all;
}
