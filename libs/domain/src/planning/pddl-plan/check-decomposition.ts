import type { Condition, Declared, MethodDef, PddlDomain, PddlProblem, TaskNetwork, Typed } from '../pddl/model';
import { type Binding, conditionText } from './conditions';
import { isPossible } from './evaluate';
import { type PlanFinding, type PlanPlace, taskText } from './finding';
import { orderingMistakes } from './check-ordering';
import { type Match, matchNetwork, otherMatches, unifyArgs } from './match-network';
import { placeOf, type PlanNode } from './plan-tree';
import { argumentMistake } from './replay-actions';
import type { World } from './world';

/** How a task of the plan was done: what must have held then, and which parts come before which. */
export interface MethodUse {
  readonly method: string;
  /** Precondition and constraints; its open variables are those that neither the task nor its parts bind. */
  readonly condition: Condition;
  readonly open: readonly Typed[];
  readonly binding: Binding;
  /** Pairs of parts: the first comes before the second. */
  readonly ordering: readonly (readonly [PlanNode, PlanNode])[];
}

/** A use of a network, or why it is none. */
interface Judged {
  readonly use: MethodUse | null;
  readonly findings: readonly PlanFinding[];
}

/** Looks at the decompositions of a plan one by one, each against its method. */
export class DecompositionCheck {
  private readonly tasks: ReadonlyMap<string, Declared>;
  private readonly methods = new Map<string, MethodDef[]>();

  constructor(
    domain: PddlDomain,
    private readonly world: World,
  ) {
    this.tasks = new Map(domain.tasks.map((task) => [task.name, task]));
    for (const method of domain.methods) {
      const named = this.methods.get(method.name);
      if (named) named.push(method);
      else this.methods.set(method.name, [method]);
    }
  }

  /** Up to so many ways in which the parts of a decomposition that was judged sound may stand for the members of its method. */
  waysOf(node: PlanNode, most: number): readonly MethodUse[] {
    const named = this.methods.get(node.decomposition?.method ?? '') ?? [];
    return named
      .flatMap((method) => {
        const binding = method.task.name === node.task.name && unifyArgs(method.task.args, node.task.args, new Map());
        return binding ? this.usesOf(this.questionOf(node, method, binding), most) : [];
      })
      .slice(0, most);
  }

  /** The same for the roots of a plan. */
  waysOfRoots(
    network: NonNullable<PddlProblem['network']>,
    roots: readonly PlanNode[],
    most: number,
  ): readonly MethodUse[] {
    return this.usesOf(questionOfRoots(network, roots), most);
  }

  /** Judges the roots of a plan against the initial network. */
  ofRoots(network: NonNullable<PddlProblem['network']>, roots: readonly PlanNode[]): Judged {
    return this.ofNetwork(questionOfRoots(network, roots));
  }

  /** Judges one decomposition: its task, its method, its parts. */
  ofNode(node: PlanNode): Judged {
    const { decomposition, task } = node;
    const at = placeOf(node);
    const declared = this.tasks.get(task.name);
    if (!decomposition || !declared) return refused('plan.task', at, `the domain has no compound task ${task.name}`);
    const mistake = argumentMistake(this.world, declared.params, task);
    if (mistake !== null) return refused('plan.task', at, mistake);
    const named = this.methods.get(decomposition.method) ?? [];
    if (named.length === 0) return refused('plan.method', at, `the domain has no method ${decomposition.method}`);
    const judged = named.map((method) => this.ofMethod(node, method));
    return judged.find(({ use }) => use !== null) ?? judged[0] ?? { use: null, findings: [] };
  }

  private ofMethod(node: PlanNode, method: MethodDef): Judged {
    const at = placeOf(node);
    const { task, name } = method;
    if (task.name !== node.task.name) {
      return refused('plan.method', at, `method ${name} does (${task.name} …), not ${taskText(node.task)}`);
    }
    const binding = unifyArgs(task.args, node.task.args, new Map());
    if (!binding) {
      return refused('plan.method', at, `method ${name} does ${taskText(task)}, which ${taskText(node.task)} is not`);
    }
    return this.ofNetwork(this.questionOf(node, method, binding));
  }

