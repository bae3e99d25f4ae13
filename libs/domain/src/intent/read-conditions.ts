import type { Comparison, WordedCondition } from './condition';
import { extractValues } from './extract';
import { PERIOD, periodOf } from './periods';
import { isStopWord, tokens } from './words';

/** A condition with its place in the text. */
export interface FoundCondition {
  readonly condition: WordedCondition;
  readonly from: number;
  readonly to: number;
}

/** What is read out of a text: conditions that show by their form, and the text without them, every place where it was. */
export interface ReadConditions {
  readonly found: readonly FoundCondition[];
  readonly rest: string;
}

/** Stands for a source in a text, and for a condition that is read already; neither is a letter, a digit or a space. */
const SOURCE = '\u0001';
const READ = '\u0002';

const WORD = "[\\p{L}_][\\p{L}\\p{N}_'’-]*";
const QUOTED = '"[^"]+"|“[^”]+”|`[^`]+`|(?<![\\p{L}\\p{N}])\'[^\']+\'(?![\\p{L}\\p{N}])';
const NAME = `(?:the\\s+)?(?:${QUOTED}|${WORD}(?:\\s+${WORD}){0,3}?)`;
const NUMBER =
  "[-+−]?[€$£]?\\s?(?:\\d{1,3}(?:[,’'\\u00a0\\u202f ]\\d{3})+|\\d+)(?:\\.\\d+)?(?!\\p{L}|\\d|[.,]\\d)(?:\\s?[€$£])?";
const OPERAND = `(?:${NUMBER}(?![-/]\\d)|(?:${PERIOD})(?!\\p{L}|\\d|-\\d))`;
const IS = '(?<is>(?:is|are|was|were|be)\\s+)?';
const ABOUT = '\\s+(?:the\\s+|an?\\s+|their\\s+|its\\s+)?';
const OPENING = 'where|whose|for\\s+which|in\\s+which|such\\s+that|when|with|having|if';
/** What stands behind an "and" in front of a number or time may be a value: "Harbour and Station in 2024". */
const OPENS_COLUMN = `(?:${OPENING})${ABOUT}`;
const OPENS = `(?:${OPENING}|and)${ABOUT}`;

const SIGNS: readonly (readonly [Comparison, string])[] = [
  ['at_least', '>=|≥|at\\s+least|(?:no|not)\\s+(?:less|fewer|lower|under|below)(?:\\s+than)?|not\\s+(?:under|below)'],
  [
    'at_most',
    '<=|≤|at\\s+most|(?:no|not)\\s+(?:more|greater|higher|larger)(?:\\s+than)?|not\\s+(?:over|above)|up\\s+to',
  ],
  ['over', '>|over|above|(?:more|greater|larger|higher|bigger|older)\\s+than|exceed(?:s|ing)?'],
  ['under', '<|under|below|(?:less|smaller|lower|fewer|younger)\\s+than'],
];
const TIMES: readonly (readonly [Comparison, string])[] = [
  ['from', 'since|starting\\s+(?:in|from)|as\\s+of|from'],
  ['after', 'after|later\\s+than'],
  ['before', 'before|earlier\\s+than|prior\\s+to'],
  ['until', 'until|till|through|up\\s+to'],
  ['during', 'in|for|during|within|of|on'],
];
/** Where a value in words ends. */
const END = `(?=\\s*(?:[,;?!${SOURCE}${READ}]|\\.(?:\\s|$)|$)|\\s+(?:and|or|but|by|per|for|where|with|grouped|(?:in|from|of|at|on)\\s+(?:the\\s+)?(?:(?:file|table|data)\\s+)?${SOURCE})\\b|\\s+(?:in|from|of)\\s+(?:the\\s+)?(?:\\w+\\s+)?${SOURCE})`;
/** A value in words; a time with a number in it is one, though words or signs stand inside. */
const VALUE = `(?:${QUOTED}|(?=[^,;?!]{0,20}\\d)(?:${PERIOD})${END}|${NUMBER}(?![-/]\\d)|${WORD}(?:[\\s&./-]+[\\p{L}\\p{N}_'’-]+){0,5}?${END})`;
const VALUES = `${VALUE}(?:(?:\\s*,\\s*(?:(?:and|or)\\s+)?|\\s+or\\s+)${VALUE})*`;
/** What begins anew behind an "and" is no value. */
const NEW_PART =
  '(?:with|where|whose|which|for|in|at|on|by|per|from|since|until|before|after|over|under|then|show|group|sort|only|not|is|are)\\b';
