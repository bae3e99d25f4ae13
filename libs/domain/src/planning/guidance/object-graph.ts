import type { Condition } from '../pddl/model';
import type { GroundProblem } from '../search-pddl/ground-problem';
import type { Lifted } from '../search-pddl/lifted';
import type { RelaxedPlan } from '../search-pddl/relaxed-plan';
import { scatter } from '../search-pddl/state';
import { hashText, mix } from './mix';

/** An atom of the graph: what it says and of which objects. */
interface Edge {
  readonly label: number;
  readonly args: readonly number[];
}

const LEVELS = 2;

/**
 * The objects of a problem as a graph in one state: atoms that hold, atoms that the goal asks for (done or missing), and actions of
 * the relaxed plan are its (hyper-)edges. Objects are coloured by Weisfeiler-Leman refinement over sets, not multisets, of
 * neighbours, so that colours do not depend on how many things of a kind there are.
 *
 * @see Chen, Trevizan and Thiébaux, Return to tradition: learning reliable heuristics with classical machine learning, ICAPS 2024
 * @see Yoon, Fern and Givan, Learning control knowledge for forward search planning, JMLR 9 (2008): relaxed plans as features
 */
export class ObjectGraph {
  /** Colour of each object by level; level 0 knows types and unary facts only. */
  readonly colours: readonly Int32Array[];
  /** What is said about each object by each level above 0: the edges it takes part in, with the colours of the others. */
  readonly messages: readonly (readonly Set<number>[])[];
  /** Hash of the facts without arguments. */
  nullary = 0;
  /** For each kind of atom and each kind of missing goal: which of them are more. */
  comparisons: readonly number[] = [];
  private readonly base: Int32Array;
  private readonly statics: Edge[] = [];
  private readonly staticPairs = new Map<number, number[]>();
  private readonly factEdges: (Edge | null)[];
  private readonly goalEdges: { readonly fact: number; readonly done: Edge; readonly missing: Edge }[] = [];
  private readonly operatorEdges: Edge[];
  private pairs = new Map<number, number[]>();
  private readonly count: number;
  /** Kinds of atoms that can come and go, and those among them that are missing goals. */
  private readonly kinds: readonly number[];
  private readonly wanted: readonly number[];

  constructor(lifted: Lifted, problem: GroundProblem) {
    const { world } = lifted;
    this.count = world.objects.length;
    this.base = baseColours(lifted);
    const facts = problem.facts;
    this.factEdges = facts.map(({ predicate, args, of }) =>
      predicate === '' || of >= 0 ? null : { label: hashText(predicate), args },
    );
    for (const fact of problem.goal) this.addGoal(problem, fact);
    this.wanted = [...new Set(this.goalEdges.map(({ missing }) => missing.label))];
    this.kinds = [...new Set([...this.factEdges.flatMap((edge) => edge?.label ?? []), ...this.wanted])];
    this.operatorEdges = problem.operators.map(({ task }) => {
      const instance = problem.tasks[task];
      return { label: hashText(`use ${instance?.name}`), args: instance?.args ?? [] };
    });
    for (const { predicate, args } of world.problem.init) {
      if (!world.isStatic(predicate)) continue;
      const edge = { label: hashText(predicate), args: args.map((name) => world.objectIds.get(name) ?? 0) };
      if (edge.args.length === 1) this.tint(this.base, edge);
      else this.statics.push(edge);
    }
    for (const edge of this.statics) this.pair(this.staticPairs, edge);
    this.colours = Array.from({ length: LEVELS + 1 }, () => new Int32Array(this.count));
    this.messages = Array.from({ length: LEVELS }, () => Array.from({ length: this.count }, () => new Set<number>()));
  }

  /** Looks at a state; the relaxed plan must be the one of that state. */
  read(words: Uint32Array, operators: readonly number[], relaxed: RelaxedPlan): void {
    const edges = this.edgesNow(words, operators, relaxed);
    const base = this.colours[0];
    if (!base) return;
    base.set(this.base);
    this.nullary = 0;
    this.pairs = new Map();
    for (const edge of edges) {
      if (edge.args.length === 0) this.nullary = (this.nullary + scatter(edge.label)) | 0;
      else if (edge.args.length === 1) this.tint(base, edge);
      else this.pair(this.pairs, edge);
    }
    this.comparisons = this.compare(edges);
    for (let level = 0; level < LEVELS; level += 1) this.refine(level, edges);
  }

  /** Labels of the edges that join two objects, with the places in which they stand. */
  *between(a: number, b: number): Generator<number> {
    const key = a * this.count + b;
    yield* this.staticPairs.get(key) ?? [];
    yield* this.pairs.get(key) ?? [];
  }

