import { join } from 'node:path';
import { type Evidence, type JsonObject, plural, type SuccessPredicate } from '@goalkeeper/domain';
import { type ArtifactRef, type Verifier, type VerifierContext, ToolFailure } from '../../definition';
import { runJob } from '../../process/run-job';
import { checkFiles, readStored } from './check-files';
import { checkNumbers, checkShown, type Page, readHtmlPage, readMarkdownPage } from './check-page';
import { lastOf } from './last-of';
import { shownOnPage } from './number-text';
import { resolveGroup } from './resolve-name';
import { ChartOutputSchema, type CheckedReport, ReportJsonSchema, ReportOutputSchema } from './report-model';

/**
 * Holds when the report is true: it reads the original source in its own way and works out every number of the page, the
 * Markdown and the charts again; every number must be a claim, every claim must hold, every file must be whole.
 */
export const reportIsTrue: Verifier = { name: 'data.report_is_true', verify };

async function verify(predicate: SuccessPredicate, context: VerifierContext): Promise<readonly Evidence[]> {
  const evidence: Evidence[] = [];
  const written = lastOf(context, ReportOutputSchema);
  if (!written) return [{ check: 'a report was written', holds: false, seen: 'no step gave html, markdown and json' }];
  const [html, markdown, json] = await Promise.all(
    [written.html, written.markdown, written.json].map((ref) => readStored(ref, context, evidence)),
  );
  evidence.push(...listed([written.html, written.markdown, written.json], context));
  if (!html || !markdown || !json) return evidence;
  const report = parseReport(json);
  if (!report) return [...evidence, { check: 'report.json can be read', holds: false, seen: 'it has another shape' }];
  const page = readHtmlPage(html);
  evidence.push(...checkPages(page, readMarkdownPage(markdown), report));
  evidence.push(
    ...checkSections(page, markdown, report, context),
    ...checkHarmless(html),
    ...checkAsked(predicate, report),
  );
  evidence.push(...(await checkFiles(report, html, context)), checkTerms(page, report), checkQuotes(page, report));
  evidence.push(...(await recompute(predicate, report, { page, json: written.json }, context)));
  return evidence;
}

