import { confidencesOf, type IntentWeights } from '../../libs/domain/src/intent/confidence';
import { FEATURES, type Features, readAs } from '../../libs/domain/src/intent/features';
import { lexiconOf } from '../../libs/domain/src/intent/lexicon';
import { readValues } from '../../libs/domain/src/intent/slots';
import { contentStems, tokens } from '../../libs/domain/src/intent/words';
import type { TaskDef } from '../../libs/domain/src/planning/pack';

/** A text with the place of the right task among the candidates; −1 where none is meant. */
export interface Sample {
  readonly features: readonly Features[];
  readonly right: number;
  readonly weight: number;
  readonly words: string;
  /** The task that is meant; null where none is. */
  readonly name: string | null;
  /** Whether a person might have written it. */
  readonly isReal: boolean;
}

const FOLDS = 15;
const ROUNDS = 1_200;
const STEP = 0.25;
/** Pull of each weight towards 0. */
const RIDGE = 0.001;

const FILES: Readonly<Record<string, readonly string[]>> = {
  table: ['sales.csv', './data/orders.json', 'sample:weather.csv', 'logs.parquet', '/srv/exports/q1.tsv'],
  text: ['handbook.md', './notes/minutes.txt', 'policy.html', '/srv/docs/contract.txt', 'faq.md'],
  code: ['main.py', './scripts/build.js', 'tool.sh', '/srv/app/job.py', 'bench.ts'],
  folder: ['./docs', '/home/me/photos', './src/app', '~/Downloads', '../inbox'],
};
const COLUMNS = ['region', 'price', 'customer_id', 'temperature', 'country'];
const TOPICS = [
  ...['the refund period', 'annual leave', 'who signs contracts', 'safety at work', 'delivery times', 'travel'],
  ...['the battery of the old model', 'rent', 'penalties for late payment', 'noise at night', 'lost luggage'],
];
const CODES = ['"print(1 + 1)"', '"echo hi"', '`2 ** 10`', '"console.log(3)"', '"sum(range(10))"'];
const DURATIONS = ['10 minutes', '30 seconds', '2 hours', '90 s', '5 min'];
const pick = (list: readonly string[], n: number): string => list[n % list.length] ?? '';

function sourceOf({ endings }: { readonly endings?: readonly string[] }, n: number): string {
  if (endings?.length === 0) return pick(FILES.folder ?? [], n);
  if (endings?.includes('csv')) return pick(FILES.table ?? [], n);
  if (endings?.includes('py')) return pick(n % 3 === 0 ? (FILES.folder ?? []) : (FILES.code ?? []), n);
  if (endings?.includes('md')) return pick(n % 4 === 0 ? (FILES.folder ?? []) : (FILES.text ?? []), n);
  return pick([...(FILES.folder ?? []), ...(FILES.table ?? []), ...(FILES.text ?? [])], n * 7);
}

/** A phrasing with values in its slots; `n` chooses them. */
export function rendered(task: TaskDef, phrasing: string, n: number): string {
  let at = n;
  return phrasing.replace(/\{([A-Za-z_]\w*)\}/g, (_, name: string) => {
    const param = task.params.find((one) => one.name === name);
    at += 1;
    switch (param?.type) {
      case 'source':
        return sourceOf(param, at);
      case 'sources':
        return at % 3 === 0 ? `${sourceOf(param, at)} and ${sourceOf(param, at + 1)}` : sourceOf(param, at);
      case 'url':
        return `https://example.org/${pick(['', 'status', 'a/b', 'news?x=1', 'api/v1/items'], at)}`;
      case 'column':
        return pick(COLUMNS, at);
      case 'duration':
        return pick(DURATIONS, at);
      case 'integer':
      case 'number':
        return String(3 + (at % 9));
      case 'language':
        return pick(['python', 'node', 'bash'], at);
      case 'format':
        return pick(['json', 'csv', 'parquet', 'pdf', 'html'], at);
      case 'code':
        return pick(CODES, at);
      case 'text':
        return name === 'command'
          ? pick(['"npm test"', '"make check"'], at)
          : name === 'by'
            ? pick(['date', 'kind', 'size'], at)
            : pick(TOPICS, at);
      default:
        return pick(TOPICS, at);
    }
  });
}

/** Reads texts against tasks of which the phrasings of one fold are hidden, as if they had never been written. */
function without(tasks: readonly TaskDef[], fold: number): readonly TaskDef[] {
  return tasks.map((task) => ({ ...task, phrasings: task.phrasings.filter((_, index) => index % FOLDS !== fold) }));
}

