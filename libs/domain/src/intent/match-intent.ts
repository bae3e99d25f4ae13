import type { TaskRequest } from '../goals/goal';
import type { LearnedIntent } from '../learning/lesson';
import type { Unavailable } from '../planning/offer';
import type { ParamType, TaskDef } from '../planning/pack';
import { confidencesOf } from './confidence';
import { dropsCondition } from './dropped-condition';
import type { Found } from './extract';
import { readAs, type Reading } from './features';
import { lexiconOf } from './lexicon';
import { withNamedValues } from './named-values';
import { asTotal } from './noun-phrase';
import { readValues } from './slots';
import { conditionParam, conditionsArg, takeConditions } from './with-conditions';
import { tokens } from './words';

/** One reading of the words. */
export interface IntentOption {
  readonly task: TaskRequest;
  readonly summary: string;
  /** Calibrated probability that this is what was meant, 0..1. */
  readonly confidence: number;
  /** Names of the required parameters that the words do not give. */
  readonly missing: readonly string[];
}

export type IntentMatch =
  | {
      readonly kind: 'task';
      readonly task: TaskRequest;
      readonly confidence: number;
      readonly runnersUp: readonly IntentOption[];
    }
  /** Several readings, or one that lacks something: `question` is for a person, `options` are what the answer may choose. */
  | { readonly kind: 'ask'; readonly question: string; readonly options: readonly IntentOption[] }
  /** What is meant is known and cannot be done here. */
  | {
      readonly kind: 'unavailable';
      readonly option: IntentOption;
      readonly reason: string;
      readonly nearest: readonly IntentOption[];
    }
  | { readonly kind: 'unknown'; readonly nearest: readonly IntentOption[] };

export interface IntentOptions {
  /** Confidence from which a reading is taken without asking. */
  readonly sure?: number;
  /** Confidence below which nothing is even asked. */
  readonly plausible?: number;
  /** Words of verified goals, each with the task that they turned out to mean. */
  readonly learned?: readonly LearnedIntent[];
  /** Tasks among those given that cannot be done here: understood, and never proposed. */
  readonly unavailable?: readonly Unavailable[];
}

/** A wrong task costs about four times what a question costs. */
const SURE = 0.8;
const PLAUSIBLE = 0.25;
/** A second reading with this share of the first one's confidence is named in the question. */
const RIVAL = 0.3;

/**
 * What the words ask for. Each task's phrasings are compared (BM25), its parameters filled by typed extractors, and the features
 * weighed into a probability for each task and for none of them (`confidence.ts`, fitted by `npm run bench:intent -- --fit`). A
 * clear reading is a task; unclear ones, and those that lack an argument, are a question; the rest is unknown.
 *
 * @param tasks those without phrasings are left out
 */
export function matchIntent(words: string, tasks: readonly TaskDef[], options: IntentOptions = {}): IntentMatch {
  const plain = candidatesFor(words, tasks, options.learned ?? []);
  const match = conditioned(words, plain, { tasks, options }) ?? matchOf(plain, options);
  return match.kind === 'task' ? match : (nounPhrase(words, { tasks, options }) ?? match);
}

/** "Revenue per month" and "monthly revenue" say what to measure and by what, and leave open what to work out of it. */
function nounPhrase(
  words: string,
  { tasks, options }: { readonly tasks: readonly TaskDef[]; readonly options: IntentOptions },
): IntentMatch | null {
  const said = asTotal(words);
  if (!said) return null;
  const { asked, noun } = said;
  const plain = candidatesFor(asked, tasks, options.learned ?? []);
  const match = conditioned(asked, plain, { tasks, options }) ?? matchOf(plain, options);
  const taker = tasks.find(({ name }) => match.kind === 'task' && name === match.task.name);
  if (match.kind !== 'task' || !taker || conditionParam(taker) === undefined) return null;
  const { statistic, ...args } = match.task.args;
  const columns = taker.params.filter(({ type }) => type === 'column').map(({ name }) => args[name]);
  const isMeasured = columns.some((one) => typeof one === 'string' && one.toLowerCase().startsWith(noun.toLowerCase()));
  if (statistic !== 'sum' || columns.includes(undefined) || !isMeasured) return null;
  return { ...match, task: { name: match.task.name, args } };
}

