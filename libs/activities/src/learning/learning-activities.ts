import { setImmediate } from 'node:timers/promises';
import {
  advancing,
  type Advanced,
  EVIDENCE_GOALS,
  gatherEvidence,
  type GoalEvidence,
  type LessonRecord,
  taintOf,
  type ToolDescriptor,
  type TrainedModel,
} from '@goalkeeper/domain';
import {
  type EntityManager,
  ForgettingRepository,
  LearningRepository,
  newId,
  tenantsToLearn,
  ToolRepository,
  type UnreadGoal,
} from '@goalkeeper/persistence';
import type { LearningActivities, LearningRound } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { type ModelDeps, trainModels } from './train-models';

/** Goals that are read in one transaction. */
const READ_AT_ONCE = 200;

/**
 * A round rests on what is stored alone, and holds the tenant's learning while it writes: rounds of one tenant take turns, and one
 * that is repeated finds nothing left to do.
 */
export function createLearningActivities(deps: ModelDeps & Pick<ActivityDeps, 'log'>): LearningActivities {
  const { database, log } = deps;
  return {
    listLearningTenants: (page) => database.system((tx) => tenantsToLearn(tx, page)),
    async learn({ tenantId }) {
      let read = 0;
      for (let some = READ_AT_ONCE; some === READ_AT_ONCE; read += some) {
        some = await database.tenant(tenantId, (tx) => readGoals(tx, log));
      }
      const models = await trained(deps, tenantId);
      const round = await database.tenant(tenantId, (tx) => learnFrom(tx, read, models));
      log.info({ tenantId, ...round }, 'learning.round');
      return round;
    },
  };
}

/**
 * Turns goals that ended into evidence. Not under the lock: evidence is stored once, whoever reads the goal. One that cannot be read
 * teaches nothing; it must not keep those behind it from teaching.
 */
async function readGoals(tx: EntityManager, log: ActivityDeps['log']): Promise<number> {
  const learning = new LearningRepository(tx);
  const goals = await learning.unread(READ_AT_ONCE);
  const tools = goals.length > 0 ? await new ToolRepository(tx).list() : [];
  for (const goal of goals) await learning.saveEvidence(goal.goalId, readable(goal, tools, log));
  return goals.length;
}

function readable(goal: UnreadGoal, tools: readonly ToolDescriptor[], log: ActivityDeps['log']): GoalEvidence | null {
  try {
    return evidenceOf(goal, tools);
  } catch (error) {
    log.error({ goalId: goal.goalId, err: error }, 'learning.goal_unreadable');
    return null;
  }
}

function evidenceOf(goal: UnreadGoal, tools: readonly ToolDescriptor[]): GoalEvidence | null {
  const { plan } = goal;
  if (!plan) return null;
  const used = new Set(goal.calls.map(({ observation }) => observation.tool));
  const taint = taintOf(
    tools.filter(({ name }) => used.has(name)),
    goal.verified,
  );
  return gatherEvidence({ ...goal, plan, taint, versions: versionsOf(tools) });
}

function versionsOf(tools: readonly ToolDescriptor[]): Record<string, string> {
  return Object.fromEntries(tools.map(({ name, version }) => [name, version]));
}

/** Nothing is trained while learning is off or frozen. */
async function trained(deps: ModelDeps, tenantId: string): Promise<TrainedModel[]> {
  const evidence = await deps.database.tenant(tenantId, async (tx) => {
    const learning = new LearningRepository(tx);
    const { enabled, frozen } = await learning.state();
    return enabled && !frozen ? learning.evidence(EVIDENCE_GOALS) : [];
  });
  return trainModels(deps, tenantId, evidence);
}

/** The thread is shared with goals at work: no stretch of a round keeps them waiting for longer. */
const STRETCH_MS = 10;

/** Takes the steps of a round, letting others have a turn in between. */
async function inTurns<Value>(steps: Generator<void, Value>): Promise<Value> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < STRETCH_MS) continue;
    await setImmediate();
    since = performance.now();
  }
}

async function learnFrom(tx: EntityManager, read: number, models: readonly TrainedModel[]): Promise<LearningRound> {
  const learning = new LearningRepository(tx);
  const settings = await learning.lock();
  const records = await learning.records();
  const evidence = await learning.evidence(EVIDENCE_GOALS);
  const assignments = await learning.assignments();
  const versions = versionsOf(await new ToolRepository(tx).list());
  const input = { records, evidence, assignments, settings, models, versions, nowMs: Date.now(), newId };
  const advanced = await inTurns(advancing(input));
  await learning.save(advanced.changed);
  const round = summaryOf(advanced, records, read);
  const snapshotId = advanced.needsSnapshot ? await learning.takeSnapshot(reasonOf(round)) : null;
  const forgotten = await new ForgettingRepository(tx).forget(EVIDENCE_GOALS);
  await learning.noteRun({
    ...{ ...round, snapshotId, at: new Date().toISOString(), isFrozen: settings.frozen },
    forgotten: { ...forgotten },
    refusals: advanced.refused.slice(0, 50).map((refusal) => ({ ...refusal })),
  });
  return { ...round, snapshotId };
}

function summaryOf(
  advanced: Advanced,
  before: readonly LessonRecord[],
  read: number,
): Omit<LearningRound, 'snapshotId'> {
  const was = new Map(before.map(({ id, status }) => [id, status]));
  const came = (status: string): number =>
    advanced.changed.filter((record) => record.status === status && was.get(record.id) !== status).length;
  const { changed, refused } = advanced;
  return { read, changed: changed.length, promoted: came('active'), retired: came('retired'), refused: refused.length };
}

function reasonOf({ promoted, retired, changed }: Omit<LearningRound, 'snapshotId'>): string {
  return `${promoted} promoted, ${retired} retired, ${changed} changed`;
}