/**
 * Samples for the fit: every phrasing, read by the others alone; the same with its whole pack hidden, so that nothing is meant; texts
 * that mean nothing; and wordings with their task.
 */
export function samplesOf(
  tasks: readonly TaskDef[],
  told: { readonly nonsense: readonly string[]; readonly wordings: readonly { words: string; name: string }[] },
): Sample[] {
  const samples: Sample[] = [];
  const read = (
    words: string,
    candidates: readonly TaskDef[],
    right: string | null,
    { weight, isReal = false }: { weight: number; isReal?: boolean },
  ): void => {
    const lexicon = lexiconFor(candidates);
    const values = readValues(words);
    const features = candidates.map((task) => readAs(values, task, lexicon).features);
    const place = right === null ? -1 : candidates.findIndex(({ name }) => name === right);
    samples.push({ features, right: place, weight, words, name: right, isReal });
  };
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const seen = without(tasks, fold);
    const packs = [...new Set(tasks.map(({ name }) => name.split('.')[0] ?? ''))];
    const others = new Map(packs.map((pack) => [pack, seen.filter(({ name }) => !name.startsWith(`${pack}.`))]));
    for (const task of tasks) {
      task.phrasings.forEach((phrasing, index) => {
        if (index % FOLDS !== fold) return;
        const words = rendered(task, phrasing, index);
        read(words, seen, task.name, { weight: 1, isReal: true });
        read(words, others.get(task.name.split('.')[0] ?? '') ?? [], null, { weight: 0.1 });
      });
    }
  }
  for (const words of misses(tasks)) read(words, tasks, null, { weight: 0.2 });
  for (const { words, right } of stumps(tasks)) read(words, tasks, right, { weight: 0.6 });
  for (const words of told.nonsense) read(words, tasks, null, { weight: 3, isReal: true });
  for (const { words, name } of told.wordings) read(words, tasks, name, { weight: 1, isReal: true });
  return samples;
}

/**
 * Near misses: the first word of a phrasing with its first value and nothing else. They mean a task where one of its phrasings says no
 * more than that, and nothing otherwise: "delete a.csv" is no part of "delete the empty rows of a.csv".
 */
function stumps(tasks: readonly TaskDef[]): { words: string; right: string | null }[] {
  const made = new Map<string, { words: string; right: string | null }>();
  for (const task of tasks) {
    task.phrasings.forEach((phrasing, index) => {
      const head = contentStems(phrasing.replace(/\{[^}]*\}/g, ' '))[0];
      const word = tokens(phrasing.replace(/\{[^}]*\}/g, ' ')).find(({ stem }) => stem === head)?.text;
      const slot = task.params.find(({ type, required }) => required && ['source', 'sources', 'url'].includes(type));
      if (!head || !word || !slot) return;
      const key = `${head} ${slot.type} ${slot.endings?.join() ?? ''}`;
      const whole = contentStems(phrasing.replace(/\{[^}]*\}/g, ' ')).length === 1;
      const known = made.get(key);
      if (known && !(whole && known.right === null)) return;
      made.set(key, { words: rendered(task, `${word} {${slot.name}}`, index), right: whole ? task.name : null });
    });
  }
  return [...made.values()];
}

const THINGS = 'the queen|my bicycle|a sandwich|the neighbours|our holidays|the violin|a promise|the garden hose'.split(
  '|',
);
const DEEDS =
  'paint {v} red|lose {v} at sea|read {v} aloud to the children|bury {v} under a tree|wear {v} to the party|sing {v}|hide {v} from my sister|swap {v} for a horse'.split(
    '|',
  );

/**
 * Texts that use the words of tasks, or their kinds of values, and ask for none: phrasings whose values are things of everyday life, and
 * deeds of everyday life done to files and pages.
 */
function misses(tasks: readonly TaskDef[]): string[] {
  const values = ['list.csv', './papers', 'letter.md', 'https://example.org/a', 'main.py', 'b.json'];
  const things = tasks.flatMap((task) =>
    task.phrasings
      .filter((phrasing) => contentStems(phrasing.replace(/\{[^}]*\}/g, ' ')).length === 1)
      .map((phrasing, index) => phrasing.replace(/\{[^}]*\}/g, () => pick(THINGS, index * 3 + task.name.length))),
  );
  return [...things, ...DEEDS.flatMap((deed) => values.map((value) => deed.replace('{v}', value)))];
}