/** The request with its conditions as an argument, where that makes it clear; null where it has none, or stays unclear. */
function conditioned(
  words: string,
  plain: readonly Candidate[],
  { tasks, options }: { readonly tasks: readonly TaskDef[]; readonly options: IntentOptions },
): IntentMatch | null {
  const least = (options.plausible ?? PLAUSIBLE) / 4;
  const taker = plain.find(({ reading }) => conditionParam(reading.task) !== undefined);
  const name = taker && conditionParam(taker.reading.task);
  if (!taker || name === undefined || taker.option.confidence < least) return null;
  const { task } = taker.reading;
  const lexicon = lexiconOf(offeredOf(tasks), options.learned ?? []);
  const taken = takeConditions(words, (text) => {
    const reading = text === words ? taker.reading : readAs(readValues(text), task, lexicon);
    const option = optionOf(text, reading);
    const left = {
      words: unreadIn({ option, reading }),
      values: unusedIn({ option, reading }),
      args: option.task.args,
    };
    return { reading, left };
  });
  if (!taken || (taker !== plain[0] && !taken.areNamed)) return null;
  const candidates = candidatesFor(taken.words, tasks, options.learned ?? []).map((one): Candidate => {
    if (one.reading.task !== task) return one;
    const args = { ...one.option.task.args, [name]: conditionsArg(taken.conditions) };
    return { ...one, option: { ...one.option, task: { name: task.name, args } } };
  });
  const match = matchOf(candidates, options);
  return match.kind === 'task' && match.task.name === task.name ? match : null;
}

function matchOf(candidates: readonly Candidate[], options: IntentOptions): IntentMatch {
  const barred = new Map((options.unavailable ?? []).map((one) => [one.task, one]));
  const isBarred = ({ option }: Candidate): boolean => barred.has(option.task.name);
  const open = candidates.filter((one) => !isBarred(one));
  const nearest = open.slice(0, 3).map(({ option }) => option);
  const ask = (question: string): IntentMatch => ({ kind: 'ask', question, options: nearest });
  const [best] = candidates;
  const plausible = options.plausible ?? PLAUSIBLE;
  // A file and nothing else: what for?
  const bare = open.filter(({ reading }) => isBare(reading));
  if (bare.length > 0 && best && isBare(best.reading)) return ask(choiceQuestion(bare.slice(0, 3)));
  if (!best) return { kind: 'unknown', nearest };
  if (best.option.confidence < plausible) {
    const lacking = open.find((one) => one.isIfGiven);
    return lacking ? ask(missingQuestion(lacking)) : { kind: 'unknown', nearest };
  }
  const bar = barred.get(best.option.task.name);
  const sure = options.sure ?? SURE;
  if (bar) {
    const instead = clearAmong(open, sure);
    if (instead) return ask(`${best.option.task.name} ${bar.reason}. ${sureQuestion(instead)}`);
    return { kind: 'unavailable', option: best.option, reason: bar.reason, nearest };
  }
  if (best.option.missing.length > 0) return ask(missingQuestion(best));
  const isSure = best.option.confidence >= sure && isHeard(best, sure);
  if (isSure)
    return { kind: 'task', task: best.option.task, confidence: best.option.confidence, runnersUp: nearest.slice(1) };
  const rivals = open.filter(({ option }) => option.confidence >= best.option.confidence * RIVAL).slice(0, 3);
  const whole = open.filter(({ option }) => option.missing.length === 0).slice(0, 3);
  if (!isSaid(best.reading)) return ask(choiceQuestion(whole));
  return ask(rivals.length > 1 ? choiceQuestion(rivals) : sureQuestion(best));
}

/** The reading that would be taken if the tasks that cannot be done here did not exist. */
function clearAmong(open: readonly Candidate[], sure: number): Candidate | null {
  const alone = confidencesOf(open.map(({ reading }) => reading.features));
  const fits = open.filter((one, index) => (alone[index] ?? 0) >= sure && one.option.missing.length === 0);
  return fits.find((one) => isHeard(one, sure)) ?? null;
}

/** A reading is not taken when more of its words than this are foreign to all tasks, and less of them meets a phrasing. */
const FOREIGN = 0.4;
const MET = 0.4;
/** … unless its confidence is this much above what is enough otherwise. */
const ABOVE = 0.15;
/** From here a text follows a phrasing, whatever its words. */
const FOLLOWS = 0.7;

/**
 * Nothing of the words is passed over: no word denies, which would turn the request around; every file and address has its place; no
 * part behind an "and" is without a word that the task knows; what is said besides values is not mostly of something else.
 */
function isHeard({ option, reading }: Candidate, sure: number): boolean {
  const { features, filled, unheard, task } = reading;
  const isDropped = filled.unused.some(({ type }) => type === 'source' || type === 'url');
  const isForeign = features.unknown > FOREIGN && features.kept < MET && option.confidence < sure + ABOVE;
  const isCondition =
    computesOnColumns(task) &&
    (unreadIn({ option, reading }).length > 0 || unusedIn({ option, reading }).some(({ type }) => isAmount(type)));
  const isWhole = !isDropped && !isCondition && !dropsCondition(reading, option.task.args);
  return isSaid(reading) && features.negated === 0 && unheard.length === 0 && !isForeign && isWhole;
}

