/** Words that carry no intent: articles, pronouns, politeness, auxiliaries, plain prepositions. Negations are not among them. */
const STOP_WORDS = new Set(
  (
    'a an the this that these those some any of for from in on at to with within into and or as is are was were be been am do does did ' +
    'i me my we us our you your it its they them their he she his her there here what which who how when where ' +
    'please can could would should will shall may might must want wants like need let lets have has had having get got just ' +
    'so then than also about over up out all very now see show tell give make made by per each every if s re ve ll d m t'
  ).split(' '),
);

/** Words that turn a request around; nothing is guessed where one stands. */
const NEGATIONS = new Set(['not', 'no', 'never', 'dont', "don't", 'without', 'stop', 'cannot', 'avoid', 'undo']);

export interface Token {
  /** As written, without punctuation around it. */
  readonly text: string;
  /** Lower case. */
  readonly word: string;
  readonly stem: string;
  /** Position in characters. */
  readonly at: number;
}

const WORD = /[\p{L}\p{N}_]+(?:['’-][\p{L}\p{N}_]+)*/gu;

const ASKING = new Set(['who', 'what', 'when', 'where', 'why', 'which', 'how']);
const YES_OR_NO = new Set(['is', 'are', 'was', 'were', 'do', 'does', 'did', 'has', 'have']);

/**
 * How a text asks, as a word of its own: `?how` where a question word stands in it, `?is` where it begins like a question for yes or
 * no; none for an order.
 */
export function moodOf(text: string): string[] {
  const words = tokens(text).map(({ word }) => word.replace(/'.*$/, ''));
  const asking = words.find((word) => ASKING.has(word));
  if (asking) return [`?${asking}`];
  return YES_OR_NO.has(words[0] ?? '') ? ['?is'] : [];
}

/** Splits a text into words. */
export function tokens(text: string): Token[] {
  return [...text.matchAll(WORD)].map((match) => {
    const word = match[0].toLowerCase().replaceAll('’', "'");
    return { text: match[0], word, stem: stem(word), at: match.index };
  });
}

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word.replace(/'.*$/, '')) && !NEGATIONS.has(word);
}

export function isNegation(word: string): boolean {
  return NEGATIONS.has(word) || word.endsWith("n't");
}

/** Stems of the words that carry intent, in order. */
export function contentStems(text: string): string[] {
  return tokens(text)
    .filter(({ word }) => !isStopWord(word))
    .map(({ stem: own }) => own);
}

const SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/'s?$/, ''],
  // British and American spelling meet: analyse, analyze, summarise, summarize.
  [/yz(e|es|ed|er|ing)$/, 'ys$1'],
  [/iz(e|es|ed|er|ing|ation|ations)$/, 'is$1'],
  [/(ss|sh|ch|x)es$/, '$1'],
  [/ies$/, 'y'],
  [/([^su])s$/, '$1'],
  [/isation$/, 'ise'],
  [/(.{3,})ation$/, '$1ate'],
  [/(.{3,})(?:ment|ness)$/, '$1'],
  [/(.{3,}[^e])ing$/, '$1'],
  [/(.{3,}[^e])ed$/, '$1'],
  [/(.{4,})(?:ly)$/, '$1'],
  [/([^aeiouls])\1$/, '$1'],
  [/(.{3,})e$/, '$1'],
  [/(.{3,})(?:is|y|i)$/, '$1'],
];

/** What is longer is no word of a language; looking for endings takes the square of the length. */
const LONGEST_WORD = 64;

/** A light English stem: plural, -ing, -ed, -ation and spelling variants are taken off in turn. */
export function stem(word: string): string {
  let result = word;
  if (result.length <= 3 || result.length > LONGEST_WORD) return result;
  for (const [pattern, replacement] of SUFFIXES) {
    const next = result.replace(pattern, replacement);
    if (next.length >= 3) result = next;
  }
  return result;
}