  private questionOf(
    node: PlanNode,
    { name, params, network, precondition }: MethodDef,
    binding: Binding,
  ): NetworkQuestion {
    const owner = { name: `method ${name}`, params };
    return { network, owner, children: node.children, binding, at: placeOf(node), precondition, method: name };
  }

  private usesOf(question: NetworkQuestion, most: number): readonly MethodUse[] {
    const fits = (match: Match): boolean => this.valueMistakes(question, match).length === 0;
    return otherMatches(question, fits, most).map((match) => useOf(question, match));
  }

  private ofNetwork(question: NetworkQuestion): Judged {
    const { network, owner, at } = question;
    const { match, mistake } = matchNetwork(question, (one) => this.valueMistakes(question, one).length === 0);
    if (!match) return refused('plan.member', at, `${owner.name}: ${mistake}`);
    const findings = this.valueMistakes(question, match);
    for (const text of orderingMistakes(network, match.assigned))
      findings.push({ code: 'plan.ordering', at, message: `${owner.name}: ${text}` });
    return { use: findings.length > 0 ? null : useOf(question, match), findings };
  }

  /** Values of variables that are not of their types, and constraints that are not met. */
  private valueMistakes({ network, owner, at }: NetworkQuestion, { binding }: Match): PlanFinding[] {
    const findings: PlanFinding[] = [];
    for (const { name, types } of owner.params) {
      const object = binding.get(name);
      if (object === undefined || this.world.isOfType(object, types)) continue;
      const message = `${owner.name}: ${name} is ${object}, which is not of type ${types.join(' or ')}`;
      findings.push({ code: 'plan.member', at, message });
    }
    if (!isPossible(this.world, openOf(owner.params, binding), network.constraints, binding)) {
      const message = `${owner.name}: its constraints ${conditionText(network.constraints, binding)} are not met`;
      findings.push({ code: 'plan.constraint', at, message });
    }
    return findings;
  }
}

const openOf = (params: readonly Typed[], binding: Binding): readonly Typed[] =>
  params.filter(({ name }) => !binding.has(name));

function useOf({ network, owner, precondition, method }: NetworkQuestion, { binding, assigned }: Match): MethodUse {
  const parts = [precondition ?? TRUE, network.constraints];
  const condition: Condition = { kind: 'and', parts: parts.filter(({ kind }) => kind !== 'true') };
  const ordering = pairsOf(network, assigned);
  return { method: method ?? '', condition, open: openOf(owner.params, binding), binding, ordering };
}

function questionOfRoots(network: NonNullable<PddlProblem['network']>, roots: readonly PlanNode[]): NetworkQuestion {
  const owner = { name: 'the initial task network', params: network.params };
  return { network, owner, children: roots, binding: new Map(), at: { kind: 'roots' } };
}

interface NetworkQuestion {
  readonly network: TaskNetwork;
  readonly owner: { readonly name: string; readonly params: readonly Typed[] };
  readonly children: readonly PlanNode[];
  readonly binding: Binding;
  readonly at: PlanPlace;
  readonly precondition?: Condition;
  readonly method?: string;
}

const TRUE: Condition = { kind: 'true' };

function refused(code: PlanFinding['code'], at: PlanPlace, message: string): Judged {
  return { use: null, findings: [{ code, at, message }] };
}

function pairsOf({ ordering }: TaskNetwork, assigned: ReadonlyMap<string, PlanNode>): [PlanNode, PlanNode][] {
  return ordering.flatMap(([before, after]): [PlanNode, PlanNode][] => {
    const earlier = assigned.get(before);
    const later = assigned.get(after);
    return earlier && later ? [[earlier, later]] : [];
  });
}