/** "Look at a.csv and b.csv" asks for nothing in particular: what makes one of two tables is taken only where words ask for it. */
function isSaid({ task: { saidBy, params }, filled, text }: Reading): boolean {
  if (saidBy === undefined) return true;
  const isNamed = params.some(({ type, name }) => type === 'column' && filled.args[name] !== undefined);
  const known = new Set(saidBy.flatMap((one) => tokens(one).map(({ stem }) => stem)));
  return isNamed || tokens(text).some(({ stem }) => known.has(stem));
}

/**
 * Where words name a column and what to compute of it, they may name values of them too: "the average price of eclairs" asks of some rows
 * alone, and the figure for all would be an answer to another question.
 */
function computesOnColumns({ params }: TaskDef): boolean {
  return params.some(({ type }) => type === 'column') && params.some(({ choices }) => choices !== undefined);
}

function isAmount(type: ParamType): boolean {
  return type === 'number' || type === 'integer' || type === 'date';
}

interface Candidate {
  readonly option: IntentOption;
  readonly reading: Reading;
  /** Whether it would be clear, were what is missing given. */
  readonly isIfGiven: boolean;
}

/** From here a reading is asked to be completed. */
const CLEAR_IF_GIVEN = 0.9;

function offeredOf(tasks: readonly TaskDef[]): readonly TaskDef[] {
  return tasks.filter((task) => task.phrasings.length > 0);
}

function optionOf(words: string, { task, filled }: Reading): IntentOption {
  return {
    task: { name: task.name, args: withNamedValues(words, task, filled.args) },
    summary: task.summary,
    confidence: 0,
    missing: filled.missing.map(({ name }) => name),
  };
}

/** All readings of the words, the most likely first. */
function candidatesFor(words: string, tasks: readonly TaskDef[], learned: readonly LearnedIntent[]): Candidate[] {
  const offered = offeredOf(tasks);
  const lexicon = lexiconOf(offered, learned);
  const values = readValues(words);
  const readings = offered.map((task) => readAs(values, task, lexicon));
  const confidences = confidencesOf(readings.map(({ features }) => features));
  const given = confidencesOf(
    readings.map(({ features }) => ({ ...features, missing: 0, filled: Math.max(features.filled, 0.5) })),
  );
  const candidates = readings.map((reading, index) => ({
    reading,
    isIfGiven: isLacking(reading) && (given[index] ?? 0) >= CLEAR_IF_GIVEN,
    option: { ...optionOf(words, reading), confidence: confidences[index] ?? 0 },
  }));
  return candidates.sort(
    (a, b) => b.option.confidence - a.option.confidence || (a.option.task.name < b.option.task.name ? -1 : 1),
  );
}

/** Something required is missing, and every word of the request is one of the task's. */
function isLacking({ filled, unknown, content }: Reading): boolean {
  return filled.missing.length > 0 && content > 0 && unknown.length === 0;
}

/** Values and nothing that tells what for; "is https://a.org up" has stop words alone, and yet follows a phrasing. */
function isBare({ content, filled, features }: Reading): boolean {
  return (
    features.aligned < FOLLOWS &&
    content === 0 &&
    filled.absorbed === 0 &&
    filled.values > 0 &&
    filled.missing.length === 0
  );
}

function missingQuestion({ option, reading }: Candidate): string {
  const needed = reading.filled.missing
    .map(({ name, summary }) => (summary ? `${name} (${summary})` : name))
    .join(' and ');
  return `To do this (${option.summary}) I need ${needed}. Which?`;
}

function choiceQuestion(candidates: readonly Candidate[]): string {
  return `I can do ${candidates.map(({ option }) => `${option.task.name} (${option.summary})`).join(' or ')}; which?`;
}

/** Words that neither the task knows nor an argument holds. */
function unreadIn({ option, reading }: Pick<Candidate, 'option' | 'reading'>): string[] {
  const texts = Object.values(option.task.args).filter((value) => typeof value === 'string');
  const taken = new Set(texts.flatMap((text) => tokens(text).map(({ word }) => word)));
  return reading.unknown.filter((word) => !taken.has(word.toLowerCase()));
}

/** Values that no argument holds. */
function unusedIn({ option, reading }: Pick<Candidate, 'option' | 'reading'>): readonly Found[] {
  const held = Object.values(option.task.args);
  return reading.filled.unused.filter(({ type, value }) => type !== 'number' || !held.includes(value));
}

function sureQuestion({ option, reading }: Candidate): string {
  const unknown = unreadIn({ option, reading });
  const left = unusedIn({ option, reading })
    .map(({ value }) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(', ');
  const dropped = left === '' ? '' : ` I would leave out ${left}.`;
  const words =
    unknown.length > 0 ? ` I do not know what to make of ${unknown.map((word) => `"${word}"`).join(', ')}.` : '';
  return `Did you mean ${option.task.name} (${option.summary})?${words}${dropped}`;
}
