import { join } from 'node:path';
import { type JsonObject, plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { defineTool, type ToolContext, type ToolResult } from '../../definition';
import { startJob } from '../jobs/start';
import { type Opened, OpenedSchema, type Repair } from '../schemas';

const OpenInput = z.object({
  source: z.string().min(1).max(4096),
  table: z.string().min(1).nullish(),
});

const COLUMNS_SHOWN = 100;
const NAME_CHARS = 80;
const PARQUET = 'application/vnd.apache.parquet';

const common = {
  version: '1.0.0',
  input: OpenInput,
  output: OpenedSchema,
  effect: 'pure',
  boundMs: 60_000,
  timeoutMs: 600_000,
  costUsd: 0,
  expectsRows: ['columns'],
  postcondition: (_args: unknown, output: Opened) => [
    { check: 'the table has rows', holds: output.rows > 0, seen: plural(output.rows, 'row') },
  ],
} as const;

/** Opens a table as it is, and fails with a clear code when anything about it is not in order. */
export const dataOpen = defineTool({
  ...common,
  name: 'data.open',
  summary: 'Open a CSV, JSON or Parquet file strictly and store it as a typed table.',
  run: (args, context) => open(args, context, false),
});

/** Opens a table that is not in order, and lists everything it had to change. */
export const dataOpenTolerant = defineTool({
  ...common,
  name: 'data.open-tolerant',
  summary: 'Open a damaged CSV or JSON file, repairing encoding, ragged rows and column names, and list every repair.',
  run: (args, context) => open(args, context, true),
});

async function open(
  args: z.output<typeof OpenInput>,
  context: ToolContext,
  tolerant: boolean,
): Promise<ToolResult<Opened>> {
  const { path, name } = await context.sources.resolve(args.source);
  const scratch = await context.artifacts.scratch();
  const job: JsonObject = { path, name, scratch, member: args.table ?? null, tolerant };
  const done = (await startJob('open', job, context)) as unknown as Pick<Opened, 'rows' | 'columns' | 'repairs'> & {
    source: Omit<Opened['source'], 'given' | 'name'>;
  };
  const content = { path: join(scratch, 'table.parquet') };
  const table = await context.artifacts.put({ name: 'table.parquet', mediaType: PARQUET, content });
  const columns = done.columns
    .slice(0, COLUMNS_SHOWN)
    .map((column) => ({ ...column, name: column.name.slice(0, NAME_CHARS) }));
  const output: Opened = {
    table,
    source: { given: args.source, name, ...done.source },
    tolerant,
    rows: done.rows,
    columnCount: done.columns.length,
    columns,
    repairs: done.repairs,
  };
  return { output, summary: summarise(output) };
}

function summarise({ source, rows, columnCount, repairs }: Opened): string {
  const changes = repairs.reduce((sum: number, repair: Repair) => sum + repair.count, 0);
  const repaired = repairs.length > 0 ? `, ${plural(changes, 'repair')}` : '';
  return `Opened ${source.name} (${source.format}): ${plural(rows, 'row')}, ${plural(columnCount, 'column')}${repaired}`;
}
