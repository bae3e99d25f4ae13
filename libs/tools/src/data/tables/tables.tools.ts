import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JsonObject, plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { type ArtifactRef, defineTool, type ToolContext } from '../../definition';
import { startJob } from '../jobs/start';
import { ArtifactRefSchema, type Opened, OpenedSchema } from '../schemas';

const column = z.string().min(1).nullish();
const pure = { version: '1.0.0', effect: 'pure', boundMs: 60_000, timeoutMs: 600_000, costUsd: 0 } as const;

const CleanedSchema = z.object({
  cleaned: ArtifactRefSchema,
  json: ArtifactRefSchema,
  rows: z.int(),
  kept: z.int(),
  empty: z.int(),
  doubled: z.int(),
  cells: z.int(),
});

/** Cleans a table: trims texts, empties what stands for nothing, leaves out empty rows and those that stand there twice. */
export const dataClean = defineTool({
  ...pure,
  name: 'data.clean',
  summary: 'Trim texts, empty what stands for nothing, leave out empty and doubled rows; store the table as CSV.',
  input: z.object({ opened: OpenedSchema }),
  output: CleanedSchema,
  postcondition: (_args, { rows, kept, empty, doubled }) => [
    { check: 'every row is kept or accounted for', holds: rows === kept + empty + doubled, seen: `${kept} of ${rows}` },
  ],
  async run({ opened }, context) {
    const done = await work(
      'clean',
      { table: await path(opened, context) },
      { context, file: 'cleaned.csv', sources: { left: opened } },
    );
    const { rows, kept, empty, doubled, cells } = done.counts as Record<string, number>;
    const output = CleanedSchema.parse({ ...done.counts, cleaned: done.csv, json: done.json });
    const summary = `${kept} of ${plural(rows ?? 0, 'row')} kept: ${empty} empty, ${doubled} doubled; ${plural(cells ?? 0, 'cell')} tidied`;
    return { output, artifacts: [done.csv, done.json], summary };
  },
});

const ComparedSchema = z.object({
  differences: ArtifactRefSchema,
  json: ArtifactRefSchema,
  key: z.string().nullable(),
  /** Given by the goal, found in the tables, none there, or refused because it does not name the rows. */
  keyWhy: z.enum(['given', 'found', 'none', 'refused']),
  /** In words. */
  keyNote: z.string(),
  /** Lines of differences in all, and in the file. */
  lines: z.int(),
  listed: z.int(),
  leftRows: z.int(),
  rightRows: z.int(),
  onlyLeft: z.int(),
  onlyRight: z.int(),
  changed: z.int(),
});

/** Compares two tables: which columns and rows one has and the other has not, and by a key which rows changed. */
export const dataCompare = defineTool({
  ...pure,
  name: 'data.compare',
  summary: 'Count the columns and rows that two tables do not share, and with a key the rows that changed.',
  input: z.object({
    left: OpenedSchema,
    right: OpenedSchema,
    key: column,
    /** A key that was tried and does not name the rows: they are compared whole. */
    refused: column,
  }),
  output: ComparedSchema,
  async run({ left, right, key, refused }, context) {
    const tables = { left: await path(left, context), right: await path(right, context) };
    const input = { ...tables, column: key ?? null, refused: refused ?? null };
    const done = await work('compare', input, { context, file: 'differences.csv', sources: { left, right } });
    const keyNote = noteOf(done.counts);
    const output = ComparedSchema.parse({ ...done.counts, keyNote, differences: done.csv, json: done.json });
    const { onlyLeft, onlyRight, changed, lines, listed } = output;
    const cut = lines > listed ? ` The file has the first ${listed} of ${plural(lines, 'line')}.` : '';
    const summary = `${plural(onlyLeft, 'row')} only in ${left.source.name}, ${onlyRight} only in ${right.source.name}, ${changed} changed. ${keyNote}${cut}`;
    return { output, artifacts: [done.csv, done.json], summary };
  },
});

const NotedSchema = z.object({ key: z.string().nullable(), keyWhy: z.string(), refused: z.string().nullable() });

/** By what the rows were matched, and why. */
function noteOf(counts: JsonObject): string {
  const { key, keyWhy, refused } = NotedSchema.parse(counts);
  if (keyWhy === 'given') return `Rows were matched by ${key}, as asked.`;
  if (keyWhy === 'found')
    return `Rows were matched by ${key}, which stands once in every row of both tables; name another column to match them by that.`;
  if (keyWhy === 'refused')
    return `${refused} does not name the rows (some values stand twice or are missing), so rows were compared whole: one that changed counts as removed and added.`;
  return 'No column names the rows of both tables, so rows were compared whole: one that changed counts as removed and added.';
}

const JoinedSchema = z.object({
  joined: ArtifactRefSchema,
  json: ArtifactRefSchema,
  key: z.string(),
  rows: z.int(),
  leftRows: z.int(),
  rightRows: z.int(),
});

/** Joins two tables on a column that both have. */
export const dataJoin = defineTool({
  ...pure,
  name: 'data.join',
  summary: 'Join two tables on a column that both have (inner join) and store the result as CSV.',
  input: z.object({ left: OpenedSchema, right: OpenedSchema, on: column }),
  output: JoinedSchema,
  async run({ left, right, on }, context) {
    const input = { left: await path(left, context), right: await path(right, context), column: on ?? null };
    const done = await work('join', input, { context, file: 'joined.csv', sources: { left, right } });
    const output = JoinedSchema.parse({ ...done.counts, joined: done.csv, json: done.json });
    return {
      output,
      artifacts: [done.csv, done.json],
      summary: `${plural(output.rows, 'row')} joined on ${output.key}`,
    };
  },
});

function path({ table }: Opened, context: ToolContext): Promise<string> {
  return context.artifacts.path(table.sha256);
}

interface Around {
  readonly context: ToolContext;
  readonly file: string;
  readonly sources: { readonly left: Opened; readonly right?: Opened };
}

/** Runs the job and stores the table that it wrote, and what it told with how the sources were read. */
async function work(
  job: 'clean' | 'compare' | 'join',
  input: JsonObject,
  { context, file, sources }: Around,
): Promise<{ csv: ArtifactRef; json: ArtifactRef; counts: JsonObject }> {
  const scratch = await context.artifacts.scratch();
  const counts = await startJob(job, { ...input, scratch }, context);
  const csv = await context.artifacts.put({
    name: file,
    mediaType: 'text/csv',
    content: { path: join(scratch, file) },
  });
  const told = JSON.parse(await readFile(join(scratch, 'told.json'), 'utf8')) as object;
  const read = ({ source, tolerant, repairs }: Opened): object => ({ source, tolerant, repairs });
  const left = read(sources.left);
  const right = sources.right ? read(sources.right) : null;
  const content = Buffer.from(JSON.stringify({ job, ...told, left, right, result: csv.sha256 }, null, 1));
  const json = await context.artifacts.put({ name: `${job}.json`, mediaType: 'application/json', content });
  return { csv, json, counts };
}
