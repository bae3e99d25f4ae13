import { canonicalJson, type Json, type JsonObject } from '../json';
import type { Literal, MethodDef, OperatorDef } from './pack';
import type { MethodChoice } from './plan';
import { networkKey, rootNode, type Network, type Node } from './network';
import { factText, firstUnmet, groundLiteral, nextState, solutions, stateDigest, type State } from './state';
import { sourcesIn, type Bindings } from './terms';

/** A step as the search found it: references still point at members of methods, not at steps. */
export interface FoundStep {
  readonly node: Node;
  readonly operator: OperatorDef;
  readonly args: JsonObject;
  readonly when: readonly Literal[];
  readonly adds: readonly Literal[];
  readonly deletes: readonly Literal[];
  /** The id that the step had in the revision before, where it stays the same step whatever its lineage. */
  readonly keepsId?: string;
}

/** A decomposition as the search chose it. */
export interface FoundChoice extends MethodChoice {
  readonly node: Node;
  readonly definition: MethodDef;
  /** The method's conditions, ground. */
  readonly when: readonly Literal[];
  /** How many steps were placed before; the conditions held in the state after them. */
  readonly at: number;
}

export interface SearchOptions {
  /** Decompositions and steps tried at most. */
  readonly maxNodes: number;
  /** Methods of a task in the order in which they are tried. */
  order(methods: readonly MethodDef[], lineage: string): readonly MethodDef[];
  /** Ways for a task that no method does. */
  invent?(node: Pick<Node, 'task' | 'args'>, state: State): readonly MethodDef[];
  /** True for a step that is to be avoided while other plans are left. */
  isDiscouraged?(operator: OperatorDef, args: JsonObject, state: State): boolean;
  isBannedChoice(choice: Pick<MethodChoice, 'lineage' | 'method' | 'bindings'>): boolean;
  isBannedAction(operator: string, args: JsonObject, state: State): boolean;
}

export interface SearchResult {
  readonly status: 'found' | 'unsolvable' | 'exhausted';
  readonly steps: readonly FoundStep[];
  readonly choices: readonly FoundChoice[];
  readonly nodes: number;
  /** Why the best attempt (the one with the most steps) went no further. */
  readonly obstacles: readonly string[];
}

/** Deepest decomposition in each round; a later round starts over, so that endless recursion hides no shallow plan. */
const DEPTHS = [24, 96, Number.POSITIVE_INFINITY];

/** Steps and decompositions of one plan at most: as many as a goal may make calls, and what the call stack bears. */
const MAX_PATH = 2200;

/** Open members that are compared with earlier networks, for each node of the budget: what bounds the time of a search. */
const COMPARED_PER_NODE = 25;

/**
 * Forward decomposition with backtracking: takes the first open member that nothing open comes before, decomposes it
 * by each method whose conditions hold in the state reached, or applies it. Terminates: a (state, network) pair is
 * never searched twice, and the budget bounds the rest.
 *
 * @returns the first network found, or the best attempt: the one with the most steps
 */
export function search(
  network: Network,
  root: { task: string; args: Bindings },
  state: State,
  options: SearchOptions,
): SearchResult {
  const run = new Search(network, options);
  for (const depth of DEPTHS) {
    const found = run.round([rootNode(root.task, root.args)], state, depth);
    if (found) return run.result('found');
    if (run.outOfBudget) return run.result('exhausted');
    if (!run.hitDepth) break;
  }
  return run.result(run.wasTooLong ? 'exhausted' : 'unsolvable');
}

class Search {
  private nodes = 0;
  private depth = 0;
  private compared = 0;
  hitDepth = false;
  outOfBudget = false;
  /** A decomposition was left out because it alone would be longer than a plan may be. */
  wasTooLong = false;
  private readonly visited = new Set<string>();
  private readonly openBelow = new Map<string, number>();
  private readonly steps: FoundStep[] = [];
  private readonly choices: FoundChoice[] = [];
  private best: { steps: FoundStep[]; choices: FoundChoice[] } = { steps: [], choices: [] };
  private obstacles = new Set<string>();
  private solved = false;

