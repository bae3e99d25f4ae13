import { canBeGuided, type DomainPack, type GoalEvidence, LEAST_PROBLEMS, type TrainedModel } from '@goalkeeper/domain';
import { LearningRepository } from '@goalkeeper/persistence';
import type { ActivityDeps } from '../deps';
import type { PackShelf } from '../planning/pack-shelf';
import { trainInThread } from './train-in-thread';

export interface ModelDeps extends Pick<ActivityDeps, 'database'> {
  readonly shelf: Pick<PackShelf, 'offered'>;
}

const TRAINING_MS = 20_000;
/** A model is made anew when so much more goals than it was learned from have come. */
const GROWTH = 1.25;

/**
 * Models of search for the packs of classical planning domains that enough verified goals speak of, where there is none yet or many
 * goals have come since. Outside of any transaction: it takes seconds.
 *
 * @param evidence what the round learns from: goals that are not among them teach nothing any more
 */
export async function trainModels(
  deps: ModelDeps,
  tenantId: string,
  evidence: readonly GoalEvidence[],
): Promise<TrainedModel[]> {
  const told = goalsByPack(evidence);
  if (told.size === 0) return [];
  const models: TrainedModel[] = [];
  for (const pack of await deps.shelf.offered(tenantId, false)) {
    const goals = told.get(pack.name) ?? [];
    if (goals.length < LEAST_PROBLEMS || !canBeGuided(pack)) continue;
    const model = await trainedOn(deps, tenantId, { pack, goals });
    if (model) models.push(model);
  }
  return models;
}

/** Verified goals that nothing speaks against, newest first. */
function goalsByPack(evidence: readonly GoalEvidence[]): Map<string, string[]> {
  const told = new Map<string, string[]>();
  for (const { pack, goalId, verified, taint } of evidence.toReversed())
    if (verified && taint.length === 0) told.set(pack, [...(told.get(pack) ?? []), goalId]);
  return told;
}

async function trainedOn(
  { database }: ModelDeps,
  tenantId: string,
  { pack, goals }: { readonly pack: DomainPack; readonly goals: readonly string[] },
): Promise<TrainedModel | null> {
  const { solved, learnedFrom } = await database.tenant(tenantId, async (tx) => {
    const learning = new LearningRepository(tx);
    return { learnedFrom: await learning.guidanceSources(pack.name), solved: await learning.solved(goals) };
  });
  if (learnedFrom > 0 && solved.length < learnedFrom * GROWTH) return null;
  return trainInThread({ pack, solved, timeMs: TRAINING_MS });
}
