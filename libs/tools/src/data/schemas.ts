import { z } from 'zod';

/** A stored file, as tools hand it to one another. */
export const ArtifactRefSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string().min(1),
  mediaType: z.string().min(1),
  sizeBytes: z.int().nonnegative(),
});

/** How a value of a column is read. `text` also holds what fits nothing else. */
export const COLUMN_TYPES = ['integer', 'number', 'date', 'timestamp', 'boolean', 'text'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export const SourceInfoSchema = z.object({
  /** The argument as it came, e.g. `sample:weather.csv`. */
  given: z.string(),
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().nonnegative(),
  format: z.enum(['csv', 'json', 'ndjson', 'parquet']),
  encoding: z.string(),
  delimiter: z.string().optional(),
  /** CSV: whether the first line holds the names. */
  header: z.boolean().optional(),
  /** JSON: the member of the outer object that holds the rows. */
  member: z.string().optional(),
});
export type SourceInfo = z.output<typeof SourceInfoSchema>;

export const RepairSchema = z.object({ kind: z.string(), count: z.int().nonnegative(), example: z.string() });
/** What was changed to make a table readable, with how often and one example. */
export type Repair = z.output<typeof RepairSchema>;

export const OpenedSchema = z.object({
  table: ArtifactRefSchema,
  source: SourceInfoSchema,
  tolerant: z.boolean(),
  rows: z.int().nonnegative(),
  columnCount: z.int().positive(),
  /** The first 100; the table itself holds all. */
  columns: z.array(z.object({ name: z.string(), type: z.enum(COLUMN_TYPES) })),
  repairs: z.array(RepairSchema),
});
export type Opened = z.output<typeof OpenedSchema>;