  constructor(
    private readonly network: Network,
    private readonly options: SearchOptions,
  ) {}

  round(open: readonly Node[], state: State, depth: number): boolean {
    this.depth = depth;
    this.hitDepth = false;
    this.visited.clear();
    for (const node of open) this.count(node, 1);
    this.solved = this.solve(open, state, true);
    for (const node of open) this.count(node, -1);
    return this.solved;
  }

  result(status: SearchResult['status']): SearchResult {
    const { steps, choices } = this.solved ? { steps: this.steps, choices: this.choices } : this.best;
    return {
      status,
      steps: [...steps],
      choices: [...choices],
      nodes: this.nodes,
      obstacles: [...this.obstacles],
    };
  }

  private solve(open: readonly Node[], state: State, first: boolean): boolean {
    if (open.length === 0) return true;
    if (this.isRepeat(open, state, first)) return false;
    let tried = 0;
    for (const [index, node] of open.entries()) {
      if (!this.isReady(node)) continue;
      if (this.nodes >= this.options.maxNodes || this.isPathFull()) {
        this.outOfBudget = true;
        return false;
      }
      this.nodes += 1;
      const rest = [...open.slice(0, index), ...open.slice(index + 1)];
      this.count(node, -1);
      const isOperator = this.network.operators.has(node.task);
      const outcome = isOperator
        ? this.apply(node, { rest, state, first: tried === 0 })
        : this.decompose(node, { rest, state, index });
      if (outcome === 'done') return true;
      this.count(node, 1);
      if (outcome === 'commit' || this.outOfBudget) return false;
      tried += 1;
    }
    return false;
  }

  /** `commit`: the step depends on nothing and changes nothing, so no other order can help. */
  private apply(node: Node, at: { rest: readonly Node[]; state: State; first: boolean }): 'done' | 'failed' | 'commit' {
    const step = this.ground(node);
    const unmet = firstUnmet(step.when, at.state);
    if (unmet) return this.blocked(`${node.lineage} needs ${factText(unmet)}`);
    if (this.options.isBannedAction(step.operator.name, step.args, at.state)) {
      return this.blocked(`${node.lineage} would repeat an action that failed`);
    }
    if (this.options.isDiscouraged?.(step.operator, step.args, at.state) === true)
      return this.blocked(`${node.lineage} lacks what it seems to need`);
    this.steps.push(step);
    this.remember();
    if (this.solve(at.rest, nextState(at.state, step.adds, step.deletes), at.first)) return 'done';
    this.steps.pop();
    return step.when.length + step.adds.length + step.deletes.length === 0 ? 'commit' : 'failed';
  }

  private decompose(node: Node, at: { rest: readonly Node[]; state: State; index: number }): 'done' | 'failed' {
    if (node.depth >= this.depth) {
      this.hitDepth = true;
      return 'failed';
    }
    const options = this.applicable(node, at.state);
    if (options.length === 0) return this.blocked(`no method of ${node.task} is left at ${node.lineage}`);
    const names = [...new Set(options.map(({ definition }) => definition.name))];
    for (const option of options) {
      if (this.isTooLong(node, option, at.rest.length)) continue;
      const members = this.network.expand(node, option.definition, option.variables);
      const alternatives = names.filter((name) => name !== option.definition.name);
      this.choices.push({ ...this.choice(node, option), alternatives });
      for (const member of members) this.count(member, 1);
      const open = [...at.rest.slice(0, at.index), ...members, ...at.rest.slice(at.index)];
      if (this.solve(open, at.state, false)) return 'done';
      for (const member of members) this.count(member, -1);
      this.choices.pop();
      if (this.outOfBudget) return 'failed';
    }
    return 'failed';
  }

  private isPathFull(): boolean {
    if (this.steps.length + this.choices.length < MAX_PATH) return false;
    this.blocked(`a plan has at most ${MAX_PATH} steps and decompositions`);
    return true;
  }

