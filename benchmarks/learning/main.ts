import { LESSON_KINDS } from '@goalkeeper/domain';
import { intervalOf, type Measured, measureStream, POISON_SHARE, recoveryOf, resampled, STREAM } from './measure';

const ORDERS = 5;
const SEEDS = 5;

interface Line {
  readonly figure: string;
  readonly target: string;
  readonly seen: string;
  readonly isMet: boolean;
}

/** `npm run bench:learning`: five orders, five seeds; `--json` for one object; exit 1 when a target is missed. */
function main(): number {
  const isJson = process.argv.includes('--json');
  const measured: Measured[] = [];
  for (let order = 1; order <= ORDERS; order += 1) {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      measured.push(measureStream(`seed-${seed}`, `order-${order}`));
      process.stderr.write(`\rstream ${measured.length} of ${ORDERS * SEEDS}`);
    }
  }
  process.stderr.write('\n');
  const lines = linesOf(measured);
  if (isJson) process.stdout.write(`${JSON.stringify({ stream: STREAM, lines, measured })}\n`);
  else print(lines, measured);
  return lines.every(({ isMet }) => isMet) ? 0 : 1;
}

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

function linesOf(measured: readonly Measured[]): Line[] {
  const figure = (name: string, valueOf: (one: Measured) => number) => intervalOf(measured.map(valueOf), name);
  const shown = ({ value, low, high }: { value: number; low: number; high: number }): string =>
    `${percent(value)} [${percent(low)}, ${percent(high)}]`;
  const on = figure('on', ({ lift }) => lift.on);
  const frozen = figure('frozen', ({ lift }) => lift.frozen);
  const placebo = figure('placebo', ({ lift }) => lift.placebo);
  const lost = figure('poison', ({ lift }) => lift.on - lift.poisoned);
  const recovery = resampled(measured, 'recovery', recoveryOf);
  const poisoned = measured.flatMap(({ poisonedActive }) => poisonedActive);
  const clean = measured.reduce((sum, { activeUnderPoison }) => sum + activeUnderPoison, 0);
  const holding = measured.filter(({ holdsInstances }) => holdsInstances).length;
  const harm = figure('harm', ({ harm }) => harm.on);
  const goals = `${recovery.value.toFixed(0)} [${recovery.low.toFixed(0)}, ${recovery.high.toFixed(0)}] goals`;
  return [
    { figure: 'steps saved, on against off', target: '≥ 20 %', seen: shown(on), isMet: on.value >= 0.2 && on.low > 0 },
    { figure: 'goals lost, on against off', target: '≤ 1 %', seen: shown(harm), isMet: harm.value <= 0.01 },
    { figure: 'steps saved, frozen before the shift', target: 'shown only', seen: shown(frozen), isMet: true },
    {
      figure: 'steps saved, placebo',
      target: 'within ±3 %',
      seen: shown(placebo),
      isMet: Math.abs(placebo.value) <= 0.03,
    },
    { figure: 'recovery after the shift', target: '≤ 20 goals', seen: goals, isMet: recovery.value <= 20 },
    {
      figure: `lift lost with ${percent(POISON_SHARE)} poisoned`,
      target: '≤ 3 points',
      seen: shown(lost),
      isMet: lost.value <= 0.03,
    },
    { figure: 'poisoned lessons active', target: '0', seen: String(poisoned.length), isMet: poisoned.length === 0 },
    { figure: 'clean lessons active under poison', target: '> 0', seen: String(clean), isMet: clean > 0 },
    { figure: 'streams with a goal’s data in a lesson', target: '0', seen: String(holding), isMet: holding === 0 },
  ];
}

function print(lines: readonly Line[], measured: readonly Measured[]): void {
  const out = (line: string): void => void process.stdout.write(`${line}\n`);
  out(
    `${measured.length} streams (${ORDERS} orders × ${SEEDS} seeds) of ${STREAM.goals} goals, tools turn around at goal ${STREAM.shiftAt}`,
  );
  out('');
  out('| arm | calls a goal | verified | questions a goal |\n|---|---|---|---|');
  for (const arm of ['off', 'on', 'frozen', 'placebo', 'poisoned'] as const) {
    const calls = intervalOf(
      measured.map(({ meanCalls }) => meanCalls[arm]),
      arm,
    );
    const verified = intervalOf(
      measured.map((one) => one.verified[arm]),
      arm,
    );
    const questions = intervalOf(
      measured.map((one) => one.questions[arm]),
      arm,
    );
    out(
      `| ${arm} | ${calls.value.toFixed(2)} [${calls.low.toFixed(2)}, ${calls.high.toFixed(2)}] | ${percent(verified.value)} | ${questions.value.toFixed(3)} |`,
    );
  }
  out('\n| kind of lesson | tried | active |\n|---|---|---|');
  for (const kind of LESSON_KINDS) {
    const sum = (which: 'tried' | 'active'): number =>
      measured.reduce((so, { kinds }) => so + (kinds[kind]?.[which] ?? 0), 0);
    out(`| ${kind} | ${sum('tried')} | ${sum('active')} |`);
  }
  out('\n| figure | target | seen, 95 % interval | |\n|---|---|---|---|');
  for (const { figure, target, seen, isMet } of lines)
    out(`| ${figure} | ${target} | ${seen} | ${isMet ? 'met' : 'MISSED'} |`);
}

process.exitCode = main();
