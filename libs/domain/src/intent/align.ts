import type { ParamType, TaskDef } from '../planning/pack';
import { fits, type Found } from './extract';
import { tokens } from './words';

/** A piece of a text or of a phrasing: a word, or a value. */
export interface TextItem {
  readonly word: string;
  readonly stem: string;
  /** Set where the piece is a value. */
  readonly value?: Found;
  readonly from: number;
  readonly to: number;
}

/** A piece of a phrasing: a word, or a slot. */
export interface PatternItem {
  readonly word: string;
  readonly stem: string;
  readonly slot?: { readonly name: string; readonly type: ParamType };
}

/** How well a text follows a phrasing, with the texts that stand where it has slots for texts in free words. */
export interface Alignment {
  /** Dice coefficient by weight of the words of both, in order; words in slots count on neither side. 0..1. */
  readonly score: number;
  /** Share, by weight, of the text's words outside of slots that the phrasing has: 0..1. */
  readonly kept: number;
  /** How much of the phrasing was met, in words that no other phrasing has: n / (n + 1), 0..1. */
  readonly anchored: number;
  /** Ranges of characters by parameter, of slots whose value has no form of its own (texts, questions, columns). */
  readonly spans: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
}

export const NO_ALIGNMENT: Alignment = { score: 0, kept: 0, anchored: 0, spans: {} };

/** A longer text is no wording of a phrasing. */
const LONGEST = 80;
/** What a value counts that has no place in the phrasing, as a share of the weight of a rare word. */
const LOST_VALUE = 0.5;
/** A word in a slot is no loss, and yet a word that the phrasing has is better there. */
const ABSORBED = 0.06;
const LINKS = new Set(['and', 'or', 'with', 'the']);

/** Reads a phrasing into words and slots. */
export function patternOf(phrasing: string, task: TaskDef): PatternItem[] {
  const items: PatternItem[] = [];
  const add = (literal: string): void => {
    for (const { word, stem } of tokens(literal)) items.push({ word, stem });
  };
  let at = 0;
  for (const match of phrasing.matchAll(/\{([A-Za-z_][A-Za-z0-9_]*)(?::[a-z]+)?\}/gu)) {
    add(phrasing.slice(at, match.index));
    const type = task.params.find(({ name }) => name === match[1])?.type ?? 'text';
    items.push({ word: '', stem: '', slot: { name: match[1] ?? '', type } });
    at = match.index + match[0].length;
  }
  add(phrasing.slice(at));
  return items;
}

/** What a goal taught, as a phrasing: its words, then the values that its task needs; the places of those were not kept. */
export function patternOfStems(stems: readonly string[], { params }: TaskDef): PatternItem[] {
  const words = stems.filter((stem) => !stem.startsWith('?')).map((stem) => ({ word: stem, stem }));
  const slots = params
    .filter(({ required, type }) => required && !isFree(type))
    .map(({ name, type }) => ({ word: '', stem: '', slot: { name, type } }));
  return [...words, ...slots];
}

/** A text as words and values, in order. */
export function itemsOf(text: string, values: readonly Found[]): TextItem[] {
  const words = tokens(text)
    .filter(({ at }) => !values.some(({ from, to }) => at >= from && at < to))
    .map(({ word, stem, at, text: { length } }) => ({ word, stem, from: at, to: at + length }));
  const valued = values.map((value) => ({ word: '', stem: '', value, from: value.from, to: value.to }));
  return [...words, ...valued].sort((a, b) => a.from - b.from);
}

/** One way through text and phrasing so far. */
interface Path {
  readonly value: number;
  readonly met: number;
  readonly lost: number;
  /** Slots that are filled so far, the last one first. */
  readonly spans: Span | null;
}
interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly before: Span | null;
}

/**
 * Lays a phrasing along a text, word by word and slot by slot in their order, so that as much weight as possible meets: words of the
 * phrasing may be missing, other words may stand between, a slot takes a value of its type or, for texts and questions, the
 * words that stand there. Dynamic programming over both; time is the product of their lengths.
 *
 * @param weigh what a word counts, ≥ 0; `rare` is what one counts that no phrasing has
 * @see Needleman and Wunsch, A general method applicable to the search for similarities (1970)
 */