  /** Asked before the members are made: their number comes from a pack or a client. */
  private isTooLong(node: Node, option: { definition: MethodDef; variables: Bindings }, others: number): boolean {
    const size = this.network.sizeOf(option.definition, option.variables);
    if (this.steps.length + others + size <= MAX_PATH) return false;
    this.wasTooLong = true;
    this.blocked(`${node.lineage}:${option.definition.name} makes ${size} members, a plan has at most ${MAX_PATH}`);
    return true;
  }

  private applicable(node: Node, state: State): { definition: MethodDef; variables: Bindings }[] {
    const known = this.network.methods.get(node.task) ?? this.options.invent?.(node, state) ?? [];
    const methods = this.options.order(known, node.lineage);
    return methods.flatMap((definition) => {
      const free = this.network.freeVariables(definition);
      const ways = solutions(definition.when, free, node.args, this.network.derive(state));
      return ways
        .map((variables) => ({ definition, variables }))
        .filter((option) => !this.options.isBannedChoice(this.choice(node, option)));
    });
  }

  private choice(node: Node, option: { definition: MethodDef; variables: Bindings }): FoundChoice {
    const { definition, variables } = option;
    const own = this.network.freeVariables(definition).filter((name) => variables[name] !== undefined);
    const bindings =
      own.length > 0 ? { bindings: Object.fromEntries(own.map((name) => [name, variables[name] ?? null])) } : {};
    return {
      lineage: node.lineage,
      task: node.task,
      method: definition.name,
      alternatives: [],
      ...bindings,
      node,
      definition,
      when: definition.when.map((literal) => groundLiteral(literal, variables)),
      at: this.steps.length,
    };
  }

  private ground(node: Node): FoundStep {
    const operator = this.network.operators.get(node.task);
    if (!operator) throw new TypeError(`search: ${node.task} is not an operator`);
    const args: Record<string, Json> = {};
    for (const param of operator.params) {
      const value = node.args[param.name];
      if (value !== undefined) args[param.name] = value;
    }
    const facts = (literals: readonly Literal[]) => literals.map((literal) => groundLiteral(literal, args));
    return {
      node,
      operator,
      args,
      when: facts(operator.when),
      adds: facts(operator.adds),
      deletes: facts(operator.deletes),
    };
  }

  private isReady(node: Node): boolean {
    const isOpen = (key: string) => (this.openBelow.get(key) ?? 0) > 0;
    if (node.before.some(isOpen)) return false;
    if (!this.network.operators.has(node.task)) return true;
    // The result of a member is known when all of its steps are placed.
    return !sourcesIn(node.args).some(isOpen);
  }

  private count(node: Node, by: 1 | -1): void {
    for (const key of node.keys) this.openBelow.set(key, (this.openBelow.get(key) ?? 0) + by);
  }

  private isRepeat(open: readonly Node[], state: State, first: boolean): boolean {
    const hasTask = open.some((node) => !this.network.operators.has(node.task));
    if (first && !hasTask) return false;
    this.compared += open.length;
    if (this.compared > COMPARED_PER_NODE * this.options.maxNodes) {
      this.outOfBudget = true;
      return true;
    }
    const key = `${stateDigest(state)}\n\n${networkKey(open)}`;
    if (this.visited.has(key)) return true;
    this.visited.add(key);
    return false;
  }

  private blocked(why: string): 'failed' {
    if (this.steps.length === this.best.steps.length && this.obstacles.size < 5) this.obstacles.add(why);
    return 'failed';
  }

  private remember(): void {
    if (this.steps.length <= this.best.steps.length) return;
    this.best = { steps: [...this.steps], choices: [...this.choices] };
    this.obstacles = new Set();
  }
}

/** A text for a set of the method's own bindings. */
export function bindingsKey(bindings: JsonObject | undefined): string {
  return canonicalJson(bindings ?? {});
}
