import type { Goal, GoalState, PlanStep } from '@goalkeeper/domain';
import type { CallRecord, Database, EntityManager, GoalEvent, StepRecord } from '@goalkeeper/persistence';
import { aGoal, aPlan } from './builders';
import { createTestDatabase, type TestDatabase } from './database';

/** Names a goal in the store. */
export interface StoredGoal {
  readonly tenantId: string;
  readonly goalId: string;
}

/** The store on a database of its own, with one tenant in it. */
export interface TestStore {
  readonly server: TestDatabase;
  readonly database: Database;
  readonly tenantId: string;
  addTenant(): Promise<string>;
  /** A transaction of the first tenant. */
  inTenant<T>(work: (tx: EntityManager) => Promise<T>): Promise<T>;
  /** Stores a goal without events, of the first tenant unless told. */
  goal(told?: Partial<Goal>): Promise<StoredGoal>;
  /** Stores a goal that runs on a plan of these steps; two events tell of that. */
  planned(steps: readonly PlanStep[], told?: Partial<Goal>): Promise<StoredGoal>;
  /** Puts a goal into a state, past every rule. */
  force(goal: StoredGoal, state: GoalState): Promise<void>;
  readonly steps: (goal: StoredGoal) => Promise<StepRecord[]>;
  readonly calls: (goal: StoredGoal) => Promise<CallRecord[]>;
  readonly events: (goal: StoredGoal) => Promise<GoalEvent[]>;
  /** Until some backend of this database waits for a lock. */
  untilSomebodyWaits(): Promise<void>;
  close(): Promise<void>;
}

/** Loads the store only here: most users of this library need none. */
export async function openTestStore(poolSize = 10): Promise<TestStore> {
  const { EventRepository, GoalRepository, newId, openDatabase, PlanStore, StepRepository, TenantRepository } =
    await import('@goalkeeper/persistence');
  const server = await createTestDatabase();
  const log = { info: () => undefined, warn: () => undefined };
  const database = await openDatabase({ url: server.url, applicationName: 'test', poolSize, migrate: true, log });
  const addTenant = async (): Promise<string> => {
    const id = newId();
    await database.tenant(id, (tx) => new TenantRepository(tx).add({ id, name: id }));
    return id;
  };
  const tenantId = await addTenant();
  const goal = async (told: Partial<Goal> = {}): Promise<StoredGoal> => {
    const made = aGoal({ tenantId, ...told });
    await database.tenant(made.tenantId, (tx) => new GoalRepository(tx).accept(made, []));
    return { tenantId: made.tenantId, goalId: made.id };
  };
  return {
    ...{ server, database, tenantId, addTenant, goal },
    inTenant: (work) => database.tenant(tenantId, work),
    planned: async (steps, told) => {
      const ref = await goal(told);
      await new PlanStore(database, ref).save(aPlan(steps), null, { type: 'plan.proposed', data: {} });
      return ref;
    },
    force: async ({ goalId }, state) =>
      void (await server.query('UPDATE goal SET state = $2 WHERE id = $1', [goalId, state])),
    steps: (ref) => database.tenant(ref.tenantId, (tx) => new StepRepository(tx).list(ref.goalId)),
    calls: (ref) => database.tenant(ref.tenantId, (tx) => new StepRepository(tx).calls(ref.goalId)),
    events: (ref) => database.tenant(ref.tenantId, (tx) => new EventRepository(tx).page(ref.goalId, 0, 1_000)),
    untilSomebodyWaits: () => untilSomebodyWaits(server),
    close: async () => {
      await database.close();
      await server.drop();
    },
  };
}

async function untilSomebodyWaits(server: TestDatabase): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await server.query(waiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
