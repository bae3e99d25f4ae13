import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { activityTypes, localActivities, type RecordedHistory, readHistories } from './history-files';
import { recordWays } from './record-ways';

const BUNDLE = resolve('dist/apps/worker/src/workflow-bundle.js');
/** Bytes of one committed history. */
const LARGEST = 200 * 1024;

/** The error of each history that does not replay, by name. */
async function failures(codePath: string, histories: readonly RecordedHistory[]): Promise<Map<string, Error>> {
  const found = new Map<string, Error>();
  const input = histories.map(({ name, history }) => ({ workflowId: name, history }));
  const options = { workflowBundle: { codePath }, replayName: 'replay-test' };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, input))
    if (error) found.set(workflowId, error);
  return found;
}

/**
 * Histories of goals as they went on a real engine: workflow code that is changed must go the same way when it meets them
 * again. `node tests/replay/record.mjs` records them anew, after a change that is meant.
 */
describe('recorded goals', () => {
  let histories: readonly RecordedHistory[];
  let dir: string;

  beforeAll(async () => {
    const groups = process.env.GK_RECORD_HISTORIES;
    if (groups) await recordWays(groups === 'all' ? [] : groups.split(','));
    histories = readHistories();
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'error' } } });
    dir = mkdtempSync(join(tmpdir(), 'gk-replay-'));
  }, 400_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const named = (name: string): RecordedHistory => {
    const found = histories.find((recorded) => recorded.name === name);
    if (!found) throw new Error(`No history named ${name}: run node tests/replay/record.mjs`);
    return found;
  };

  it('replay against the workflow code of this build', async () => {
    expect(histories.length).toBeGreaterThanOrEqual(15);
    expect(await failures(BUNDLE, histories)).toEqual(new Map());
  }, 60_000);

  it('tell nothing of the machine they were made on, and stay small', () => {
    for (const { name, history } of histories) {
      const text = JSON.stringify(history);
      expect([name, text.length < LARGEST]).toEqual([name, true]);
      expect(text).not.toMatch(/"identity":"(?!worker")|"stackTrace":"[^"]/);
    }
  });

  it.each(['reference', 'remote-decisions'])('%s names planning, selection, call and analysis', (name) => {
    const mind = ['planGoal', 'selectAction', 'callTool', 'analyseObservation'];
    const types = [...activityTypes(named(name).history)];
    expect(types).toEqual(expect.arrayContaining([...mind, 'recallMemory', 'verifyGoal', 'learnFromGoal']));
  });

  it('judges successes on the fast lane together, those of an older plan one by one', () => {
    const judged = (name: string): number =>
      localActivities(named(name).history).filter((type) => type === 'analyseObservation').length;
    const calls = (name: string): number =>
      localActivities(named(name).history).filter((type) => type === 'callTool').length;
    for (const how of ['fast-lane', 'each-judgement-alone']) expect([how, calls(how)]).toEqual([how, 10]);
    expect([judged('fast-lane'), judged('each-judgement-alone')]).toEqual([2, 10]);
    expect([judged('fast-lane-short'), judged('each-judgement-alone-short')]).toEqual([1, 2]);
  });

  describe('that meet changed workflow code', () => {
    /** Each change: what it is, the text of the bundle, its replacement, a goal that it lets down. */
    const changes: readonly [what: string, from: RegExp, to: string, victim: string][] = [
      ['no recall', /run\.recall = await \(0, \w+\.recallMemory\)\([^;]*\);/, '', 'reference'],
      ['another activity', /(\w+)\.verifyGoal\)\(/, '$1.checkGate)(', 'reference'],
      [
        'a timer before the plan',
        /run\.state = 'planning';/,
        '$& await new Promise((resolve) => setTimeout(resolve, 5));',
        'report',
      ],
      [
        'a time-out of a local activity taken for a defect',
        / \|\| error instanceof \w+\.TimeoutFailure\)/,
        ')',
        'cut-off',
      ],
    ];

    it.each(changes)(
      'with %s do not replay',
      async (_what, from, to, victim) => {
        const code = readFileSync(BUNDLE, 'utf8');
        expect(code).toMatch(from);
        const changed = join(dir, 'changed.js');
        writeFileSync(changed, code.replace(from, to));
        const errors = await failures(changed, histories);
        // A change among local activities is met as an error of the workflow: it is handed the result of another one.
        expect(errors.get(victim)?.name).toMatch(/^(DeterminismViolationError|ReplayError)$/);
      },
      60_000,
    );

    it('but the same code in another file replays: it is the change that is found', async () => {
      const copy = join(dir, 'copy.js');
      writeFileSync(copy, readFileSync(BUNDLE));
      expect(await failures(copy, histories)).toEqual(new Map());
    }, 60_000);
  });
});
