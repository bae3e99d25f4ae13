import type { Decomposition, GroundTask, HierarchicalPlan } from '../pddl/model';
import type { PlanFinding, PlanPlace } from './finding';

/** An action or a compound task of a plan, in its place of the tree. */
export interface PlanNode {
  readonly id: number;
  readonly task: GroundTask;
  /** Null for an action. */
  readonly decomposition: Decomposition | null;
  readonly children: readonly PlanNode[];
  readonly parent: PlanNode | null;
  /** Positions in the order of execution of the first and the last action below; an action's own. Infinity and −1 where there is none. */
  readonly first: number;
  readonly last: number;
}
type Draft = { -readonly [Key in keyof PlanNode]: PlanNode[Key] } & { children: PlanNode[] };

export interface PlanTree {
  readonly roots: readonly PlanNode[];
  /** Every node, parents before their children. */
  readonly nodes: readonly PlanNode[];
}

/**
 * Builds the tree that a plan describes. Everything of the plan must be in it exactly once.
 *
 * @returns the tree, or what keeps the plan from being one
 */
export function buildTree(plan: HierarchicalPlan): { tree: PlanTree | null; findings: readonly PlanFinding[] } {
  const { drafts, findings } = draftNodes(plan);
  const uses = new Map<number, number[]>();
  const use = (id: number, by: PlanPlace): void => {
    const user = 'id' in by ? by.id : null;
    if (!drafts.has(id)) findings.push(finding(by, `${id} is named as a part, but the plan has no such line`));
    else if (uses.has(id)) findings.push(finding(placeOf(drafts.get(id)), `${id} is used more than once`));
    uses.set(id, [...(uses.get(id) ?? []), ...(user === null ? [] : [user])]);
  };
  plan.roots.forEach((id) => use(id, { kind: 'roots' }));
  for (const { id, children } of plan.decompositions) {
    children.forEach((child) => use(child, { kind: 'decomposition', id }));
  }
  for (const node of drafts.values()) {
    if (!uses.has(node.id))
      findings.push(finding(placeOf(node), `${node.id} belongs to nothing: no root, no part of a task`));
  }
  if (findings.length > 0) return { tree: null, findings };
  const roots = plan.roots.flatMap((id) => drafts.get(id) ?? []);
  const nodes = connect(roots, drafts);
  const lost = [...drafts.values()].filter((node) => !nodes.has(node));
  if (lost.length > 0) {
    // each is used once and none leads to a root: they lead to each other
    const text = (node: PlanNode): string => `${node.id} is part of itself: no way leads from it up to a root`;
    return { tree: null, findings: lost.map((node) => finding(placeOf(node), text(node))) };
  }
  return { tree: { roots, nodes: [...nodes] }, findings: [] };
}

const finding = (at: PlanPlace, message: string): PlanFinding => ({ code: 'plan.tree', at, message });

/** Where a node stands in its plan. */
export function placeOf(node: PlanNode | undefined): PlanPlace {
  if (!node) return { kind: 'plan' };
  return { kind: node.decomposition ? 'decomposition' : 'action', id: node.id };
}

function draftNodes(plan: HierarchicalPlan): { drafts: Map<number, Draft>; findings: PlanFinding[] } {
  const drafts = new Map<number, Draft>();
  const findings: PlanFinding[] = [];
  const add = (node: Draft): void => {
    if (drafts.has(node.id)) findings.push(finding(placeOf(node), `the id ${node.id} is given twice`));
    else drafts.set(node.id, node);
  };
  plan.actions.forEach(({ id, task }, index) =>
    add({ id, task, decomposition: null, children: [], parent: null, first: index, last: index }),
  );
  for (const decomposition of plan.decompositions) {
    const { id, task } = decomposition;
    add({ id, task, decomposition, children: [], parent: null, first: Infinity, last: -1 });
  }
  return { drafts, findings };
}

/** Links parents and children from the roots down, then carries the span of each node up. */
function connect(roots: readonly Draft[], drafts: ReadonlyMap<number, Draft>): Set<Draft> {
  const nodes = new Set<Draft>(roots);
  for (const node of nodes) {
    for (const id of node.decomposition?.children ?? []) {
      const child = drafts.get(id);
      if (!child) continue;
      child.parent = node;
      node.children.push(child);
      nodes.add(child); // the loop goes on over what it adds
    }
  }
  for (const { id, parent } of [...nodes].reverse()) {
    const above = parent && drafts.get(parent.id);
    const node = drafts.get(id);
    if (!above || !node) continue;
    above.first = Math.min(above.first, node.first);
    above.last = Math.max(above.last, node.last);
  }
  return nodes;
}
