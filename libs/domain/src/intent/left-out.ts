import type { TaskRequest } from '../goals/goal';
import type { ParamType, TaskDef } from '../planning/pack';
import type { Found } from './extract';
import type { Reading } from './features';
import { readConditions } from './read-conditions';
import { conditionParam } from './with-conditions';
import { tokens } from './words';

/** A reading with the arguments that it comes to. */
interface Read {
  readonly option: { readonly task: TaskRequest };
  readonly reading: Reading;
}

/** Words that neither the task knows nor an argument holds. */
export function unreadIn({ option, reading }: Read): string[] {
  // What a file's name is made of is cut out of the words before they are read: what is unknown stands beside it.
  const sources = new Set(reading.task.params.filter(({ type }) => type === 'source').map(({ name }) => name));
  const texts = Object.entries(option.task.args).flatMap(([name, value]) =>
    typeof value === 'string' && !sources.has(name) ? [value] : [],
  );
  const taken = new Set(texts.flatMap((text) => tokens(text).map(({ word }) => word)));
  return reading.unknown.filter((word) => !taken.has(word.toLowerCase()));
}

/** Values that no argument holds. */
export function unusedIn({ option, reading }: Read): readonly Found[] {
  const held = Object.values(option.task.args);
  return reading.filled.unused.filter(({ type, value }) => type !== 'number' || !held.includes(value));
}

/** Whether words that may say which rows are meant would be passed over, so that the answer would be one to another question. */
export function leavesOutRows(read: Read): boolean {
  return losesValue(read) || losesCondition(read);
}

function losesValue(read: Read): boolean {
  return computesOnColumns(read.reading.task) && (unreadIn(read).length > 0 || losesAmount(read));
}

function losesAmount(read: Read): boolean {
  return unusedIn(read).some(({ type }) => isAmount(type));
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

/**
 * "Analyse a.csv for 2024", "for Bergen", "excluding Bergen" ask of some rows alone. A task that reads a whole source and holds no
 * conditions would answer for all of them.
 */
function losesCondition({ option, reading }: Read): boolean {
  const { task, text } = reading;
  const param = conditionParam(task);
  const isTaken = param !== undefined && option.task.args[param] !== undefined;
  if (!task.params.some(({ type }) => type === 'source') || isTaken) return false;
  const held = Object.values(option.task.args).map((value) =>
    (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase(),
  );
  const isHeld = (part: string): boolean => held.some((value) => value.includes(part.toLowerCase()));
  const isLost = readConditions(text).found.some(({ from, to }) => !isHeld(text.slice(from, to).trim()));
  const isNameLeft = unreadIn({ option, reading }).some((word) => isPlacedAsName(text, word));
  return isLost || isNameLeft || losesAmount({ option, reading });
}

/** "In detail" says how, and names nothing. */
const MANNERS = new Set('detail depth full short general brief once all least'.split(' '));

/** A word stands where values of a table do: "for Bergen", "of eclairs", or as a name with a capital that begins no sentence. */
function isPlacedAsName(text: string, word: string): boolean {
  if (MANNERS.has(word.toLowerCase())) return false;
  // The same letters may stand in a file's name first: every place of the word is looked at.
  return tokens(text).some((token) => {
    if (token.text !== word) return false;
    const before = text.slice(0, token.at);
    const isBeginning = /(?:^|[.!?:]\s)[^\p{L}\p{N}]*$/u.test(before);
    const isLed = /\b(?:for|of|in|at|from|only|just)\s+(?:the\s+)?["'“]?$/iu.test(before);
    return isLed || (!isBeginning && /^\p{Lu}/u.test(word));
  });
}