function parseReport(json: string): CheckedReport | null {
  try {
    return ReportJsonSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

function listed(refs: readonly ArtifactRef[], { produced }: VerifierContext): Evidence[] {
  return refs.map(({ name, sha256 }) => {
    const holds = produced.some((ref) => ref.sha256 === sha256);
    return { check: `${name} is listed for the client`, holds, seen: holds ? sha256.slice(0, 12) : 'it is not' };
  });
}

function checkPages(page: Page, markdown: Page, report: CheckedReport): Evidence[] {
  return [
    ...checkNumbers('report.html', page, report),
    ...checkNumbers('report.md', markdown, report),
    checkShown(report),
  ];
}

/** The charts may be left out only where the plan drew none. */
function checkSections(page: Page, markdown: string, report: CheckedReport, context: VerifierContext): Evidence[] {
  const drawn = lastOf(context, ChartOutputSchema)?.count ?? 0;
  const required = ['summary', 'insights', 'distrust', ...(drawn > 0 ? ['charts'] : []), 'columns', 'method'];
  const missing = required.filter((id) => !page.sections.includes(id));
  const titles = report.sections.filter(({ title }) => !markdown.includes(`\n## ${title}\n`));
  return [
    {
      check: 'the page has all its sections',
      holds: missing.length === 0,
      seen: missing[0] ? `${missing[0]} is missing` : plural(required.length, 'section'),
    },
    {
      check: 'the Markdown has all its sections',
      holds: titles.length === 0,
      seen: titles[0] ? `${titles[0].title} is missing` : plural(report.sections.length, 'section'),
    },
    {
      check: 'every drawn chart is in the report',
      holds: report.charts.length === drawn,
      seen: `${report.charts.length} of ${drawn}`,
    },
  ];
}

function checkHarmless(html: string): Evidence[] {
  const found =
    /<(script|iframe|object|embed|link|form|img)\b|\son[a-z]+\s*=\s*["']|\b(?:href|src|action)\s*=\s*["']?\s*javascript:/i.exec(
      html.replace(/<svg\b[\s\S]*?<\/svg>/g, ''),
    );
  return [
    { check: 'the page runs nothing and loads nothing', holds: found === null, seen: found?.[0] ?? 'nothing active' },
  ];
}

function checkAsked({ args }: SuccessPredicate, report: CheckedReport): Evidence[] {
  const evidence: Evidence[] = [];
  if (typeof args.source === 'string') {
    const { given } = report.source;
    evidence.push({ check: 'the report is about the source of the goal', holds: given === args.source, seen: given });
  }
  if (typeof args.by === 'string') {
    const asked = resolveGroup(args.by, report.columns)?.by ?? null;
    const named = report.claims.filter(({ by, date }) => asked !== null && (by === asked || date === asked));
    evidence.push({
      check: `the report tells by ${args.by}`,
      holds: named.length > 0,
      seen: plural(named.length, 'number'),
    });
  }
  return evidence;
}

/** Terms in code type are facts of the source and of how it was read, or versions; digits hide nowhere else. */
function checkTerms(page: Page, report: CheckedReport): Evidence {
  const { source } = report;
  const known = new Set([
    'report.json',
    'groups.csv',
    'tab',
    source.sha256,
    source.encoding,
    source.delimiter ?? '',
    ...report.columns.flatMap(({ formats }) => formats),
    ...report.repairs.map(({ example }) => example.replace(/\s+/g, ' ')),
  ]);
  const isVersion = /^(DuckDB v[\d.]+|Vega [\d.]+, Vega-Lite [\d.]+)$/;
  const odd = page.codes.filter((code) => !known.has(code) && !isVersion.test(code) && !isCut(code, known));
  return {
    check: 'every technical term is known',
    holds: odd.length === 0,
    seen: odd[0] ?? plural(page.codes.length, 'term'),
  };
}

function isCut(code: string, known: ReadonlySet<string>): boolean {
  return [...known].some(
    (term) =>
      term !== '' && (plain(term) === code || (code.endsWith('…') && plain(term).startsWith(code.slice(0, -1)))),
  );
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '□');
}

/** Names quoted as columns are columns, periods are periods of claims, the file is the source. */
function checkQuotes(page: Page, report: CheckedReport): Evidence {
  const names = new Set(report.columns.map(({ name }) => name));
  const periods = report.claims.flatMap(({ period }) => (period === undefined ? [] : [period]));
  const groups = new Set(report.claims.flatMap(({ per, group }) => (per && group !== undefined ? [group] : [])));
  const conditions = new Set((report.asked?.where ?? []).flatMap(({ values }) => values.map(shownOnPage)));
  const files = new Set([report.source.name, report.source.member ?? report.source.name]);
  const wrong = page.quotes.filter(({ kind, text }) => {
    if (kind === 'column') return !names.has(text) && !isCut(text, names);
    if (kind === 'condition') return !conditions.has(text);
    if (kind === 'period' && groups.has(text)) return false;
    if (kind === 'period') return !periods.some((period) => period.startsWith(text));
    if (kind === 'file') return !files.has(text) && !isCut(text, files);
    return kind !== 'value';
  });
  return {
    check: 'every quoted name is known',
    holds: wrong.length === 0,
    seen: wrong[0]?.text ?? plural(page.quotes.length, 'quote'),
  };
}

async function recompute(
  { args }: SuccessPredicate,
  report: CheckedReport,
  written: { page: Page; json: ArtifactRef },
  context: VerifierContext,
): Promise<Evidence[]> {
  const source = typeof args.source === 'string' ? args.source : report.source.given;
  try {
    const { path } = await context.sources.resolve(source);
    const input: JsonObject = {
      source: path,
      report: await context.artifacts.path(written.json.sha256),
      scratch: await context.artifacts.scratch(),
      quotes: written.page.quotes.filter(({ kind }) => kind === 'value').map(({ text }) => text),
    };
    const done = await runJob({
      entry: join(__dirname, 'main'),
      job: 'verify',
      input,
      signal: context.signal,
      heartbeat: context.heartbeat,
    });
    const evidence = done.evidence as unknown as Evidence[];
    if (typeof args.sha256 !== 'string') return evidence;
    return [
      ...evidence,
      {
        check: 'the source has the content that the goal pinned',
        holds: done.sha256 === args.sha256,
        seen: typeof done.sha256 === 'string' ? done.sha256 : 'nothing',
      },
    ];
  } catch (error) {
    // A source that has gone or a reader that fails proves nothing; infrastructure trouble is retried by the caller.
    if (!(error instanceof ToolFailure) || error.options.transient) throw error;
    return [
      { check: 'the source can be read again', holds: false, seen: `${error.code}: ${error.message}`.slice(0, 300) },
    ];
  }
}
