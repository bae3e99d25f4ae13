import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Evidence, type JsonObject, plural, type SuccessPredicate } from '@goalkeeper/domain';
import { type ArtifactRef, ToolFailure, type Verifier, type VerifierContext } from '../../definition';
import { runJob } from '../../process/run-job';
import { type CheckedAnswer, CheckedAnswerSchema, WrittenSchema } from './answer-model';
import { onOneLine, quotationsIn, quotesOfHtml, quotesOfMarkdown, type ShownQuote } from './answer-page';

/**
 * Holds when an answer is made of quotes that stand literally where it says: it opens the documents anew, by code of its own,
 * and compares file, place, line and text of each quote, on the page, in the Markdown and in the JSON.
 */
export const answerIsQuoted: Verifier = { name: 'research.answer_is_quoted', verify };

async function verify({ args }: SuccessPredicate, context: VerifierContext): Promise<readonly Evidence[]> {
  const written = Object.values(context.outputs)
    .map((output) => WrittenSchema.safeParse(output))
    .findLast(({ success }) => success)?.data;
  if (!written) return [{ check: 'an answer was written', holds: false, seen: 'no step gave html, markdown and json' }];
  const evidence: Evidence[] = [];
  const refs = [written.html, written.markdown, written.json];
  const [html, markdown, json] = await Promise.all(refs.map((ref) => stored(ref, context, evidence)));
  if (html === null || markdown === null || !json) return evidence;
  const answer = parsed(json);
  if (!answer) return [...evidence, { check: 'answer.json can be read', holds: false, seen: 'it has another shape' }];
  evidence.push(...checkAsked(args, answer), checkFound(answer, written), checkSections(answer));
  evidence.push(checkPage('answer.html', quotesOfHtml(html ?? ''), answer));
  evidence.push(checkPage('answer.md', quotesOfMarkdown(markdown ?? ''), answer));
  evidence.push(checkNothingElse(html ?? '', markdown ?? '', answer), checkHarmless(html ?? ''));
  return [...evidence, ...(await lookAgain(answer, context))];
}

async function stored(ref: ArtifactRef, context: VerifierContext, evidence: Evidence[]): Promise<string | null> {
  const path = await context.artifacts.path(ref.sha256).catch(() => null);
  const bytes = path === null ? null : await readFile(path).catch(() => null);
  const isWhole = bytes !== null && createHash('sha256').update(bytes).digest('hex') === ref.sha256;
  const isListed = context.produced.some(({ sha256 }) => sha256 === ref.sha256);
  const seen = bytes === null ? 'it is missing' : isWhole ? ref.sha256.slice(0, 12) : 'its content has another hash';
  evidence.push({ check: `${ref.name} is there and whole`, holds: isWhole, seen });
  evidence.push({
    check: `${ref.name} is listed for the client`,
    holds: isListed,
    seen: isListed ? 'it is' : 'it is not',
  });
  return isWhole ? bytes.toString('utf8') : null;
}

function parsed(json: string): CheckedAnswer | null {
  try {
    return CheckedAnswerSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

function checkAsked(args: JsonObject, answer: CheckedAnswer): Evidence[] {
  const evidence: Evidence[] = [];
  if (typeof args.question === 'string') {
    const holds = answer.question === args.question.trim();
    evidence.push({ check: 'it answers what was asked', holds, seen: answer.question.slice(0, 200) });
  }
  const given = args.sources;
  if (Array.isArray(given)) {
    const sources = given.map((source) => String(source).replace(/\/+$/, ''));
    const strange = answer.documents.find(
      ({ source }) => !sources.some((own) => source === own || source.startsWith(`${own}/`)),
    );
    const seen = strange?.source ?? plural(answer.documents.length, 'document');
    evidence.push({ check: 'it quotes documents of the goal alone', holds: !strange, seen });
  }
  return evidence;
}

function checkFound(answer: CheckedAnswer, written: { found: boolean; quotes: number }): Evidence {
  const holds =
    answer.found === answer.quotes.length > 0 &&
    written.found === answer.found &&
    written.quotes === answer.quotes.length;
  return {
    check: 'what was found is quoted',
    holds,
    seen: `found: ${answer.found}, ${plural(answer.quotes.length, 'quote')}`,
  };
}

/** Every quote stands under a heading and comes from a document of the list, every name there is that of a quote. */
function checkSections({ sections, quotes, documents }: CheckedAnswer): Evidence {
  const placed = new Set(sections.flatMap((section) => section.quotes));
  const ids = new Set(quotes.map(({ id }) => id));
  const strange = quotes.find(({ document }) => documents[document] === undefined)?.id;
  const odd = strange ?? [...placed].find((id) => !ids.has(id)) ?? [...ids].find((id) => !placed.has(id));
  const holds = odd === undefined && ids.size === quotes.length;
  return { check: 'every quote has its place in the answer', holds, seen: odd ?? plural(ids.size, 'quote') };
}

function checkPage(file: string, shown: readonly ShownQuote[], answer: CheckedAnswer): Evidence {
  const expected = answer.sections.flatMap(({ quotes }) => quotes);
  const wrong = expected.findIndex((id, index) => {
    const quote = answer.quotes.find((one) => one.id === id);
    const seen = shown[index];
    if (!quote || seen?.id !== id) return true;
    const name = onOneLine(answer.documents[quote.document]?.name ?? '');
    const place = `${name}, line ${quote.line}, characters ${quote.from}–${quote.to}`;
    return seen.text !== onOneLine(quote.quote) || seen.place !== place;
  });
  const holds = wrong === -1 && shown.length === expected.length;
  const seen = holds ? plural(shown.length, 'quote') : `${expected[wrong] ?? 'a quote'} is not shown as it is`;
  return { check: `${file}: every quote is shown with its place`, holds, seen };
}

function checkNothingElse(html: string, markdown: string, answer: CheckedAnswer): Evidence {
  const count = quotationsIn(html, markdown);
  const expected = answer.sections.flatMap(({ quotes }) => quotes).length;
  const saysNone = html.includes('Not found in the documents.') && markdown.includes('\nNot found in the documents.\n');
  const holds = count.html === expected && count.markdown === expected && (answer.found || saysNone);
  const seen = `${plural(count.html, 'quotation')} on the page, ${count.markdown} in the Markdown, of ${expected}`;
  return { check: 'nothing is quoted that is no quote, and nothing found is told as such', holds, seen };
}

function checkHarmless(html: string): Evidence {
  const active = /<(script|iframe|object|embed|link|form|img|svg|base)\b|\son[a-z]+\s*=|javascript:/i.exec(
    html.replace(/<style>[\s\S]*?<\/style>/, '').replace(/>[^<]*</g, '><'),
  );
  return {
    check: 'the page runs nothing and loads nothing',
    holds: active === null,
    seen: active?.[0] ?? 'nothing active',
  };
}

async function lookAgain(answer: CheckedAnswer, context: VerifierContext): Promise<readonly Evidence[]> {
  try {
    const files: string[] = [];
    for (const { source } of answer.documents) files.push((await context.sources.resolve(source)).path);
    const input = { answer, files, question: answer.question } as unknown as JsonObject;
    const { signal, heartbeat } = context;
    const done = await runJob({ entry: join(__dirname, 'main'), job: 'verify', input, signal, heartbeat });
    return done.evidence as unknown as Evidence[];
  } catch (error) {
    if (!(error instanceof ToolFailure) || error.options.transient) throw error;
    return [
      { check: 'the documents can be read again', holds: false, seen: `${error.code}: ${error.message}`.slice(0, 300) },
    ];
  }
}
