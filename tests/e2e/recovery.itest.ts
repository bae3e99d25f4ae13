import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoalEvent, GoalResponse } from '@goalkeeper/contracts';
import { type Fault, FAULT_KINDS, type FaultKind } from '../../libs/testing/src/perturbation/perturb';
import { perturbedTask, writePerturbedPlugin } from '../../libs/testing/src/perturbation/write-perturbed-plugin';
import { type CountingServer } from '../../libs/testing/src/system';
import { startWorld, type World } from './setup';

/** `npm run bench:recovery` sets these: more goals, and a file for what was seen. */
const goals = Number(process.env.GK_RECOVERY_GOALS ?? 8);
const seed = Number(process.env.GK_RECOVERY_SEED ?? 20261123);
const reportFile = process.env.GK_RECOVERY_REPORT;
const MARKS = 3;

/** What was seen of the goals with faults of one kind. */
interface Seen {
  readonly kind: FaultKind;
  readonly goals: number;
  readonly faults: number;
  /** Faulty calls that were taken for failures. */
  readonly noticed: number;
  readonly goalsHit: number;
  readonly recovered: number;
  /** Goals in which every tool of one step refused it: no way was left. */
  readonly hopeless: number;
  /** Calls beyond those of a world without faults. */
  readonly extraCalls: number;
  /** Effects at the outside beyond one for each (goal, step, intent). */
  readonly doubled: number;
  readonly falselySucceeded: number;
}

describe('goals in a world where something goes wrong', () => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    process.stdout.write(`seed ${seed}, ${goals} goals of each kind\n`);
    folder = mkdtempSync(join(tmpdir(), 'gk-recovery-'));
    appendFileSync(join(folder, 'faults.jsonl'), '');
    world = await startWorld({
      GK_PLUGIN_DIRS: writePerturbedPlugin(join(folder, 'plugin')),
      ...{ TEST_FAULT_SEED: String(seed), TEST_FAULT_RATE: '0.25', TEST_FAULT_LOG: join(folder, 'faults.jsonl') },
    });
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const pursue = async (kind: FaultKind): Promise<Seen> => {
    const names = Array.from({ length: goals }, (_, n) => `${kind}-${n}`);
    const ended: { goal: GoalResponse; events: readonly GoalEvent[] }[] = [];
    const queue = [...names];
    const lane = async (): Promise<void> => {
      for (let name = queue.shift(); name; name = queue.shift()) {
        const task = { name: perturbedTask(kind), args: { goal: name, k: MARKS } };
        const { id } = await world.client.submit({ task }, `key-${name}`);
        const goal = await world.client.until(id, undefined, 180_000);
        ended.push({ goal, events: await world.client.events(id) });
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    return seenOf(kind, ended, faultsOf(join(folder, 'faults.jsonl'), kind), world.far);
  };

  it.each(FAULT_KINDS)(
    'recover from faults that are %s, and double no effect',
    async (kind) => {
      const seen = await pursue(kind);
      if (reportFile) appendFileSync(reportFile, `${JSON.stringify(seen)}\n`);
      process.stdout.write(`${JSON.stringify(seen)}\n`);
      expect(seen.faults).toBeGreaterThan(0);
      expect([seen.noticed, seen.doubled, seen.falselySucceeded]).toEqual([seen.faults, 0, 0]);
      expect(seen.recovered + seen.hopeless).toBe(seen.goalsHit);
      expect(seen.recovered).toBeGreaterThan(0);
      expect(seen.extraCalls).toBeLessThanOrEqual(seen.faults);
    },
    600_000,
  );
});

function seenOf(
  kind: FaultKind,
  ended: readonly { readonly goal: GoalResponse; readonly events: readonly GoalEvent[] }[],
  faults: readonly Fault[],
  far: CountingServer,
): Seen {
  const bare = (id: string): string => id.replace(/^goal_/, '').replaceAll('-', '');
  const hit = new Set(faults.map(({ goalId }) => bare(goalId)));
  const failures = ended.map(({ events }) => events.filter(({ type }) => type === 'step.failed').length);
  const effects = far.accepted.filter(({ goal }) => goal.startsWith(kind));
  const distinct = new Set(effects.map(({ goal, step, intent }) => `${goal} ${step} ${intent}`));
  const calls = ended.map(({ events }) => events.filter(({ type }) => /^step\.(completed|failed)$/.test(type)).length);
  const verified = ended.filter(({ goal }) => goal.verified);
  const marks = (goal: GoalResponse): number => effects.filter((one) => one.goal === goal.task?.args['goal']).length;
  const complete = verified.filter(({ goal }) => marks(goal) === MARKS);
  return {
    kind,
    goals: ended.length,
    faults: faults.length,
    noticed: sum(failures),
    goalsHit: hit.size,
    hopeless: kind === 'explicit-transient' ? 0 : hopelessIn(faults),
    recovered: verified.filter(({ goal }) => hit.has(bare(goal.id))).length,
    extraCalls: sum(calls) - sum(ended.map(({ goal }) => (goal.verified ? MARKS : marks(goal)))),
    doubled: effects.length - distinct.size,
    falselySucceeded: verified.length - complete.length,
  };
}

/** Goals with a step that all three of its tools met a fault in. */
function hopelessIn(faults: readonly Fault[]): number {
  const tools = new Map<string, Set<string>>();
  for (const { goalId, stepId, tool } of faults) {
    const key = `${goalId} ${stepId}`;
    tools.set(key, (tools.get(key) ?? new Set()).add(tool));
  }
  return new Set([...tools].flatMap(([key, met]) => (met.size === 3 ? key.split(' ')[0] : []))).size;
}

function faultsOf(file: string, kind: FaultKind): Fault[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Fault).filter((fault) => fault.kind === kind);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