const lexicons = new WeakMap<readonly TaskDef[], ReturnType<typeof lexiconOf>>();
function lexiconFor(tasks: readonly TaskDef[]): ReturnType<typeof lexiconOf> {
  const known = lexicons.get(tasks) ?? lexiconOf(tasks);
  lexicons.set(tasks, known);
  return known;
}

/** Maximum likelihood of the conditional logit with a ridge, by gradient steps with momentum; deterministic. */
export function fit(samples: readonly Sample[]): IntentWeights {
  const size = FEATURES.length + 1;
  const weights = new Array<number>(size).fill(0);
  const speed = new Array<number>(size).fill(0);
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  for (let round = 0; round < ROUNDS; round += 1) {
    const gradient = weights.map((weight) => -RIDGE * weight);
    const now = asWeights(weights);
    for (const { features, right, weight } of samples) {
      const confidences = confidencesOf(features, now);
      const none = 1 - confidences.reduce((sum, one) => sum + one, 0);
      const share = weight / total;
      features.forEach((own, index) => {
        const error = share * ((index === right ? 1 : 0) - (confidences[index] ?? 0));
        FEATURES.forEach((name, place) => (gradient[place] = (gradient[place] ?? 0) + error * own[name]));
      });
      gradient[size - 1] = (gradient[size - 1] ?? 0) + share * ((right < 0 ? 1 : 0) - none);
    }
    for (let place = 0; place < size; place += 1) {
      speed[place] = 0.95 * (speed[place] ?? 0) + STEP * (gradient[place] ?? 0);
      weights[place] = (weights[place] ?? 0) + (speed[place] ?? 0);
    }
  }
  return calibrated(samples, asWeights(weights));
}

/**
 * Platt scaling of the best reading on what a person might have written: near misses made for the fit would leave it too modest.
 *
 * @see Platt, Probabilistic outputs for support vector machines (1999)
 */
function calibrated(samples: readonly Sample[], weights: IntentWeights): IntentWeights {
  const pairs = samples
    .filter(({ isReal }) => isReal)
    .map(({ features, right, weight }) => {
      const confidences = confidencesOf(features, weights);
      const best = Math.min(1 - 1e-9, Math.max(...confidences, 1e-9));
      return {
        x: Math.log(best / (1 - best)),
        y: confidences.indexOf(Math.max(...confidences)) === right ? 1 : 0,
        weight,
      };
    });
  const total = pairs.reduce((sum, { weight }) => sum + weight, 0);
  let [slope, offset] = [1, 0];
  for (let round = 0; round < 4_000; round += 1) {
    let [bySlope, byOffset] = [0, 0];
    for (const { x, y, weight } of pairs) {
      const error = (weight / total) * (y - 1 / (1 + Math.exp(-slope * x - offset)));
      bySlope += error * x;
      byOffset += error;
    }
    slope += 0.1 * bySlope;
    offset += 0.1 * byOffset;
  }
  return { ...weights, slope, offset };
}

function asWeights(list: readonly number[]): IntentWeights {
  const features = Object.fromEntries(FEATURES.map((name, place) => [name, list[place] ?? 0])) as unknown as Features;
  return { features, none: list.at(-1) ?? 0, slope: 1, offset: 0 };
}

/** Mean negative log likelihood of samples, in nats. */
export function lossOf(samples: readonly Sample[], weights: IntentWeights): number {
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  const loss = samples.reduce((sum, { features, right, weight }) => {
    const confidences = confidencesOf(features, weights);
    const p = right < 0 ? 1 - confidences.reduce((all, one) => all + one, 0) : (confidences[right] ?? 0);
    return sum - weight * Math.log(Math.max(p, 1e-9));
  }, 0);
  return loss / total;
}

/** How a threshold does on the samples that a person might have written: shares of right, asked and wrong, and nonsense taken. */
export function outcomesAt(
  samples: readonly Sample[],
  weights: IntentWeights,
  sure: number,
): { right: number; asked: number; wrong: number; taken: number } {
  const sums = { right: 0, asked: 0, wrong: 0, taken: 0 };
  let meant = 0;
  for (const { features, right } of samples.filter(({ isReal }) => isReal)) {
    const confidences = confidencesOf(features, weights);
    const best = Math.max(...confidences);
    const isTaken = best >= sure && (features[confidences.indexOf(best)]?.missing ?? 0) === 0;
    if (right < 0) sums.taken += Number(isTaken);
    else {
      meant += 1;
      sums[!isTaken ? 'asked' : confidences.indexOf(best) === right ? 'right' : 'wrong'] += 1;
    }
  }
  return { right: sums.right / meant, asked: sums.asked / meant, wrong: sums.wrong / meant, taken: sums.taken };
}
