import type { ActionSequence, HierarchicalPlan, PddlDomain, PddlProblem } from '../pddl/model';
import { DecompositionCheck, type MethodUse } from './check-decomposition';
import { whyNot, holds } from './evaluate';
import { type PlanFinding, type PlanPlace, taskText } from './finding';
import { MethodTimeline } from './method-timeline';
import { buildTree, type PlanNode, type PlanTree } from './plan-tree';
import { ActionPlayer } from './replay-actions';
import { World } from './world';

/** A plan of either kind. */
export type PddlPlan =
  | { readonly kind: 'hierarchical'; readonly plan: HierarchicalPlan }
  | { readonly kind: 'classical'; readonly plan: ActionSequence };

/**
 * Judges a plan, whoever made it. The actions are played from the initial state over the domain as it is written, with
 * types, quantifiers, derived predicates and conditional effects; the goal must hold at the end. Of a hierarchical plan
 * also: everything is in the tree exactly once, the roots are the initial network, each decomposition is what its method
 * says, the ordering is kept, and every method's precondition held at a moment at which the method could begin.
 * Shares no code with the planner, only the data types.
 *
 * @returns all mistakes found; empty when the plan is valid
 */
export function validatePddlPlan(domain: PddlDomain, problem: PddlProblem, plan: PddlPlan): readonly PlanFinding[] {
  const world = new World(domain, problem);
  const player = new ActionPlayer(domain, problem, world);
  const wrongKind = kindMistake(problem, plan);
  if (wrongKind !== null) return [{ code: 'plan.kind', at: { kind: 'plan' }, message: wrongKind }];
  const findings: PlanFinding[] =
    plan.kind === 'classical'
      ? plan.plan.flatMap((task, index) => located(player.play(task).findings, { kind: 'action', id: index + 1 }))
      : checkHierarchical({ domain, problem, world, player }, plan.plan);
  if (!holds(world, problem.goal, new Map())) {
    const message = `the goal is not reached at the end: ${whyNot(world, problem.goal, new Map())}`;
    findings.push({ code: 'plan.goal', at: { kind: 'goal' }, message });
  }
  return findings;
}

/** What the actions of a plan cost in the measure of the problem: by its cost function, else 1 each. */
export function planCost(domain: PddlDomain, problem: PddlProblem, actions: ActionSequence): number {
  const player = new ActionPlayer(domain, problem, new World(domain, problem));
  return actions.reduce((sum, task) => sum + player.play(task).cost, 0);
}

function kindMistake({ network }: PddlProblem, { kind, plan }: PddlPlan): string | null {
  if (network !== null && kind === 'classical') {
    return 'the problem has a task network: a plan must say how its tasks were done, not only list actions';
  }
  if (network !== null || kind === 'classical') return null;
  const isList = plan.decompositions.length === 0;
  return isList ? null : 'the problem has no task network: a plan has actions and no decompositions';
}

interface Judges {
  readonly domain: PddlDomain;
  readonly problem: PddlProblem;
  readonly world: World;
  readonly player: ActionPlayer;
}

function checkHierarchical(judges: Judges, plan: HierarchicalPlan): PlanFinding[] {
  const { tree, findings } = judges.problem.network ? buildTree(plan) : { tree: null, findings: [] };
  const shape = tree ? checkShape(judges, tree) : null;
  const mistakes = [...findings, ...(shape?.findings ?? [])];
  const isSound = tree !== null && shape !== null && shape.findings.length === 0;
  const timeline = isSound ? new MethodTimeline(judges.world, tree, shape.uses, shape.rootOrder) : null;
  const nodeOf = new Map(tree?.nodes.map((node) => [node.id, node]));
  const compound = new Set(judges.domain.tasks.map(({ name }) => name));
  for (const { id, task } of plan.actions) {
    const node = nodeOf.get(id);
    if (node) timeline?.beforeAction(node);
    const at: PlanPlace = { kind: 'action', id };
    if (compound.has(task.name)) {
      const message = `${taskText(task)} is a compound task: how it was done is missing`;
      mistakes.push({ code: 'plan.action', at, message });
      continue;
    }
    const played = judges.player.play(task);
    mistakes.push(...located(played.findings, at));
    if (node) timeline?.afterAction(node, played.changed);
  }
  timeline?.end();
  return [...mistakes, ...(timeline?.findings ?? [])];
}

interface Shape {
  readonly uses: ReadonlyMap<PlanNode, MethodUse>;
  readonly rootOrder: MethodUse['ordering'];
  readonly findings: readonly PlanFinding[];
}

/** The roots against the initial network and each decomposition against its method, without regard to any state. */
function checkShape({ domain, problem, world }: Judges, tree: PlanTree): Shape {
  const check = new DecompositionCheck(domain, world);
  const roots = problem.network ? check.ofRoots(problem.network, tree.roots) : { use: null, findings: [] };
  const findings = [...roots.findings];
  const uses = new Map<PlanNode, MethodUse>();
  for (const node of tree.nodes) {
    if (!node.decomposition) continue;
    const judged = check.ofNode(node);
    findings.push(...judged.findings);
    if (judged.use) uses.set(node, judged.use);
  }
  return { uses, rootOrder: roots.use?.ordering ?? [], findings };
}

function located(findings: readonly Pick<PlanFinding, 'code' | 'message'>[], at: PlanPlace): PlanFinding[] {
  return findings.map((finding) => ({ ...finding, at }));
}
