import type { DomainPack, MethodDef, OperatorDef } from './pack';

/** A task that cannot be done here, and why. */
export interface Unavailable {
  readonly task: string;
  /** Tools that are named for it and not installed, in the order of the pack. */
  readonly missing: readonly string[];
  /** For people: `needs tool http.fetch, which this installation does not have`. */
  readonly reason: string;
}

/** What an installation can do of what its packs name. */
export interface Offer {
  /** The packs without what cannot be done: tool bindings, methods and tasks. A pack of which nothing is left is left out. */
  readonly packs: readonly DomainPack[];
  /** The tasks that can be asked for by name and cannot be done, in the order of the packs. */
  readonly unavailable: readonly Unavailable[];
}

/**
 * Takes out of packs what needs tools that are not there: bindings to them, operators without a binding, methods with such a
 * member, tasks without a method. What is left can be planned and validated as it is.
 *
 * @param tools names of the tools that are installed
 */
export function offerOf(packs: readonly DomainPack[], tools: readonly string[]): Offer {
  const known = new Set(tools);
  const key = tools.join(' ');
  const cut = packs.map((pack) => ({ whole: pack, left: leftOf(pack, known, key) }));
  return {
    packs: cut.map(({ left }) => left).filter(({ tasks }) => tasks.length > 0),
    unavailable: cut.flatMap(({ whole, left }) => {
      const able = new Set(left.tasks.map(({ name }) => name));
      const lost = whole.tasks.filter(({ name, success }) => success.length > 0 && !able.has(name));
      return lost.map(({ name }) => toUnavailable(name, whole, known));
    }),
  };
}

/** A pack is cut once for the tools that there are: every goal asks. */
const cuts = new WeakMap<DomainPack, { readonly key: string; readonly left: DomainPack }>();

function leftOf(pack: DomainPack, known: ReadonlySet<string>, key: string): DomainPack {
  const before = cuts.get(pack);
  if (before?.key === key) return before.left;
  const left = withoutMissing(pack, known);
  cuts.set(pack, { key, left });
  return left;
}

function withoutMissing(pack: DomainPack, known: ReadonlySet<string>): DomainPack {
  if (pack.pddl) return pack; // its primitives are bound when it is read
  const operators = pack.operators
    .map((operator) => ({ ...operator, tools: operator.tools.filter(({ tool }) => known.has(tool)) }))
    .filter(({ tools }) => tools.length > 0);
  const done = new Set(operators.map(({ name }) => name));
  // Tasks that name what they achieve need no method while there is something to do.
  if (done.size > 0) for (const { name, achieves = [] } of pack.tasks) if (achieves.length > 0) done.add(name);
  const methods = new Set<MethodDef>();
  // A task is done when one of its methods has done members alone; each round may make methods of other tasks possible.
  for (let before = -1; before < methods.size;) {
    before = methods.size;
    for (const method of pack.methods) {
      if (methods.has(method) || !method.subtasks.every(({ task }) => done.has(task))) continue;
      methods.add(method);
      done.add(method.task);
    }
  }
  return {
    ...pack,
    operators,
    methods: pack.methods.filter((method) => methods.has(method)),
    tasks: pack.tasks.filter(({ name }) => done.has(name)),
  };
}

function toUnavailable(task: string, pack: DomainPack, known: ReadonlySet<string>): Unavailable {
  const missing = missingFor(task, pack, known);
  if (missing.length === 0) return { task, missing, reason: 'has no method that ends: its parts wait for one another' };
  const named = missing.length === 1 ? `tool ${missing[0] ?? ''}` : `tools ${missing.join(', ')}`;
  return { task, missing, reason: `needs ${named}, which this installation does not have` };
}

/** The tools that the cheapest method of a task lacks, those of its parts too. */
function missingFor(task: string, pack: DomainPack, known: ReadonlySet<string>): string[] {
  const seen = new Set<string>();
  const missing = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const operator = pack.operators.find((one) => one.name === name);
    if (operator) lackingIn(operator, known).forEach((tool) => missing.add(tool));
    const [cheapest] = pack.methods.filter((one) => one.task === name).sort((a, b) => a.cost - b.cost);
    cheapest?.subtasks.forEach((member) => visit(member.task));
  };
  visit(task);
  return [...missing];
}

/** None while one of the bindings can be used. */
function lackingIn({ tools }: OperatorDef, known: ReadonlySet<string>): string[] {
  return tools.some(({ tool }) => known.has(tool)) ? [] : tools.map(({ tool }) => tool);
}
