import {
  advance,
  type Advanced,
  gatherEvidence,
  type GoalEvidence,
  type LessonRecord,
  type ToolDescriptor,
} from '@goalkeeper/domain';
import {
  type EntityManager,
  LearningRepository,
  newId,
  tenantsToLearn,
  ToolRepository,
  type UnreadGoal,
} from '@goalkeeper/persistence';
import type { LearningActivities, LearningRound } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';

/** Goals that are read in one transaction, and goals that lessons are learned from: the newest. */
const READ_AT_ONCE = 200;
const EVIDENCE = 1_000;

/**
 * A round rests on what is stored alone, and holds the tenant's learning while it writes: rounds of one tenant take turns, and one
 * that is repeated finds nothing left to do.
 */
export function createLearningActivities({
  database,
  log,
}: Pick<ActivityDeps, 'database' | 'log'>): LearningActivities {
  return {
    listLearningTenants: (page) => database.system((tx) => tenantsToLearn(tx, page)),
    async learn({ tenantId }) {
      let read = 0;
      for (let some = READ_AT_ONCE; some === READ_AT_ONCE; read += some) {
        some = await database.tenant(tenantId, (tx) => readGoals(tx, log));
      }
      const round = await database.tenant(tenantId, (tx) => learnFrom(tx, read));
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
  const taint = tools
    .filter(({ name, kind }) => used.has(name) && kind === 'mock')
    .map(({ name }) => `played by ${name}`);
  return gatherEvidence({ ...goal, plan, taint, versions: versionsOf(tools) });
}

function versionsOf(tools: readonly ToolDescriptor[]): Record<string, string> {
  return Object.fromEntries(tools.map(({ name, version }) => [name, version]));
}

async function learnFrom(tx: EntityManager, read: number): Promise<LearningRound> {
  const learning = new LearningRepository(tx);
  const settings = await learning.lock();
  const records = await learning.records();
  const advanced = advance({
    records,
    evidence: await learning.evidence(EVIDENCE),
    assignments: await learning.assignments(),
    settings,
    versions: versionsOf(await new ToolRepository(tx).list()),
    nowMs: Date.now(),
    newId,
  });
  await learning.save(advanced.changed);
  const round = summaryOf(advanced, records, read);
  const snapshotId = advanced.needsSnapshot ? await learning.takeSnapshot(reasonOf(round)) : null;
  await learning.noteRun({
    ...{ ...round, snapshotId, at: new Date().toISOString(), isFrozen: settings.frozen },
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
