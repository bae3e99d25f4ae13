import {
  AgentError,
  estimatePlan,
  type Goal,
  type MethodChoice,
  offerOf,
  type Plan,
  type PlanEstimate,
  planTask,
  type Recall,
} from '@goalkeeper/domain';
import type { GoalActivities, PlanPreview, PreviewActivities, PreviewAlternative } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { makePlan } from './make-plan';
import { createPackShelf, type PackShelf } from './pack-shelf';

/** Other ways that are planned out, at most; a plan of hundreds of choices has as many. */
const MAX_ALTERNATIVES = 8;
const SEARCH_MS = 2_000;
const ALTERNATIVE_MS = 150;

type PreviewDeps = ActivityDeps & { readonly shelf: PackShelf };

/** Planning that starts nothing: it reads packs and memory, and writes nothing anywhere. */
export function createPreviewActivities(
  deps: ActivityDeps,
  memory: Pick<GoalActivities, 'recallMemory'>,
): PreviewActivities {
  const own: PreviewDeps = { ...deps, shelf: deps.shelf ?? createPackShelf(deps) };
  return { previewPlan: ({ goal }) => preview(own, memory, goal) };
}

async function preview(
  deps: PreviewDeps,
  memory: Pick<GoalActivities, 'recallMemory'>,
  goal: Goal,
): Promise<PlanPreview> {
  try {
    const recall = await memory.recallMemory({ goal });
    const signal = AbortSignal.timeout(SEARCH_MS * 2);
    const order = { goal, recall, repair: null, effort: 'full' as const, signal, timeMs: SEARCH_MS };
    const { plan, pack, confidence } = await makePlan(deps, order);
    const tools = deps.tools.descriptors();
    const estimate = (of: Plan): PlanEstimate => estimatePlan(of, tools, recall.toolStats);
    const [able = pack] = offerOf(
      [pack],
      tools.map(({ name }) => name),
    ).packs;
    const scene = { plan, pack: able, recall, estimate };
    const alternatives = waysNotTaken(plan).map((way) => alternative(way, scene));
    return { kind: 'planned', plan, confidence, estimate: estimate(plan), alternatives };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    const { code, message, hint, details } = error;
    return { kind: 'failed', failure: { code, message, hint, details } };
  }
}

type Way = Pick<MethodChoice, 'lineage' | 'task' | 'method'> & { readonly instead: string };

function waysNotTaken({ choices }: Plan): Way[] {
  return choices
    .flatMap(({ lineage, task, method, alternatives }) =>
      [...new Set(alternatives)].map((other) => ({ lineage, task, method: other, instead: method })),
    )
    .slice(0, MAX_ALTERNATIVES);
}

interface Scene {
  readonly plan: Plan;
  readonly pack: Parameters<typeof planTask>[0]['packs'][number];
  readonly recall: Recall;
  readonly estimate: (plan: Plan) => PlanEstimate;
}

/** What the plan would be with another method in one place. */
function alternative(way: Way, { plan, pack, recall, estimate }: Scene): PreviewAlternative {
  const { lineage, task, method, instead } = way;
  const endAt = performance.now() + ALTERNATIVE_MS;
  const budget = { maxNodes: 5_000, isOver: () => performance.now() > endAt };
  const { methodStats, learned } = recall;
  try {
    const other = planTask({
      ...{ packs: [pack], request: plan.task, methodStats, budget, instead: { lineage, method } },
      ...(learned ? { learned } : {}),
    });
    const { durationMs, costUsd } = estimate(other);
    return { ...way, steps: other.steps.length, durationMs, costUsd, reason: null };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { lineage, task, method, instead, steps: null, durationMs: null, costUsd: null, reason: error.message };
  }
}
