import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Evidence, JsonObject } from '@goalkeeper/domain';
import type { CheckedAnswer } from './answer-model';
import { shownText } from './shown-text';

export interface VerifyJob {
  readonly answer: CheckedAnswer;
  /** Files of the documents, by their place in the answer. */
  readonly files: readonly string[];
  readonly question: string;
}

/** Documents without a quote that are told one by one. */
const MOST_TOLD = 20;

/** Opens the documents anew and looks for each quote, at its place, on its line. */
export async function verifyJob(input: JsonObject): Promise<JsonObject> {
  const { answer, files, question } = input as unknown as VerifyJob;
  const evidence: Evidence[] = [];
  const missed: string[] = [];
  let others = 0;
  let near = answer.quotes.length === 0;
  for (const [index, document] of answer.documents.entries()) {
    const bytes = await readFile(files[index] ?? '');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const isSame = sha256 === document.sha256;
    const own = answer.quotes.filter((quote) => quote.document === index);
    // Thousands of documents without a quote are told together.
    if (!isSame || own.length > 0 || index < MOST_TOLD)
      evidence.push({ check: `${document.name} is what was read`, holds: isSame, seen: `sha256 ${sha256}` });
    else others += 1;
    if (!isSame) continue;
    const text = new TextDecoder(document.encoding, { ignoreBOM: true }).decode(bytes);
    const wrong = own.filter((quote) => !standsThere(quote, text, document.kind));
    const check = `the quotes from ${document.name} stand there`;
    const places = own.length - wrong.length;
    if (own.length > 0 || index < MOST_TOLD)
      evidence.push({
        check,
        holds: wrong.length === 0,
        seen: wrong[0] ? `${wrong[0].id} does not` : `${places} at their places`,
      });
    near ||= own.some(({ from, to }) => speaksOf(text.slice(Math.max(0, from - 2_000), to), question));
    if (!answer.found)
      missed.push(...answersIn(text, document.kind, question).map((line) => `${document.name}: ${line}`));
  }
  if (others > 0)
    evidence.push({
      check: 'the other documents are what was read',
      holds: true,
      seen: `${others} with the same SHA-256`,
    });
  evidence.push({
    check: 'what is quoted speaks of what was asked',
    holds: near,
    seen: near ? 'it does' : 'no word of it',
  });
  if (!answer.found)
    evidence.push({
      check: 'no document holds what was said not to be found',
      holds: missed.length === 0,
      seen: missed[0]?.slice(0, 200) ?? 'none does',
    });
  return { evidence } as unknown as JsonObject;
}

function standsThere({ from, to, line, quote }: CheckedAnswer['quotes'][number], text: string, kind: string): boolean {
  if (from < 0 || to <= from || to > text.length) return false;
  const raw = text.substring(from, to);
  const seen = kind === 'html' ? shownText(raw) : raw;
  let feeds = 0;
  for (let at = 0; at < from; at += 1) if (text.charCodeAt(at) === 10) feeds += 1;
  return seen === quote && line === feeds + 1;
}

/** Words of four letters and more, numbers, and single characters of scripts without spaces between words. */
function wordsOf(text: string): Set<string> {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|\p{L}{4,}|\p{N}+/gu);
  return new Set(words ?? []);
}

function speaksOf(text: string, question: string): boolean {
  const there = [...wordsOf(text)];
  const asked = [...wordsOf(question)];
  return asked.length === 0 || asked.some((word) => there.some((other) => other.startsWith(word.slice(0, 4))));
}

const ASKING = new Set(
  'what when where which whose does have many much about from with this that there their according'.split(' '),
);

/** Lines that hold every word of a question, and so should have been found. */
function answersIn(text: string, kind: string, question: string): string[] {
  const asked = [...wordsOf(question)].filter((word) => !ASKING.has(word));
  if (asked.length < 2) return [];
  const lines = (kind === 'html' ? shownText(text, '\n') : text).split('\n');
  const holding = lines.filter((line) => {
    if (line.length > 500) return false;
    const small = line.normalize('NFKC').toLowerCase();
    if (!asked.every((word) => small.includes(word))) return false;
    const there = wordsOf(line);
    return asked.every((word) => there.has(word));
  });
  return holding.slice(0, 3);
}
