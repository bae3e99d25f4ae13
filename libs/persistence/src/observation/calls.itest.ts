import type { Analysis } from '@goalkeeper/domain';
import {
  aBeginCall,
  aFinishCall,
  anObservation,
  aPlanStep,
  aProducedFile,
  openTestStore,
  type StoredGoal,
  type TestStore,
} from '@goalkeeper/testing';
import { ArtifactRepository } from '../artifacts/artifact.repository';
import { GoalRepository } from '../goals/goal.repository';
import { newId } from '../ids';
import { EffectRepository } from '../tools/effect.repository';
import type { FinishCall } from './call';
import { CallRepository, GoalStoppedError } from './call.repository';
import { VerificationStore } from './verification.repository';

const [earlier, step] = [aPlanStep('earlier'), aPlanStep('write')];
const event = (type: string) => ({ type, stepId: step.id, data: { of: type } });
const analysis: Analysis = { stepId: earlier.id, next: 'continue', reason: 'done', progress: 0.5, retryAfterMs: 0 };

describe('a call', () => {
  let store: TestStore;
  const calls = (goal: StoredGoal) => new CallRepository(store.database, goal);
  const ledger = (goal: StoredGoal) => store.inTenant((tx) => new EffectRepository(tx).list(goal.goalId));
  const files = (goal: StoredGoal) => store.inTenant((tx) => new ArtifactRepository(tx).listByGoal(goal.goalId));
  const record = (goal: StoredGoal) => store.inTenant((tx) => new GoalRepository(tx).get(goal.goalId));
  /** Everything the store knows of a goal. */
  const everything = (goal: StoredGoal) =>
    Promise.all([store.steps, store.calls, store.events, ledger, files, record].map((look) => look(goal)));
  const types = async (goal: StoredGoal) => (await store.events(goal)).slice(2).map(({ type }) => type);

  /** A goal whose first step is done, and whose second one was begun with an effect. */
  const begun = async (): Promise<{ goal: StoredGoal; finish: FinishCall }> => {
    const goal = await store.planned([earlier, step]);
    await calls(goal).begin(aBeginCall(earlier));
    await calls(goal).finish(aFinishCall(earlier));
    const key = newId();
    await calls(goal).begin(aBeginCall(step, { effect: { key, intent: 'i', class: 'idempotent' } }));
    const finish = aFinishCall(step, {
      effect: { key, state: 'confirmed', result: { id: 7 } },
      files: [aProducedFile('a.txt'), aProducedFile('b.txt')],
      analyses: [{ ...analysis, callNo: 1 }],
      eventsBefore: [event('effect.recorded')],
      eventsAfter: [event('observation.recorded'), event('step.completed')],
    });
    return { goal, finish };
  };

  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  it('that came back is stored in one go, with all that follows from it', async () => {
    const { goal, finish } = await begun();
    expect(await calls(goal).finish(finish)).toEqual({ end: 'stored' });
    const [done, written] = await store.calls(goal);
    expect(done?.analysis).toEqual(analysis);
    expect(written).toMatchObject({ outcome: 'success', observation: finish.observation, analysis: null });
    expect(await store.steps(goal)).toMatchObject([{}, { id: step.id, state: 'succeeded', output: { rows: 3 } }]);
    expect(await ledger(goal)).toMatchObject([{ state: 'confirmed', result: { id: 7 }, settledAt: expect.any(Date) }]);
    const { goalId } = goal;
    const listed = { goalId, stepId: step.id, mediaType: 'text/plain', sizeBytes: 1, direction: 'out' };
    expect(new Set(await files(goal))).toEqual(
      new Set(
        finish.files.map(({ id, name, sha256 }) => ({ ...listed, id, name, sha256, createdAt: expect.any(Date) })),
      ),
    );
    const told = (await store.events(goal)).slice(2);
    expect(told.map(({ seq, type, data }) => [seq, type, data])).toEqual([
      [3, 'effect.recorded', { of: 'effect.recorded' }],
      [4, 'artifact.created', { name: 'a.txt' }],
      [5, 'artifact.created', { name: 'b.txt' }],
      [6, 'observation.recorded', { of: 'observation.recorded' }],
      [7, 'step.completed', { of: 'step.completed' }],
    ]);
    expect(await record(goal)).toMatchObject({ callsMade: 2, eventSeq: 7, state: 'running' });
  });

  it('is refused as a whole while the goal is in a state that takes no result', async () => {
    const { goal, finish } = await begun();
    await store.force(goal, 'cancelling');
    const before = await everything(goal);
    const refused = calls(goal).finish({ ...finish, refuseWhen: ['paused', 'cancelling'] });
    await expect(refused).rejects.toThrow(GoalStoppedError);
    expect(await everything(goal)).toEqual(before);
    expect(await calls(goal).finish({ ...finish, refuseWhen: ['paused'] })).toEqual({ end: 'stored' });
  });

  it('is not even begun while the goal is in a state that takes none', async () => {
    const goal = await store.planned([step]);
    await store.force(goal, 'cancelling');
    const before = await everything(goal);
    const told = {
      events: { first: event('step.started'), again: event('again') },
      refuseWhen: ['cancelling'],
    } as const;
    const call = aBeginCall(step, { ...told, effect: { key: newId(), intent: 'i', class: 'once' } });
    await expect(calls(goal).begin(call)).rejects.toThrow(GoalStoppedError);
    expect(await everything(goal)).toEqual(before);
    expect(await store.server.query('SELECT FROM decision WHERE goal_id = $1', [goal.goalId])).toEqual([]);
  });

  it('tells of a file once, whichever step brings it again', async () => {
    const { goal, finish } = await begun();
    await calls(goal).finish(finish);
    const again = aPlanStep('again');
    await calls(goal).begin(aBeginCall(again));
    const brought = [aProducedFile('a.txt'), aProducedFile('c.txt'), aProducedFile('c.txt')];
    await calls(goal).finish(aFinishCall(again, { files: brought, eventsAfter: [event('step.completed')] }));
    const told = (await store.events(goal)).slice(7);
    expect(told.map(({ seq, type, data }) => [seq, type, data])).toEqual([
      [8, 'artifact.created', { name: 'c.txt' }],
      [9, 'step.completed', { of: 'step.completed' }],
    ]);
    const names = (await files(goal)).map(({ name, stepId }) => [name, stepId]);
    expect(names.sort()).toEqual([
      ['a.txt', step.id],
      ['b.txt', step.id],
      ['c.txt', again.id],
    ]);
    const changed = aProducedFile('a.txt', { sha256: '1'.repeat(64) });
    await calls(goal).begin(aBeginCall(aPlanStep('changed')));
    await calls(goal).finish(aFinishCall(aPlanStep('changed'), { files: [changed] }));
    expect((await types(goal)).slice(-1)).toEqual(['artifact.created']);
  });

  it('leaves what a check starts from', async () => {
    const { goal, finish } = await begun();
    await calls(goal).finish(finish);
    const { outputs, produced } = await new VerificationStore(store.database, goal).workDone();
    expect(outputs).toEqual({ earlier: { rows: 3 }, write: { rows: 3 } });
    const shown = finish.files.map(({ event: _told, ...file }) => file);
    expect(new Set(produced)).toEqual(new Set(shown));
  });

  it('that failed leaves no output behind, and the next call of its step does', async () => {
    const goal = await store.planned([step]);
    const failure = anObservation(step.id, { outcome: 'failure' });
    await calls(goal).begin(aBeginCall(step));
    await calls(goal).finish(aFinishCall(step, { observation: failure, state: 'failed', output: null }));
    const findings = new VerificationStore(store.database, goal);
    expect(await findings.workDone()).toEqual({ outputs: {}, produced: [] });
    await calls(goal).begin(aBeginCall(step, { callNo: 2 }));
    await calls(goal).finish(aFinishCall(step, { callNo: 2 }));
    expect(await findings.workDone()).toEqual({ outputs: { write: { rows: 3 } }, produced: [] });
  });

  it('has its result stored once when many attempts bring it at the same time', async () => {
    const { goal, finish } = await begun();
    const attempts = Array.from({ length: 10 }, (_, index) =>
      calls(goal).finish({ ...finish, observation: anObservation(step.id, { summary: `attempt ${index}` }) }),
    );
    const ends = await Promise.all(attempts);
    expect(ends.filter(({ end }) => end === 'stored')).toHaveLength(1);
    const [, kept] = await store.calls(goal);
    for (const end of ends) if (end.end === 'known') expect(end.observation).toEqual(kept?.observation);
    expect(kept?.observation?.summary).toBe(`attempt ${ends.findIndex(({ end }) => end === 'stored')}`);
    expect(await record(goal)).toMatchObject({ callsMade: 2, eventSeq: 7 });
  });
});