  private compare(edges: readonly Edge[]): number[] {
    const counts = new Map<number, number>();
    for (const { label } of edges) counts.set(label, (counts.get(label) ?? 0) + 1);
    return this.wanted.flatMap((goal) =>
      this.kinds.flatMap((kind) => {
        if (kind === goal) return [];
        const sign = Math.sign((counts.get(kind) ?? 0) - (counts.get(goal) ?? 0));
        return [mix(mix(goal, kind), sign + 2)];
      }),
    );
  }

  private addGoal(problem: GroundProblem, fact: number): void {
    const named = problem.facts[fact];
    const positive = named && named.of >= 0 ? problem.facts[named.of] : named;
    if (!positive || positive.predicate === '') return;
    const name = `${positive === named ? '' : 'not '}${positive.predicate}`;
    const edge = (kind: string): Edge => ({ label: hashText(`${kind} ${name}`), args: positive.args });
    this.goalEdges.push({ fact, done: edge('done'), missing: edge('missing') });
  }

  private edgesNow(words: Uint32Array, operators: readonly number[], relaxed: RelaxedPlan): Edge[] {
    const edges: Edge[] = [];
    for (let index = 0; index < words.length; index += 1) {
      for (let word = words[index] ?? 0; word !== 0; word &= word - 1) {
        const edge = this.factEdges[index * 32 + (31 - Math.clz32(word & -word))];
        if (edge) edges.push(edge);
      }
    }
    for (const { fact, done, missing } of this.goalEdges) {
      edges.push(((words[fact >>> 5] ?? 0) >>> (fact & 31)) & 1 ? done : missing);
    }
    for (const operator of operators) {
      const edge = relaxed.usesOperator(operator) ? this.operatorEdges[operator] : undefined;
      if (edge) edges.push(edge);
    }
    return edges;
  }

  private refine(level: number, edges: readonly Edge[]): void {
    const from = this.colours[level];
    const to = this.colours[level + 1];
    const said = this.messages[level];
    if (!from || !to || !said) return;
    for (const set of said) set.clear();
    for (const list of [this.statics, edges]) {
      for (const edge of list) if (edge.args.length > 1) this.tell(edge, from, said);
    }
    for (let object = 0; object < this.count; object += 1) {
      let sum = 0;
      for (const message of said[object] ?? []) sum = (sum + scatter(message)) | 0;
      to[object] = mix(from[object] ?? 0, sum);
    }
  }

  private tell({ label, args }: Edge, colours: Int32Array, said: readonly Set<number>[]): void {
    for (let at = 0; at < args.length; at += 1) {
      let message = mix(label, at);
      for (let other = 0; other < args.length; other += 1) {
        if (other !== at) message = mix(message, mix(other, colours[args[other] ?? 0] ?? 0));
      }
      said[args[at] ?? 0]?.add(message);
    }
  }

  /** A unary fact colours its object; several do so in any order. */
  private tint(colours: Int32Array, { label, args }: Edge): void {
    const object = args[0] ?? 0;
    colours[object] = ((colours[object] ?? 0) + scatter(label ^ 0x2545f491)) | 0;
  }

  private pair(pairs: Map<number, number[]>, { label, args }: Edge): void {
    for (let i = 0; i < args.length; i += 1) {
      for (let j = 0; j < args.length; j += 1) {
        if (i === j) continue;
        const key = (args[i] ?? 0) * this.count + (args[j] ?? 0);
        const known = pairs.get(key);
        const said = mix(label, i * 16 + j);
        if (known) known.push(said);
        else pairs.set(key, [said]);
      }
    }
  }
}

/** Types, and names of those objects that the domain itself names. */
function baseColours({ world }: Lifted): Int32Array {
  const colours = new Int32Array(world.objects.length);
  for (const { name, types } of [...world.domain.constants, ...world.problem.objects]) {
    colours[world.objectIds.get(name) ?? 0] = hashText(`is ${types.toSorted().join('|')}`);
  }
  const named = new Set(world.domain.actions.flatMap(({ precondition }) => [...namesIn(precondition)]));
  for (const { name } of world.domain.constants) named.add(name);
  for (const name of named) {
    const object = world.objectIds.get(name);
    if (object !== undefined) colours[object] = mix(colours[object] ?? 0, hashText(`named ${name}`));
  }
  return colours;
}

function namesIn(condition: Condition): Set<string> {
  const names = new Set<string>();
  const walk = (one: Condition): void => {
    if (one.kind === 'atom') for (const arg of one.atom.args) if (!arg.startsWith('?')) names.add(arg);
    if (one.kind === 'and' || one.kind === 'or') one.parts.forEach(walk);
    if (one.kind === 'not' || one.kind === 'forall' || one.kind === 'exists') walk(one.of);
  };
  walk(condition);
  return names;
}