export function align(
  text: readonly TextItem[],
  pattern: readonly PatternItem[],
  weigh: { readonly of: (item: { word: string; stem: string }) => number; readonly rare: number },
): Alignment {
  if (text.length > LONGEST || text.length === 0) return NO_ALIGNMENT;
  const total = pattern.reduce((sum, item) => sum + (item.slot ? 0 : weigh.of(item)), 0);
  const weights = text.map((item) => (item.value ? LOST_VALUE * weigh.rare : weigh.of(item)));
  const start: Path = { value: 0, met: 0, lost: 0, spans: null };
  // closed[i]: text before i is done with, and the pattern before the current item; open[i]: item i may go on in the slot.
  let closed: (Path | null)[] = [start];
  for (let i = 0; i < text.length; i += 1) closed.push(skipped(closed[i] ?? start, weights[i] ?? 0));
  for (const item of pattern)
    closed = item.slot ? throughSlot(text, closed, item.slot, weights) : throughWord(text, closed, item, weights);
  const end = closed.at(-1);
  if (!end || end.met === 0) return NO_ALIGNMENT;
  return {
    score: (2 * end.met) / (end.met + end.lost + total),
    kept: end.met / (end.met + end.lost),
    anchored: end.met / (end.met + weigh.rare),
    spans: spansOf(end.spans),
  };
}

function skipped(path: Path, weight: number): Path {
  return { ...path, value: path.value - 0.5 * weight, lost: path.lost + weight };
}

function better(a: Path | null | undefined, b: Path | null | undefined): Path | null {
  if (!a || !b) return a ?? b ?? null;
  return b.value > a.value ? b : a;
}

function throughWord(
  text: readonly TextItem[],
  before: readonly (Path | null)[],
  item: PatternItem,
  weights: readonly number[],
): (Path | null)[] {
  // Left out of the text: what it counts is missing from what met, and so from the value.
  const after: (Path | null)[] = [before[0] ?? null];
  for (let i = 0; i < text.length; i += 1) {
    const [token, weight, from] = [text[i], weights[i] ?? 0, before[i]];
    const isMet =
      from && token && !token.value && (token.word === item.word || (token.stem === item.stem && item.stem !== ''));
    const met = isMet ? { ...from, value: from.value + weight, met: from.met + weight } : null;
    const passed = after[i] ? skipped(after[i] as Path, weight) : null;
    after.push(better(better(before[i + 1], met), passed));
  }
  return after;
}

function throughSlot(
  text: readonly TextItem[],
  before: readonly (Path | null)[],
  slot: { readonly name: string; readonly type: ParamType },
  weights: readonly number[],
): (Path | null)[] {
  const after: (Path | null)[] = [before[0] ?? null];
  let open: Path | null = null;
  let isNamed = false;
  for (let i = 0; i < text.length; i += 1) {
    const [token, weight, from] = [text[i], weights[i] ?? 0, before[i]];
    if (!token) continue;
    const goesOn: Path | null = open && slotGoesOn(token, slot.type, isNamed) ? taken(open, token, weight) : null;
    const begins: Path | null =
      from && slotBegins(token, slot.type)
        ? taken(begun(from, slot.name, token), token, weight, !token.value || fits(token.value, slot.type))
        : null;
    open = better(goesOn, begins);
    if (open === begins) isNamed = token.value?.type === 'source';
    const passed = after[i] ? skipped(after[i] as Path, weight) : null;
    after.push(better(better(before[i + 1], open), passed));
  }
  return after;
}

function begun(path: Path, name: string, { from, to }: TextItem): Path {
  return { ...path, spans: { name, from, to, before: path.spans } };
}

function taken(path: Path, token: TextItem, weight: number, isProper = true): Path {
  const spans = path.spans ? { ...path.spans, to: token.to } : null;
  if (token.value) return { ...path, spans, value: path.value + (isProper ? 0.1 : 0) * weight };
  return { ...path, spans, value: path.value - ABSORBED * weight };
}

function isFree(type: ParamType): boolean {
  return type === 'text' || type === 'question' || type === 'code';
}

function slotBegins({ value }: TextItem, type: ParamType): boolean {
  // A text may be the name of a file: "as out.zip".
  if (value) return fits(value, type) || (type === 'text' && value.type === 'source') || isAskedValue(value, type);
  return isFree(type) || type === 'column';
}

function slotGoesOn({ value, word }: TextItem, type: ParamType, isName: boolean): boolean {
  if (type === 'sources') return value ? fits(value, type) : LINKS.has(word);
  if (!isFree(type) || isName) return false;
  return value === undefined || (value.type !== 'source' && value.type !== 'url');
}

function isAskedValue(value: Found, type: ParamType): boolean {
  return type === 'question' && value.type !== 'source' && value.type !== 'url';
}

function spansOf(last: Span | null): Alignment['spans'] {
  const found: Record<string, { from: number; to: number }> = {};
  for (let span = last; span; span = span.before) found[span.name] = { from: span.from, to: span.to };
  return found;
}
