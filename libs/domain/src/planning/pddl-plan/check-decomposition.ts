import type { Condition, Declared, MethodDef, PddlDomain, PddlProblem, TaskNetwork, Typed } from '../pddl/model';
import { type Binding, conditionText } from './conditions';
import { isPossible } from './evaluate';
import { type PlanFinding, type PlanPlace, taskText } from './finding';
import { orderingMistakes } from './check-ordering';
import { matchNetwork, unifyArgs } from './match-network';
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
    for (const method of domain.methods)
      this.methods.set(method.name, [...(this.methods.get(method.name) ?? []), method]);
  }

  /** Judges the roots of a plan against the initial network. */
  ofRoots(network: NonNullable<PddlProblem['network']>, roots: readonly PlanNode[]): Judged {
    const owner = { name: 'the initial task network', params: network.params };
    return this.ofNetwork({ network, owner, children: roots, binding: new Map(), at: { kind: 'roots' } });
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
    const { task, name, params, network, precondition } = method;
    if (task.name !== node.task.name) {
      return refused('plan.method', at, `method ${name} does (${task.name} …), not ${taskText(node.task)}`);
    }
    const binding = unifyArgs(task.args, node.task.args, new Map());
    if (!binding) {
      return refused('plan.method', at, `method ${name} does ${taskText(task)}, which ${taskText(node.task)} is not`);
    }
    const owner = { name: `method ${name}`, params };
    return this.ofNetwork({ network, owner, children: node.children, binding, at, precondition, method: name });
  }

  private ofNetwork(question: NetworkQuestion): Judged {
    const { network, owner, children, at } = question;
    const { match, mistake } = matchNetwork({ network, children, binding: question.binding });
    if (!match) return refused('plan.member', at, `${owner.name}: ${mistake}`);
    const findings: PlanFinding[] = [];
    for (const { name, types } of owner.params) {
      const object = match.binding.get(name);
      if (object === undefined || this.world.isOfType(object, types)) continue;
      const message = `${owner.name}: ${name} is ${object}, which is not of type ${types.join(' or ')}`;
      findings.push({ code: 'plan.member', at, message });
    }
    const open = owner.params.filter(({ name }) => !match.binding.has(name));
    if (!isPossible(this.world, open, network.constraints, match.binding)) {
      const message = `${owner.name}: its constraints ${conditionText(network.constraints, match.binding)} are not met`;
      findings.push({ code: 'plan.constraint', at, message });
    }
    for (const text of orderingMistakes(network, match.assigned)) {
      findings.push({ code: 'plan.ordering', at, message: `${owner.name}: ${text}` });
    }
    if (findings.length > 0) return { use: null, findings };
    const parts = [question.precondition ?? TRUE, network.constraints];
    const condition: Condition = { kind: 'and', parts: parts.filter(({ kind }) => kind !== 'true') };
    const ordering = pairsOf(network, match.assigned);
    return { use: { method: question.method ?? '', condition, open, binding: match.binding, ordering }, findings };
  }
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
