import { type Advanced, advancing, DEFAULT_SETTINGS, type GoalEvidence, type LessonRecord } from '@goalkeeper/domain';
import { runStream } from '../../libs/domain/src/learning/testing/stream';

const LESSONS = 1_000;
/** Evidence that a round reads: the newest goals, however many episodes there are. */
const GOALS = 1_000;
const ROUNDS = 7;
const LONGEST_MS = 50;

/** `npm run bench:round`: one round of learning over 1,000 lessons and 1,000 goals of evidence, and its longest stretch. */
function main(): number {
  const { evidence, records } = world();
  const lengths: number[] = [];
  const stretches: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times = timesOf(
      advancing({
        ...{ records, evidence, assignments: [], settings: DEFAULT_SETTINGS, versions: {} },
        ...{ nowMs: (evidence.at(-1)?.atMs ?? 0) + round, newId: () => `l-${round}` },
      }),
    );
    lengths.push(times.reduce((sum, time) => sum + time, 0));
    stretches.push(Math.max(...times));
  }
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  const out = (line: string): void => void process.stdout.write(`${line}\n`);
  out(`${records.length} lessons, ${evidence.length} goals of evidence, ${ROUNDS} rounds:`);
  out(
    `processor time: a round takes ${median(lengths).toFixed(0)} ms; its longest stretch ${median(stretches).toFixed(1)} ms (median)`,
  );
  return median(stretches) <= LONGEST_MS ? 0 : 1;
}

/** Milliseconds of processor time of each step: what others on the machine do is not in it. */
function timesOf(steps: Generator<void, Advanced>): number[] {
  const times: number[] = [];
  for (;;) {
    const began = process.cpuUsage();
    const { done } = steps.next();
    const { user, system } = process.cpuUsage(began);
    times.push((user + system) / 1000);
    if (done) return times;
  }
}

/** The goals of one stream four times over, each time as others, and its lessons under many names. */
function world(): { evidence: GoalEvidence[]; records: LessonRecord[] } {
  const size = { goals: GOALS / 4, shiftAt: GOALS / 8, freezeAt: GOALS / 16 };
  const stream = runStream({ arm: 'on', seed: 's', order: 'o', ...size, poison: 0 });
  const evidence = stream.evidence.flatMap((goal) =>
    [0, 1, 2, 3].map((copy) => ({ ...goal, goalId: `${goal.goalId}-${copy}`, atMs: goal.atMs + copy })),
  );
  const known = stream.records.filter(({ status }) => status !== 'retired');
  const records = Array.from({ length: LESSONS }, (_, n): LessonRecord => {
    const record = known[n % known.length] as LessonRecord;
    return { ...record, id: `lesson-${n}`, key: n < known.length ? record.key : `${record.key} | ${n}` };
  });
  return { evidence, records };
}

process.exitCode = main();