/** What is left out may be told with an "and": "excluding Bergen and Oslo" leaves out both. */
const EXCEPTIONS = `${VALUE}(?:(?:\\s*,\\s*(?:(?:and|or|nor)\\s+)?|\\s+(?:and|or|nor)\\s+)(?!${NEW_PART})${VALUE})*`;
const TIME = `(?:${PERIOD})(?!\\p{L}|\\d|-\\d|\\.\\d)`;

interface Pattern {
  readonly at: RegExp;
  readonly read: (match: Readonly<Record<string, string | undefined>>) => WordedCondition | null;
}

const pattern = (source: string, read: Pattern['read']): Pattern => ({ at: new RegExp(source, 'giu'), read });

const named = (text = ''): string =>
  unquoted(text.trim())
    .replace(/^(?:the|an?|their|its)\s+/iu, '')
    .trim();

const missing = pattern(
  `(?:${OPENS}(?<column>${NAME})\\s+(?:is|are|was|were)\\s+(?<not>not\\s+)?(?:missing|empty|blank|null|given|present|known))|` +
    `(?:(?:with|have|has|having)\\s+no|lacking|with\\s+missing|with\\s+empty)\\s+(?:value\\s+(?:of|for)\\s+)?(?<lacking>${QUOTED}|${WORD})`,
  ({ column, not, lacking, all = '' }) => {
    if (lacking !== undefined) return { near: named(lacking), comparison: 'missing', values: [] };
    const isGiven = /(?:given|present|known)$/iu.test(all) !== (not !== undefined);
    return { column: named(column), comparison: isGiven ? 'not_missing' : 'missing', values: [] };
  },
);

const between = pattern(
  `(?:${OPENS_COLUMN}(?<column>${NAME})\\s+)?(?:${IS}between|from)\\s+(?<low>${OPERAND})\\s+(?:and|to|until|till|through|-|–)\\s+(?<high>${OPERAND})`,
  ({ column, low = '', high = '', all = '' }) => {
    const year = /(\d{4})$/.exec(high.trim())?.[1];
    // "from March to May 2024": the year stands once for both.
    const start = year && periodOf(low)?.startsWith('--') ? `${low} ${year}` : low;
    const values = [operandOf(start), operandOf(high)];
    const isTime = /from\s+[^a-z]*\d{1,3}(?!\d)/iu.test(all) ? values.every(isPeriod) : true;
    return isTime && values.every((one) => one !== null)
      ? { ...(column ? { column: named(column) } : {}), comparison: 'between', values: values }
      : null;
  },
);

const compared = SIGNS.map(([comparison, words]) =>
  pattern(
    `(?:${OPENS_COLUMN}(?<column>${NAME})\\s*)?(?<![\\p{L}\\p{N}])${IS}(?:${words})\\s*(?<value>${OPERAND})`,
    ({ column, value = '', all = '' }) => {
      const aged = /\b(older|younger)\s+than/iu.exec(all)?.[1]?.toLowerCase();
      if (aged !== undefined) return agedThan(value, { isOlder: aged === 'older', column });
      const read = operandOf(value);
      if (read === null) return null;
      const about = column ? { column: named(column) } : {};
      const isDate = !/^-?\d+(?:\.\d+)?$/.test(read);
      const times = { over: 'after', at_least: 'from', under: 'before', at_most: 'until' } as const;
      return { ...about, comparison: isDate ? times[comparison as keyof typeof times] : comparison, values: [read] };
    },
  ),
);

