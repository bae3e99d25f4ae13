import { readFile } from 'node:fs/promises';
import { plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { type ArtifactRef, type ArtifactStore, defineTool, type ToolContext } from '../../definition';
import type { DrawnChart } from '../chart/chart.tool';
import type { Aggregates, Profile, Quality } from '../model';
import { ArtifactRefSchema, OpenedSchema } from '../schemas';
import { ClaimBook } from './claims';
import { plainText, type ReportDocument } from './document';
import { renderHtml } from './render-html';
import { renderMarkdown } from './render-markdown';
import { reportJson } from './report-json';
import type { ReportInput } from './report-input';
import { writeReport } from './write-report';

const ReportArgs = z.object({
  opened: OpenedSchema,
  profile: ArtifactRefSchema,
  quality: ArtifactRefSchema,
  /** Left out for a report on profile and quality alone. */
  aggregates: ArtifactRefSchema.nullish(),
  charts: ArtifactRefSchema.nullish(),
  by: z.string().min(1).nullish(),
});

export const ReportedSchema = z.object({
  html: ArtifactRefSchema,
  markdown: ArtifactRefSchema,
  json: ArtifactRefSchema,
  claims: z.int(),
  insights: z.int(),
  warnings: z.int(),
  headline: z.string(),
  /** What was asked, answered in one sentence; empty when nothing was asked. */
  answer: z.string(),
});

/** Writes the report for people (HTML and Markdown) and for machines (JSON with every claim). */
export const dataReport = defineTool({
  name: 'data.report',
  version: '1.0.0',
  summary:
    'Write the report of an analysed table as HTML, Markdown and JSON: what is in it, what stands out, what to distrust.',
  input: ReportArgs,
  output: ReportedSchema,
  effect: 'pure',
  boundMs: 5_000,
  timeoutMs: 60_000,
  costUsd: 0,
  postcondition: (_args, output) => [
    { check: 'the report claims numbers', holds: output.claims > 0, seen: plural(output.claims, 'claim') },
  ],
  async run(args, context) {
    const input = await readInput(args, context);
    const document = writeReport(input);
    const put = (name: string, mediaType: string, text: string): Promise<ArtifactRef> =>
      context.artifacts.put({ name, mediaType, content: Buffer.from(text) });
    const html = await put('report.html', 'text/html; charset=utf-8', renderHtml(document));
    const markdown = await put('report.md', 'text/markdown; charset=utf-8', renderMarkdown(document));
    const drawn = await chartFiles(input, context.artifacts);
    const json = await put(
      'report.json',
      'application/json',
      JSON.stringify(reportJson(input, document, [html, markdown, ...drawn]), null, 1),
    );
    const count = (id: string): number =>
      document.sections
        .filter((section) => section.id === id)
        .flatMap(({ blocks }) => blocks)
        .reduce((sum, block) => sum + (block.type === 'items' ? block.items.length : 0), 0);
    const answered = sentenceOf(document);
    const { rows, columns } = input.profile;
    const headline = [
      plural(rows, 'row'),
      plural(columns.length, 'column'),
      plural(count('insights'), 'insight'),
      plural(count('distrust'), 'warning'),
    ].join(', ');
    return {
      output: {
        html,
        markdown,
        json,
        claims: input.book.list().length,
        insights: count('insights'),
        warnings: count('distrust'),
        headline,
        answer: answered,
      },
      artifacts: [html, markdown, json, ...drawn],
      summary: answered === '' ? `Report on ${input.opened.source.name}: ${headline}` : answered,
    };
  },
});

/** The first sentence of the answer as plain text. */
function sentenceOf({ sections }: ReportDocument): string {
  const [block] = sections.find(({ id }) => id === 'answer')?.blocks ?? [];
  const [item] = block?.type === 'items' ? block.items : [];
  return item ? plainText([...item.head, ' ', ...item.body]) : '';
}

const NO_AGGREGATES: Aggregates = {
  by: null,
  measure: null,
  groupings: [],
  series: [],
  correlations: [],
  distributions: [],
  pair: null,
};

async function readInput(args: z.output<typeof ReportArgs>, context: ToolContext): Promise<ReportInput> {
  const read = async (ref: ArtifactRef): Promise<unknown> =>
    JSON.parse(await readFile(await context.artifacts.path(ref.sha256), 'utf8')) as unknown;
  const charts = args.charts ? ((await read(args.charts)) as DrawnChart[]) : [];
  const svgs = new Map<string, string>();
  for (const { file, sha256 } of charts) svgs.set(file, await readFile(await context.artifacts.path(sha256), 'utf8'));
  return {
    opened: args.opened,
    profile: (await read(args.profile)) as Profile,
    quality: (await read(args.quality)) as Quality,
    aggregates: args.aggregates ? ((await read(args.aggregates)) as Aggregates) : NO_AGGREGATES,
    charts,
    svgs,
    book: new ClaimBook(),
  };
}

/** The charts under the report's own list of files; storing the same bytes again gives the same reference. */
async function chartFiles({ charts, svgs }: ReportInput, artifacts: ArtifactStore): Promise<ArtifactRef[]> {
  const files: ArtifactRef[] = [];
  for (const { file } of charts) {
    files.push(
      await artifacts.put({ name: file, mediaType: 'image/svg+xml', content: Buffer.from(svgs.get(file) ?? '') }),
    );
  }
  return files;
}
