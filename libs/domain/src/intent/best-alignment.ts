import type { TaskDef } from '../planning/pack';
import { align, type Alignment, itemsOf, NO_ALIGNMENT, type PatternItem, type TextItem } from './align';
import { fits } from './extract';
import { keyOf, type Lexicon } from './lexicon';
import type { TextValues } from './slots';
import { isStopWord } from './words';

/** A stop word says less about which phrasing it is than others of the same frequency. */
const STOP_SHARE = 1 / 3;

/** How well the text follows that phrasing of a task which it follows best. */
export function bestAlignment({ text, values, names }: TextValues, task: TaskDef, lexicon: Lexicon): Alignment {
  const soft = names.filter((name) => task.params.some(({ type }) => fits(name, type)));
  const items = itemsOf(text, [...values, ...soft]).map((item) => ({ ...item, stem: lexicon.known(item.stem) }));
  const keys = new Set(items.filter(({ value }) => !value).map(keyOf));
  const rare = lexicon.weightOf('');
  const weigh = {
    rare,
    of: (item: { readonly word: string; readonly stem: string }): number => {
      const weight = lexicon.weightOf(keyOf(item));
      return isStopWord(item.word) ? Math.min(weight, rare * STOP_SHARE) : weight;
    },
  };
  const orders = ordersOf(text, items);
  let best = NO_ALIGNMENT;
  for (const { pattern } of lexicon.byTask.get(task) ?? []) {
    if (!isMet(pattern, keys) || bestPossible(pattern, keys, weigh.of) <= best.score) continue;
    for (const order of orders) {
      const found = align(order, pattern, weigh);
      if (found.score > best.score) best = found;
    }
  }
  return best;
}

/** The score if every word of the phrasing that the text has were met in order, and nothing lost. */
function bestPossible(
  pattern: readonly PatternItem[],
  keys: ReadonlySet<string>,
  weigh: (item: PatternItem) => number,
): number {
  let [met, total] = [0, 0];
  for (const item of pattern) {
    if (item.slot) continue;
    const weight = weigh(item);
    total += weight;
    if (keys.has(keyOf(item))) met += weight;
  }
  return total === 0 ? 0 : (2 * met) / (met + total);
}

/** As it is written, and with its last sentence first: "when does it end? check a.txt" says what "check a.txt: when …" does. */
function ordersOf(text: string, items: readonly TextItem[]): (readonly TextItem[])[] {
  const end = [...text.matchAll(/[?!.;](?=\s+\S)/gu)].at(-1)?.index ?? -1;
  const cut = end < 0 ? 0 : items.findIndex(({ from }) => from > end);
  return cut > 0 ? [items, [...items.slice(cut), ...items.slice(0, cut)]] : [items];
}

/** Whether the text has a telling word of the phrasing, or the phrasing has none. */
function isMet(pattern: readonly PatternItem[], keys: ReadonlySet<string>): boolean {
  const telling = pattern.filter(({ slot, word }) => !slot && !isStopWord(word));
  return telling.length === 0 || telling.some(({ stem }) => keys.has(stem));
}