/** What is older than a day was before it; what is older than a number has an age. */
function agedThan(
  value: string,
  { isOlder, column }: { readonly isOlder: boolean; readonly column: string | undefined },
): WordedCondition | null {
  const about = column ? { column: named(column) } : {};
  const period = new RegExp(`^(?:${PERIOD})$`, 'iu').test(value.trim()) ? periodOf(value) : null;
  if (period !== null) return { ...about, comparison: isOlder ? 'before' : 'after', values: [period] };
  const read = operandOf(value);
  if (read === null) return null;
  const age = column ? about : { near: 'age', loose: 'age' };
  return { ...age, comparison: isOlder ? 'over' : 'under', values: [read] };
}

const timed = TIMES.map(([comparison, words]) =>
  pattern(
    `(?:${OPENS_COLUMN}(?<column>${NAME})\\s+)?(?<![\\p{L}\\p{N}])${IS}(?:${words})\\s+(?<value>${comparison === 'during' ? `${TIME}(?:(?:\\s*,\\s*(?:(?:and|or)\\s+)?|\\s+(?:and|or)\\s+)${TIME})*` : TIME})`,
    ({ column, value = '' }) => {
      const periods = comparison === 'during' ? timesIn(value) : [periodOf(value)];
      const values = periods.flatMap((one) => (one === null ? [] : [one]));
      const isWhole = values.length === periods.length;
      return isWhole ? { ...(column ? { column: named(column) } : {}), comparison, values } : null;
    },
  ),
);

const contained = pattern(
  `(?:${OPENS}(?<column>${NAME})|(?<own>${WORD}))\\s+(?<not>(?:does|do)\\s+not\\s+|(?:does|do)n['’]t\\s+)?contain(?:s|ing)?\\s+(?<value>${VALUE})`,
  ({ column, own, not, value = '' }) => {
    const near = named(column ?? own);
    const comparison = not ? 'not_contains' : 'contains';
    const isOpened = near !== '' && !/^(?:that|which|rows?|records?)$/iu.test(near);
    return isOpened ? { near, comparison, values: [unquoted(value)] } : null;
  },
);

const equal = pattern(
  `(?:${OPENS}(?<column>${NAME})(?:\\s+(?:(?:is|are|was|were)\\s+(?<not>not\\s+)?(?:equal\\s+to\\s+|one\\s+of\\s+|(?:either\\s+)?in\\s+)?|(?:equals?|=)\\s+)|\\s*(?:==?|(?<unlike>!=|<>|≠))\\s*|\\s+(?:is|was|are|were)(?<negated>n['’]t)\\s+)` +
    `(?<values>${VALUES}))`,
  ({ column, not, unlike, negated, values = '' }) => ({
    column: named(column),
    comparison: (not ?? unlike ?? negated) === undefined ? 'is' : 'is_not',
    values: listed(values),
  }),
);

const without = pattern(
  `(?<![\\p{L}])(?:excluding|except(?:\\s+(?:for|at|in|from|of))?|other\\s+than|apart\\s+from|(?:but\\s+)?not(?:\\s+(?:in|at|from|for|of))?|without|non)\\s+(?:the\\s+|any\\s+|an?\\s+)?(?<values>${EXCEPTIONS})`,
  ({ values = '' }) => ({ comparison: 'is_not', values: listed(values, '(?:and|or|nor)') }),
);

/** In the order in which they are looked for: what one reads, the next does not see. */
const PATTERNS: readonly Pattern[] = [missing, between, ...compared, ...timed, contained, equal, without];

/**
 * Reads the conditions that show by their form: comparisons (`over 30`, `amount >= 1,000`), times (`in 2024`, `since March 2024`),
 * `where COLUMN is VALUE`, `whose COLUMN contains VALUE`, gaps (`with no email`), exceptions (`excluding X`). Words alone (`of
 * eclairs`) are told from other words only by what the task has no use for: see `with-conditions.ts`.
 */
