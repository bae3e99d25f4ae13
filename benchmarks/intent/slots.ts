import type { Json, JsonObject } from '../../libs/domain/src/json';
import { contentStems } from '../../libs/domain/src/intent/words';

/** Arguments that words give; those that are left out keep their default. */
export type Expected = JsonObject;

interface Slot {
  readonly param: string;
  readonly expected: Json | null;
  readonly got: Json | null;
}

/** How the slots of one wording were filled. */
export interface Slots {
  readonly right: number;
  /** Not filled: the task runs without, or asks. */
  readonly left: readonly Slot[];
  /** Filled with something else, or with something where the words give nothing. */
  readonly wrong: readonly Slot[];
  /** Whether the reading was taken without a question. */
  readonly isTaken: boolean;
}

/** Compares the arguments of a reading with those that are meant. */
export function slotsIn(expected: Expected, got: JsonObject, isTaken: boolean): Slots {
  const slots = [...new Set([...Object.keys(expected), ...Object.keys(got)])].map((param): Slot => ({
    param,
    expected: expected[param] ?? null,
    got: got[param] ?? null,
  }));
  return {
    right: slots.filter((slot) => slot.got !== null && isSame(slot)).length,
    left: slots.filter((slot) => slot.got === null),
    wrong: slots.filter((slot) => slot.got !== null && !isSame(slot)),
    isTaken,
  };
}

const FREE = new Set(['question', 'topic']);

/** Texts in free words are the same when they have the same words that mean something; everything else when it is equal. */
function isSame({ param, expected, got }: Slot): boolean {
  if (expected === null || got === null) return false;
  if (!FREE.has(param)) return JSON.stringify(expected) === JSON.stringify(got);
  const [wanted, held] = [expected, got].map((value) => contentStems(typeof value === 'string' ? value : ''));
  return wanted?.join(' ') === held?.join(' ');
}

/** Prints how many slots are right, left open and wrong, and in how many readings that were taken one is wrong. */
export function report(all: readonly Slots[]): void {
  if (all.length === 0) return;
  const sum = (of: (one: Slots) => number): number => all.reduce((total, one) => total + of(one), 0);
  const [right, left, wrong] = [sum((one) => one.right), sum((one) => one.left.length), sum((one) => one.wrong.length)];
  const total = Math.max(1, right + left + wrong);
  const share = (part: number): string => `${((100 * part) / total).toFixed(1)} %`;
  const bad = all.filter((one) => one.isTaken && one.wrong.length > 0).length;
  console.log(
    '\n| slots | right | left open | wrong | taken with a wrong slot |\n| ---: | ---: | ---: | ---: | ---: |',
  );
  console.log(`| ${total} | ${share(right)} | ${share(left)} | ${share(wrong)} | ${bad} |`);
}
