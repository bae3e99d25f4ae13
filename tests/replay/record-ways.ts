import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { Client as Database } from 'pg';
import { parsePublicId } from '@goalkeeper/domain';
import { DEFAULT_TENANT_ID } from '@goalkeeper/persistence';
import { goalWorkflowId } from '@goalkeeper/workflows/client';
import type { CreateGoalInput } from '@goalkeeper/contracts';
import { SHORT_HISTORIES, SLOW_MS, startWorld, type World } from '../e2e/setup';
import { recordHistory } from './history-files';

type Args = Record<string, string | number>;

/** Pursues one goal each way on a running world and keeps the histories. */
class Recorder {
  private constructor(
    private readonly world: World,
    private readonly connection: Connection,
    private readonly engine: Client,
  ) {}

  static async on(world: World): Promise<Recorder> {
    const connection = await Connection.connect({ address: (await world.system.about()).temporal });
    return new Recorder(world, connection, new Client({ connection }));
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  async submit(name: string, task: string, args: Args = {}, more: Partial<CreateGoalInput> = {}): Promise<string> {
    const body = { task: { name: task, args }, ...more };
    return (await this.world.client.submit(body, `record-${name}`)).id;
  }

  /** Submits a goal, lets something happen to it, waits for its end and keeps its history. */
  async goal(
    name: string,
    [task, args, more]: [task: string, args?: Args, more?: Partial<CreateGoalInput>],
    meanwhile?: (id: string) => Promise<unknown>,
  ): Promise<string> {
    const goalArgs = task.startsWith('data.') ? args : { goal: name, ...args };
    const id = await this.submit(name, task, goalArgs, more);
    await meanwhile?.(id);
    await this.world.client.until(id);
    await this.keep(name, this.handle(id));
    return id;
  }

  /** The handle of a goal's first or a later run. */
  handle(id: string, runId?: string): WorkflowHandle {
    const goalId = parsePublicId('goal', id) ?? '';
    return this.engine.workflow.getHandle(goalWorkflowId({ tenantId: DEFAULT_TENANT_ID, goalId }), runId);
  }

  /** A workflow ends a moment after its goal: the history is whole only then. */
  async keep(name: string, handle: WorkflowHandle): Promise<void> {
    await this.engine.workflow.getHandle(handle.workflowId).result();
    await recordHistory(name, handle);
  }

  /** Has the goal's workflow asked for such a remote activity? */
  async hasScheduled(id: string, activity: string): Promise<boolean> {
    const history = await this.handle(id)
      .fetchHistory()
      .catch(() => null); // not started yet
    return (history?.events ?? []).some(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === activity,
    );
  }

  async untilStarted(id: string): Promise<void> {
    while (!(await this.world.client.events(id)).some(({ type }) => type === 'step.started'))
      await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function onWorld(
  start: Promise<World>,
  work: (recorder: Recorder, world: World) => Promise<unknown>,
): Promise<void> {
  const world = await start;
  const recorder = await Recorder.on(world);
  try {
    await work(recorder, world);
  } finally {
    await recorder.close();
    await world.close();
  }
}

/** Ways that are recorded together, on a world of their own. */
const GROUPS: Readonly<Record<string, () => Promise<void>>> = {
  local: () => onWorld(startWorld(), recordLocal),
  remote: () =>
    onWorld(startWorld({ DECISION_ACTIVITIES: 'remote' }), async (recorder) => {
      await recorder.goal('remote-decisions', ['reference.run', { k: 3 }]);
      await recorder.goal('remote-decisions-replanned', ['test.other-way']);
    }),
  'fast-lane': () =>
    onWorld(startWorld(), async (recorder, { system }) => {
      await system.query('CREATE TABLE tool_calls (goal text, step integer, pid integer)');
      await system.query('GRANT ALL ON tool_calls TO PUBLIC');
      await recorder.goal('fast-lane', ['reference.run', { k: 10, class: 'transactional' }]);
      await recorder.goal('fast-lane-short', ['reference.run', { k: 2, class: 'transactional' }]);
    }),
  handover: () => onWorld(startWorld({}, SHORT_HISTORIES), recordHandover),
  'cut-off': () => onWorld(startWorld(), recordCutOff),
};

/** Records anew the ways of these groups; all where none is named. */
export async function recordWays(names: readonly string[]): Promise<void> {
  for (const name of names.length > 0 ? names : Object.keys(GROUPS)) {
    const record = GROUPS[name];
    if (!record) throw new Error(`No group of ways is called ${name}; there are ${Object.keys(GROUPS).join(', ')}`);
    await record();
  }
}

/** Planning as a local activity runs out of time before a store that does not answer; the remote one takes over. */
async function recordCutOff(recorder: Recorder, { system }: World): Promise<void> {
  const { databaseUrl } = await system.about();
  const store = new Database({ connectionString: databaseUrl });
  await store.connect();
  try {
    await store.query('BEGIN; LOCK TABLE plan IN ACCESS EXCLUSIVE MODE');
    const id = await recorder.submit('cut-off', 'test.work', { goal: 'cut-off', k: 1 });
    while (!(await recorder.hasScheduled(id, 'planGoal'))) await new Promise((resolve) => setTimeout(resolve, 250));
    await store.query('ROLLBACK');
    await recorder.keep('cut-off', recorder.handle(id));
  } finally {
    await store.end();
  }
}

async function recordLocal(recorder: Recorder, { client }: World): Promise<void> {
  await recorder.goal('reference', ['reference.run', { k: 3 }]);
  await recorder.goal('retried', ['test.wobble', { failures: 1 }]);
  await recorder.goal('alternative-tool', ['test.detour']);
  await recorder.goal('replanned', ['test.other-way']);
  await recorder.goal('gave-up', ['test.hopeless']);
  await recorder.goal('too-long', ['test.work', { k: 5 }, { maxSteps: 4 }]);
  await recorder.goal('paused-and-resumed', ['test.work', { k: 2, ms: 600 }], async (id) => {
    await recorder.untilStarted(id);
    await client.command(id, 'pause', 'to record it');
    await client.until(id, ['paused']);
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // the call under way ends, and no other begins
    await client.command(id, 'resume');
  });
  await recorder.goal('cancelled', ['test.work', { k: 2, ms: SLOW_MS }], async (id) => {
    await recorder.untilStarted(id);
    await client.command(id, 'cancel', 'to record it');
  });
  const deadline = new Date(Date.now() + 1_500).toISOString();
  await recorder.goal('timed-out', ['test.work', { k: 1, ms: SLOW_MS }, { deadline }]);
  const slow = await recorder.submit('awaited', 'test.work', { goal: 'awaited', k: 1, ms: 1_200 });
  await recorder.goal('waited-for-another', ['test.work', { k: 1 }, { dependsOn: [slow] }]);
  const hopeless = await recorder.submit('lost', 'test.hopeless', { goal: 'lost' });
  await recorder.goal('dependency-failed', ['test.work', { k: 1 }, { dependsOn: [hopeless] }]);
  await recorder.goal('raised-a-goal', ['test.family']);
  await recorder.goal('lost-its-child', ['test.lost-child']);
  await recorder.goal('repaired', ['test.session']);
  const asking: Partial<CreateGoalInput> = { dependsOn: [hopeless], dependencyPolicy: 'ask' };
  await recorder.goal('asked', ['test.work', { k: 1 }, asking], async (id) => {
    await client.until(id, ['waiting_input']);
    await client.answer(id, { choice: 'go_on' });
  });
  await recorder.goal('nobody-answered', ['test.work', { k: 1 }, { ...asking, answerWithinSeconds: 1 }]);
  await recorder.goal('report', ['data.report', { source: 'sample:weather.csv' }]);
}

/** A goal whose first history became too long, and the one that went on. */
async function recordHandover(recorder: Recorder, { client }: World): Promise<void> {
  const id = await recorder.submit('handed-over', 'test.work', { goal: 'handed-over', k: 12 });
  await client.until(id);
  const last = await recorder.handle(id).describe();
  const first = await recorder.handle(id).fetchHistory();
  const runs = new Set([first.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId, last.runId]);
  let number = 0;
  for (const runId of runs)
    await recorder.keep(`handed-over-${(number += 1)}`, recorder.handle(id, runId ?? undefined));
}