export function readConditions(text: string): ReadConditions {
  const found: FoundCondition[] = [];
  let rest = text;
  for (const { type, from, to } of extractValues(text))
    if (type === 'source' || type === 'url') rest = blank(rest, { from, to }, SOURCE);
  for (const { at, read } of PATTERNS) {
    for (const match of [...rest.matchAll(at)]) {
      const condition = read({ ...match.groups, all: match[0] });
      if (!condition) continue;
      // "Were over 30": the verb belongs to the request, unless the column stands in front of it.
      const verb = condition.column === undefined ? (match.groups?.is?.length ?? 0) : 0;
      const place = { from: match.index + verb, to: match.index + match[0].trimEnd().length };
      const { column, near, comparison } = condition;
      const isNamed = column !== undefined || near !== undefined || comparison === 'is_not';
      const before = isNamed ? '' : nameBefore(rest.slice(0, match.index));
      found.push({ condition: before === '' ? condition : { ...condition, near: before }, ...place });
      rest = blank(rest, place, READ);
    }
  }
  return { found: found.sort((a, b) => a.from - b.from), rest: withoutRanges(text, found) };
}

/** The text with those ranges blanked out, so that positions stay. */
export function withoutRanges(text: string, ranges: readonly { readonly from: number; readonly to: number }[]): string {
  return ranges.reduce((left, range) => blank(left, range, ' '), text);
}

function blank(text: string, { from, to }: { readonly from: number; readonly to: number }, mark: string): string {
  return text.slice(0, from) + mark.repeat(to - from) + text.slice(to);
}

/** Up to three words right in front, back to the first that means nothing by itself. */
function nameBefore(text: string): string {
  const near = new RegExp(`((?:${WORD}\\s+(?:&\\s+)?){1,3})$`, 'u').exec(text)?.[1] ?? '';
  const words = tokens(near);
  const last = words.findLastIndex(({ word }) => isStopWord(word));
  return words
    .slice(last + 1)
    .map(({ text: word }) => word)
    .join(' ');
}

function unquoted(text: string): string {
  const match = /^(?:"([^"]+)"|“([^”]+)”|`([^`]+)`|'([^']+)')$/u.exec(text.trim());
  return match ? (match[1] ?? match[2] ?? match[3] ?? match[4] ?? '') : text.trim();
}

/** @param link what stands between two values, besides commas; the source of a regular expression */
function listed(text: string, link = 'or'): string[] {
  const parts = text.matchAll(new RegExp(`${QUOTED}|[^,]+?(?=\\s*,|\\s+${link}\\s|$)`, 'giu'));
  return [...parts]
    .map(([part]) => timeOr(unquoted(part.replace(/^\s*(?:,\s*)?(?:(?:or|and|nor)\s+)?/iu, ''))))
    .filter(Boolean);
}

/** The times of a list; a year that stands once, behind the last month, is that of all: "in March and May 2024". */
function timesIn(text: string): (string | null)[] {
  const parts = text.matchAll(new RegExp(PERIOD, 'giu'));
  const times = [...parts].map(([part]) => periodOf(part));
  const year = /^(\d{4})-\d{2}$/.exec(times.at(-1) ?? '')?.[1];
  return times.map((one) => {
    const month = /^--(\d{2})$/.exec(one ?? '')?.[1];
    if (month === undefined || times.every((other) => other?.startsWith('--'))) return one;
    // A month beside a year, "in March or 2023", may mean that year's March alone.
    return year === undefined ? null : `${year}-${month}`;
  });
}

/** "15 March 2024" is written in one form; a word such as "May" stays what it is. */
function timeOr(value: string): string {
  const isTime = /\d/.test(value) && /\p{L}/u.test(value) && new RegExp(`^(?:${PERIOD})$`, 'iu').test(value);
  return (isTime ? periodOf(value) : null) ?? value;
}

const isPeriod = (value: string | null): boolean => value !== null && (value.includes('-') || /^\d{4}$/.test(value));

/** A number without separators, or a time. */
function operandOf(text: string): string | null {
  const plain = text.replace(/[€$£,’'\s\u00a0\u202f+]/gu, '').replace('−', '-');
  return /^-?\d+(?:\.\d+)?$/.test(plain) && !/\p{L}/u.test(text) ? plain : periodOf(text);
}
