import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchIntent } from '../../libs/domain/src/intent/match-intent';
import { parsePack } from '../../libs/domain/src/planning/parse-pack';
import type { TaskDef } from '../../libs/domain/src/planning/pack';
import { type Expected, report as reportSlots, type Slots, slotsIn } from './slots';
import { fit, lossOf, outcomesAt, samplesOf } from './fit';
import { confidencesOf } from '../../libs/domain/src/intent/confidence';

/** A wording with the task that it means; null where it means none. */
interface Wording {
  readonly words: string;
  readonly name: string | null;
  /** The arguments that the words give; absent where nobody wrote them down. */
  readonly args?: Expected;
}

const PACKS = ['data', 'web', 'files', 'research', 'code', 'service'];
const root = process.cwd();
const json = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** The tasks of all shipped packs that can be asked for, available here or not. */
export function shippedTasks(): readonly TaskDef[] {
  return PACKS.flatMap((name) => parsePack(json(`libs/tools/src/${name}/${name}.pack.json`)).tasks).filter(
    ({ success }) => success.length > 0,
  );
}

const grouped = (path: string): Wording[] =>
  Object.entries(json(path) as Record<string, (string | [string, Expected])[]>).flatMap(([key, list]) => {
    const name = key === 'none' ? null : key;
    return list.map((one) => (typeof one === 'string' ? { words: one, name } : { words: one[0], name, args: one[1] }));
  });

function refit(tasks: readonly TaskDef[]): void {
  const told = grouped('benchmarks/intent/training.json');
  const samples = samplesOf(tasks, {
    nonsense: told.filter(({ name }) => name === null).map(({ words }) => words),
    wordings: told.flatMap(({ words, name }) => (name === null ? [] : [{ words, name }])),
  });
  const weights = fit(samples);
  const rounded = JSON.stringify(
    weights,
    (_, value: unknown) => (typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value),
    2,
  );
  const text = `import type { IntentWeights } from './confidence';

/** Made by \`npm run bench:intent -- --fit\`; not written by hand. */
export const WEIGHTS: IntentWeights = ${rounded.replace(/"([A-Za-z]+)":/g, '$1:')};
`;
  writeFileSync(join(root, 'libs/domain/src/intent/weights.ts'), text);
  console.log(`${samples.length} samples, loss ${lossOf(samples, weights).toFixed(4)} nats; weights written`);
  console.log('\n| sure from | right | not taken | wrong | nonsense taken |\n| --- | ---: | ---: | ---: | ---: |');
  for (const sure of [0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9]) {
    const { right, asked, wrong, taken } = outcomesAt(samples, weights, sure);
    console.log(`| ${sure} | ${percent(right, 1)} | ${percent(asked, 1)} | ${percent(wrong, 1)} | ${taken} |`);
  }
  if (!process.argv.includes('--list')) return;
  for (const { words, name, features, isReal, right } of samples) {
    const confidences = confidencesOf(features, weights);
    const best = Math.max(...confidences);
    if (isReal && (right < 0 ? best > 0.4 : (confidences[right] ?? 0) < 0.6))
      console.log(`${name ?? 'none'}\t${tasks[confidences.indexOf(best)]?.name ?? ''} ${best.toFixed(2)}\t${words}`);
  }
}

interface Judged {
  readonly wording: Wording;
  readonly outcome: 'right' | 'ask' | 'unknown' | 'wrong';
  readonly confidence: number;
  readonly isRight: boolean;
  readonly took: string;
  /** Slots of a reading that was taken or asked about, where the task is right. */
  readonly slots: Slots | null;
}

function judge(wording: Wording, tasks: readonly TaskDef[]): Judged {
  const match = matchIntent(wording.words, tasks);
  const [best] =
    match.kind === 'task'
      ? [{ task: match.task, confidence: match.confidence }]
      : match.kind === 'ask'
        ? match.options
        : match.kind === 'unknown'
          ? match.nearest
          : [match.option];
  const took = best?.task.name ?? '';
  const isRight = took === wording.name;
  const outcome = match.kind === 'task' ? (isRight ? 'right' : 'wrong') : match.kind === 'ask' ? 'ask' : 'unknown';
  const isRead = isRight && wording.args !== undefined && (outcome === 'right' || outcome === 'ask');
  const slots = isRead ? slotsIn(wording.args ?? {}, best?.task.args ?? {}, outcome === 'right') : null;
  return { wording, outcome, confidence: best?.confidence ?? 0, isRight, took, slots };
}

