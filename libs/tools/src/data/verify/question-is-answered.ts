import { join } from 'node:path';
import type { Evidence, Json, SuccessPredicate } from '@goalkeeper/domain';
import { type ArtifactRef, ToolFailure, type Verifier, type VerifierContext } from '../../definition';
import { runJob } from '../../process/run-job';
import { readStored } from './check-files';
import { type Page, readHtmlPage } from './check-page';
import { lastOf } from './last-of';
import { ReportJsonSchema, ReportOutputSchema } from './report-model';

/**
 * Holds when what the goal asked for stands in the report: the statistic that it names, for every group, with a sentence that says which
 * comes first. It is worked out again from the source; that all else in the report is true is judged by `data.report_is_true`.
 */
export const questionIsAnswered: Verifier = { name: 'data.question_is_answered', verify };

const ASKED = ['by', 'measure', 'statistic', 'order', 'top', 'where'] as const;

async function verify({ args }: SuccessPredicate, context: VerifierContext): Promise<readonly Evidence[]> {
  if (ASKED.every((name) => args[name] === undefined))
    return [{ check: 'what was asked stands in the report', holds: true, seen: 'nothing in particular was asked' }];
  const evidence: Evidence[] = [];
  const written = lastOf(context, ReportOutputSchema);
  if (!written) return [{ check: 'a report was written', holds: false, seen: 'no step gave html, markdown and json' }];
  const html = await readStored(written.html, context, evidence);
  const markdown = await readStored(written.markdown, context, evidence);
  if (html === null || markdown === null) return evidence;
  const { said, shown, quotes } = answerOf(html);
  evidence.push(
    { check: 'the page has an answer', holds: said.length > 0, seen: `numbers: ${shown.length}` },
    ...bothEvidence(markdown, shown),
  );
  const groups = context.produced.find(({ name }) => name === 'groups.csv');
  return [...evidence, ...(await recompute(args, { json: written.json, groups, said, shown, quotes }, context))];
}

/** The claims in the section of the answer: those of its sentences, in front of the table, and all. */
export function answerOf(html: string): { said: string[]; shown: string[]; quotes: Page['quotes'] } {
  const section = /<section id="answer">([\s\S]*?)<\/section>/.exec(html)?.[1] ?? '';
  const claims = (text: string): string[] => [...text.matchAll(/\bdata-claim="(c\d+)"/g)].map(([, id = '']) => id);
  return {
    said: claims(section.split('<table')[0] ?? ''),
    shown: claims(section),
    quotes: readHtmlPage(`<body>${section}`).quotes,
  };
}

function bothEvidence(markdown: string, shown: readonly string[]): Evidence[] {
  const lacking = shown.filter((id) => !markdown.includes(`<!--${id}-->`));
  return [
    { check: 'the Markdown has the same answer', holds: lacking.length === 0, seen: `lacking: ${lacking.length}` },
  ];
}

interface Written {
  readonly json: ArtifactRef;
  readonly groups: ArtifactRef | undefined;
  readonly said: readonly string[];
  readonly shown: readonly string[];
  readonly quotes: Page['quotes'];
}

async function recompute(
  args: SuccessPredicate['args'],
  { json, groups, said, shown, quotes }: Written,
  context: VerifierContext,
): Promise<readonly Evidence[]> {
  const asked = Object.fromEntries(ASKED.map((name): [string, Json] => [name, args[name] ?? null]));
  try {
    const report = await context.artifacts.path(json.sha256);
    const given = typeof args.source === 'string' ? args.source : await givenIn(report);
    const input = {
      ...asked,
      source: (await context.sources.resolve(given)).path,
      report,
      groups: groups ? await context.artifacts.path(groups.sha256) : null,
      scratch: await context.artifacts.scratch(),
      said: [...said],
      shown: [...shown],
      quotes: quotes.map(({ kind, text }) => ({ kind, text })),
    };
    const { signal, heartbeat } = context;
    const done = await runJob({ entry: join(__dirname, 'main'), job: 'answer', input, signal, heartbeat });
    return done.evidence as unknown as Evidence[];
  } catch (error) {
    if (!(error instanceof ToolFailure) || error.options.transient) throw error;
    return [
      { check: 'the source can be read again', holds: false, seen: `${error.code}: ${error.message}`.slice(0, 300) },
    ];
  }
}

async function givenIn(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return ReportJsonSchema.parse(JSON.parse(await readFile(path, 'utf8'))).source.given;
}
