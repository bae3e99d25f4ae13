import { z } from 'zod';

const Sha = z.string().regex(/^[0-9a-f]{64}$/);

const ClaimSchema = z.object({
  id: z.string().regex(/^c\d+$/),
  kind: z.string(),
  column: z.string().optional(),
  column2: z.string().optional(),
  of: z.string().optional(),
  by: z.string().optional(),
  group: z.string().optional(),
  group2: z.string().optional(),
  date: z.string().optional(),
  granularity: z.string().optional(),
  period: z.string().optional(),
  splitBy: z.string().optional(),
  split: z.string().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  repair: z.string().optional(),
  as: z.literal('share').optional(),
  approximate: z.boolean().optional(),
  /** Of the rows that meet the conditions of the question alone. */
  asked: z.literal(true).optional(),
  per: z.string().optional(),
  value: z.union([z.number(), z.string()]),
  shown: z.string(),
});
export type CheckedClaim = z.output<typeof ClaimSchema>;

const ColumnSchema = z.object({
  name: z.string(),
  type: z.enum(['integer', 'number', 'date', 'timestamp', 'boolean', 'text']),
  from: z.enum(['text', 'native']),
  formats: z.array(z.string()),
  missingTokens: z.array(z.string()),
});
export type CheckedColumn = z.output<typeof ColumnSchema>;

const ChartSchema = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  file: z.string(),
  sha256: Sha,
  marks: z.int(),
  columns: z.array(z.string()),
  data: z.record(z.string(), z.unknown()),
});
export type CheckedChart = z.output<typeof ChartSchema>;

const ConditionSchema = z.object({ column: z.string(), comparison: z.string(), values: z.array(z.string()) });
export type CheckedCondition = z.output<typeof ConditionSchema>;

/** A condition as the goal has it. */
export const WantedConditions = z.array(
  z.object({
    column: z.string().optional(),
    near: z.string().optional(),
    loose: z.string().optional(),
    comparison: z.string(),
    values: z.array(z.string()),
  }),
);
export type WantedCondition = z.output<typeof WantedConditions>[number];

/** What this verifier reads of `report.json`, written down a second time on purpose: it trusts no type of the tools. */
export const ReportJsonSchema = z.object({
  schema: z.literal('goalkeeper.data-report/1'),
  source: z.object({
    given: z.string(),
    name: z.string(),
    sha256: Sha,
    sizeBytes: z.int(),
    format: z.enum(['csv', 'json', 'ndjson', 'parquet']),
    encoding: z.string(),
    delimiter: z.string().length(1).optional(),
    header: z.boolean().optional(),
    member: z.string().optional(),
  }),
  tolerant: z.boolean(),
  repairs: z.array(z.object({ kind: z.string(), count: z.int(), example: z.string() })),
  by: z.string().nullable(),
  columns: z.array(ColumnSchema).min(1),
  asked: z.object({ per: z.string().nullish(), where: z.array(ConditionSchema).nullish() }).nullish(),
  sections: z.array(z.object({ id: z.string(), title: z.string() })),
  claims: z.array(ClaimSchema).min(1),
  charts: z.array(ChartSchema),
  files: z.array(z.object({ name: z.string(), sha256: Sha, sizeBytes: z.int() })),
});
export type CheckedReport = z.output<typeof ReportJsonSchema>;

const Ref = z.object({ sha256: Sha, name: z.string(), mediaType: z.string(), sizeBytes: z.int() });
export const ReportOutputSchema = z.object({ html: Ref, markdown: Ref, json: Ref });
export const ChartOutputSchema = z.object({ charts: Ref, files: z.array(Ref), count: z.int() });
