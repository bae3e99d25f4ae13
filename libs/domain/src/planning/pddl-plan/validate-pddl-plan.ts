import type { ActionSequence, HierarchicalPlan, PddlDomain, PddlProblem } from '../pddl/model';
import { DecompositionCheck, type MethodUse } from './check-decomposition';
import { whyNot, holds } from './evaluate';
import { type PlanFinding, type PlanPlace, taskText } from './finding';
import { MethodTimeline } from './method-timeline';
import { OtherWays, type Ways } from './other-ways';
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
  const { network } = judges.problem;
  const { tree, findings } = network ? buildTree(plan) : { tree: null, findings: [] };
  const check = new DecompositionCheck(judges.domain, judges.world);
  const shape = tree ? checkShape(judges, check, tree) : null;
  const mistakes = [...findings, ...(shape?.findings ?? [])];
  if (!tree || !shape || !network || shape.findings.length > 0) return [...mistakes, ...play(judges, plan, null)];
  const told = play(judges, plan, { tree, ways: shape });
  const failing = told.flatMap(({ code, at }) => (code === 'plan.method_precondition' && 'id' in at ? [at.id] : []));
  if (failing.length === 0 || failing.length < told.length) return told;
  const failingWith = (ways: Ways): readonly number[] => {
    const world = new World(judges.domain, judges.problem);
    const player = new ActionPlayer(judges.domain, judges.problem, world);
    const again = play({ ...judges, world, player }, plan, { tree, ways });
    return again.flatMap(({ at }) => ('id' in at ? [at.id] : []));
  };
  return new OtherWays({ check, tree, network, failingWith }, shape).lead(failing) ? [] : told;
}

/** Plays the actions of a plan and, where its tree is sound, looks for the moments of its methods. */
function play(
  { domain, world, player }: Judges,
  plan: HierarchicalPlan,
  sound: { readonly tree: PlanTree; readonly ways: Ways } | null,
): PlanFinding[] {
  const mistakes: PlanFinding[] = [];
  const timeline = sound && new MethodTimeline(world, sound.tree, sound.ways.uses, sound.ways.rootOrder);
  const nodeOf = new Map(sound?.tree.nodes.map((node) => [node.id, node]));
  const compound = new Set(domain.tasks.map(({ name }) => name));
  for (const { id, task } of plan.actions) {
    const node = nodeOf.get(id);
    if (node) timeline?.beforeAction(node);
    const at: PlanPlace = { kind: 'action', id };
    if (compound.has(task.name)) {
      const message = `${taskText(task)} is a compound task: how it was done is missing`;
      mistakes.push({ code: 'plan.action', at, message });
      continue;
    }
    const played = player.play(task);
    mistakes.push(...located(played.findings, at));
    if (node) timeline?.afterAction(node, played.changed);
  }
  timeline?.end();
  return [...mistakes, ...(timeline?.findings ?? [])];
}

interface Shape extends Ways {
  readonly findings: readonly PlanFinding[];
}

/** The roots against the initial network and each decomposition against its method, without regard to any state. */
function checkShape({ problem }: Judges, check: DecompositionCheck, tree: PlanTree): Shape {
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
