import { causesOf } from './axioms';
import type { AxiomDef } from './pack';
import type { Fact, CausalLink } from './plan';
import type { FoundChoice, FoundStep } from './search';
import { BUILT_IN_PREDICATES, factKey, type State } from './state';
import { sourcesIn } from './terms';

/** Which steps must come before which, and why; steps by their index in the plan's order. */
export interface Ordering {
  /** For each step the indices of its direct predecessors, ascending. */
  readonly after: readonly (readonly number[])[];
  readonly links: readonly { readonly from: number | null; readonly to: number; readonly fact: Fact }[];
}

/**
 * Relaxes the order in which the search placed the steps to what is needed: the order that methods demand, data that
 * one step takes from another, facts that one gives another, and facts that one would spoil for another.
 *
 * @param yieldOf index of the step whose result a member of a method stands for
 */
export function orderOf(
  found: {
    readonly steps: readonly FoundStep[];
    readonly choices: readonly FoundChoice[];
    readonly axioms?: readonly AxiomDef[];
  },
  initial: State,
  yieldOf: (lineage: string) => number | null,
): Ordering {
  const { steps, choices } = found;
  const edges = steps.map(() => new Set<number>());
  demandedOrder(steps, choices, edges);
  steps.forEach((step, index) => {
    for (const lineage of sourcesIn(step.args)) {
      const source = yieldOf(lineage);
      if (source !== null) edges[index]?.add(source);
    }
  });
  const links = new FactOrder(initial, edges, found.axioms ?? []).run(steps, choices);
  return { after: reduce(edges), links };
}

/** What `after` demands of the steps themselves and of all that they belong to. */
function demandedOrder(
  steps: readonly FoundStep[],
  choices: readonly FoundChoice[],
  edges: readonly Set<number>[],
): void {
  const below = new Map<string, number[]>();
  steps.forEach((step, index) => {
    for (const key of step.node.keys) below.set(key, [...(below.get(key) ?? []), index]);
  });
  const emptyTasks = new Map(choices.flatMap((choice) => choice.node.keys.map((key) => [key, choice])));
  // A member without steps hands its predecessors on.
  const stepsOf = (key: string): readonly number[] => {
    const own = below.get(key);
    if (own) return own;
    return (emptyTasks.get(key)?.node.before ?? []).flatMap(stepsOf);
  };
  steps.forEach((step, index) => {
    for (let node: FoundStep['node'] | null = step.node; node; node = node.parent) {
      for (const previous of node.before.flatMap(stepsOf)) edges[index]?.add(previous);
    }
  });
}

interface FactUse {
  adders: number[];
  deleters: number[];
  readers: number[];
  deniers: number[];
}

/** Follows every fact through the plan and notes who gives, needs and spoils it. */
class FactOrder {
  private readonly uses = new Map<string, FactUse>();
  private readonly links: Ordering['links'][number][] = [];

  constructor(
    private readonly initial: State,
    private readonly edges: readonly Set<number>[],
    private readonly axioms: readonly AxiomDef[],
  ) {}

  run(steps: readonly FoundStep[], choices: readonly FoundChoice[]): Ordering['links'] {
    for (let at = 0; at <= steps.length; at += 1) {
      for (const choice of choices) if (choice.at === at) this.conditions(choice, steps);
      const step = steps[at];
      if (step) this.step(step, at);
    }
    return this.links;
  }

  /** The conditions of a method are needed by the steps it leads to; the link names the first of them. */
  private conditions(choice: FoundChoice, steps: readonly FoundStep[]): void {
    const own = choice.node.keys.at(-1) ?? '';
    const members = steps.flatMap((step, index) => (step.node.keys.includes(own) ? [index] : []));
    const first = members[0];
    for (const literal of choice.when) {
      if (isBuiltIn(literal.predicate) || first === undefined) continue;
      const causes = causesOf(literal.predicate, this.axioms);
      if (causes.size > 0) {
        this.derived(causes, { steps, members, before: choice.at });
        continue;
      }
      const use = this.use(literal);
      if (literal.not) {
        for (const member of members) this.edge(use.deleters.at(-1), member);
        continue;
      }
      const giver = this.giver(literal);
      for (const member of members) this.edge(giver ?? undefined, member);
      this.links.push({ from: giver, to: first, fact: { predicate: literal.predicate, args: literal.args } });
    }
  }