const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

function report(title: string, judged: readonly Judged[]): void {
  const of = (outcome: Judged['outcome']): number => judged.filter((one) => one.outcome === outcome).length;
  const right = judged.filter(({ wording, outcome }) =>
    wording.name === null ? outcome === 'unknown' : outcome === 'right',
  ).length;
  console.log(
    `| ${title} | ${judged.length} | ${percent(right, judged.length)} | ${percent(of('ask'), judged.length)} | ${percent(of('unknown'), judged.length)} | ${of('wrong')} |`,
  );
}

function calibration(judged: readonly Judged[]): void {
  const rate = judged.filter(({ isRight }) => isRight).length / judged.length;
  const brier =
    judged.reduce((sum, { confidence, isRight }) => sum + (confidence - Number(isRight)) ** 2, 0) / judged.length;
  const base = rate * (1 - rate);
  console.log('\n| confidence | wordings | mean | right |\n| --- | ---: | ---: | ---: |');
  for (const [low, high] of [
    [0, 0.25],
    [0.25, 0.5],
    [0.5, 0.8],
    [0.8, 0.95],
    [0.95, 1.01],
  ] as const) {
    const own = judged.filter(({ confidence }) => confidence >= low && confidence < high);
    const mean = own.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, own.length);
    console.log(
      `| ${low}–${Math.min(1, high)} | ${own.length} | ${percent(mean, 1)} | ${percent(own.filter(({ isRight }) => isRight).length, own.length)} |`,
    );
  }
  console.log(`\nBrier score ${brier.toFixed(3)}, skill over the base rate ${(1 - brier / base).toFixed(2)}`);
}

const SETS = ['benchmarks/intent/held-out.json', 'benchmarks/intent/second.json'];

function main(): void {
  const tasks = shippedTasks();
  if (process.argv.includes('--fit')) return refit(tasks);
  const named = process.argv.filter((arg) => arg.endsWith('.json'));
  const good = (named.length > 0 ? named : SETS).map((file) => measure(file, tasks));
  process.exitCode = good.every(Boolean) ? 0 : 1;
}

/** Prints how the wordings of one set are read; true when the figures are as good as they must be. */
function measure(file: string, tasks: readonly TaskDef[]): boolean {
  console.log(`\n${file}\n`);
  if (!existsSync(join(root, file))) throw new Error(`${file} is missing`);
  const judged = grouped(file).map((wording) => judge(wording, tasks));
  const meant = judged.filter(({ wording }) => wording.name !== null);
  const none = judged.filter(({ wording }) => wording.name === null);
  console.log('| wordings | n | right | asks | unknown | wrong |\n| --- | ---: | ---: | ---: | ---: | ---: |');
  report('held out', meant);
  report('nonsense (right: unknown)', none);
  for (const pack of PACKS)
    report(
      `held out, ${pack}`,
      meant.filter(({ wording }) => wording.name?.startsWith(`${pack}.`)),
    );
  reportSlots(judged.flatMap(({ slots }) => (slots ? [slots] : [])));
  calibration(judged);
  const missed = judged.filter(({ wording, outcome }) =>
    wording.name === null ? outcome !== 'unknown' : outcome !== 'right',
  );
  if (process.argv.includes('--list')) {
    for (const { wording, slots } of judged)
      for (const { param, expected, got } of slots?.wrong ?? [])
        console.log(`slot\t${param}\t${JSON.stringify(got)} for ${JSON.stringify(expected)}\t${wording.words}`);
    for (const { wording, outcome, took, confidence } of missed)
      console.log(`${outcome}\t${wording.name ?? 'none'}\t${took} ${confidence.toFixed(2)}\t${wording.words}`);
  }
  const wrong = none.filter(({ outcome }) => outcome === 'wrong').length;
  const share = meant.filter(({ outcome }) => outcome === 'right').length / Math.max(1, meant.length);
  const asks = meant.filter(({ outcome }) => outcome === 'ask').length / Math.max(1, meant.length);
  return share >= 0.8 && asks <= 0.15 && wrong === 0;
}

main();