  /** A derived fact is known once everything before has changed what it follows from. */
  private derived(
    causes: ReadonlySet<string>,
    at: { readonly steps: readonly FoundStep[]; readonly members: readonly number[]; readonly before: number },
  ): void {
    at.steps.slice(0, at.before).forEach(({ adds, deletes }, index) => {
      if (![...adds, ...deletes].some(({ predicate }) => causes.has(predicate))) return;
      for (const member of at.members) this.edge(index, member);
    });
  }

  private step(step: FoundStep, index: number): void {
    for (const literal of step.when) {
      if (isBuiltIn(literal.predicate)) continue;
      const use = this.use(literal);
      if (literal.not) {
        this.edge(use.deleters.at(-1), index);
        use.deniers.push(index);
      } else {
        const giver = this.giver(literal);
        this.edge(giver ?? undefined, index);
        this.links.push({ from: giver, to: index, fact: { predicate: literal.predicate, args: literal.args } });
        use.readers.push(index);
      }
    }
    const added = new Set(step.adds.map(factKey));
    for (const fact of step.deletes) {
      if (added.has(factKey(fact))) continue;
      const use = this.use(fact);
      for (const other of [...use.readers, ...use.adders]) this.edge(other, index);
      use.deleters.push(index);
    }
    for (const fact of step.adds) {
      const use = this.use(fact);
      for (const other of [...use.deleters, ...use.deniers]) this.edge(other, index);
      use.adders.push(index);
    }
  }

  /** Who gives a fact that holds now: the start, unless it was spoilt since; else the last step that added it. */
  private giver(fact: Fact): number | null {
    const use = this.use(fact);
    if (this.initial.has(factKey(fact)) && use.deleters.length === 0) return null;
    return use.adders.at(-1) ?? null;
  }

  private use(fact: Fact): FactUse {
    const key = factKey(fact);
    const known = this.uses.get(key);
    if (known) return known;
    const fresh = { adders: [], deleters: [], readers: [], deniers: [] };
    this.uses.set(key, fresh);
    return fresh;
  }

  private edge(from: number | undefined, to: number): void {
    if (from !== undefined && from < to) this.edges[to]?.add(from);
  }
}

function isBuiltIn(predicate: string): boolean {
  return Object.hasOwn(BUILT_IN_PREDICATES, predicate);
}

/** Drops every edge that follows from others; edges point from later to earlier steps. */
function reduce(edges: readonly ReadonlySet<number>[]): number[][] {
  const words = Math.ceil(edges.length / 32);
  const reach = edges.map(() => new Uint32Array(words));
  return edges.map((before, index) => {
    const own = reach[index] ?? new Uint32Array(words);
    const kept: number[] = [];
    for (const other of [...before].sort((a, b) => b - a)) {
      if (((own[other >>> 5] ?? 0) >>> (other & 31)) & 1) continue;
      kept.push(other);
      const further = reach[other] ?? new Uint32Array(words);
      for (let word = 0; word < words; word += 1) own[word] = (own[word] ?? 0) | (further[word] ?? 0);
      own[other >>> 5] = (own[other >>> 5] ?? 0) | (1 << (other & 31));
    }
    return kept.sort((a, b) => a - b);
  });
}

/**
 * The order without some of the steps: what was observed stands among the steps while they are ordered, and is none of them.
 * A fact that it gave counts as given from the start.
 */
export function withoutSteps(order: Ordering, without: ReadonlySet<number>): Ordering {
  const kept = order.after.flatMap((_, index) => (without.has(index) ? [] : [index]));
  const place = new Map(kept.map((index, position) => [index, position]));
  const places = (indices: readonly number[]): number[] => indices.flatMap((index) => place.get(index) ?? []);
  return {
    after: kept.map((index) => places(order.after[index] ?? [])),
    links: order.links.flatMap(({ from, to, fact }) => {
      const target = place.get(to);
      return target === undefined ? [] : [{ from: from === null ? null : (place.get(from) ?? null), to: target, fact }];
    }),
  };
}

/** Links by step id. */
export function namedLinks(links: Ordering['links'], idOf: (index: number) => string): CausalLink[] {
  return links.map(({ from, to, fact }) => ({ from: from === null ? null : idOf(from), to: idOf(to), fact }));
}
