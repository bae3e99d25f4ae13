import type { Comparison } from '@goalkeeper/domain';
import type { ColumnType } from './schemas';

/** How the texts of one column were turned into values: kept in the metadata of the normalised table. */
export interface ColumnReading {
  readonly name: string;
  readonly type: ColumnType;
  /** `native`: the source held typed values; `text`: they were read from text by these rules. */
  readonly from: 'text' | 'native';
  /** strptime formats tried in this order, for dates that are not ISO; with how many values each fits first. */
  readonly formats: readonly { readonly format: string; readonly count: number }[];
  /** Texts that stand for "nothing" (`NA`, `-`) in a column of numbers, dates or booleans; they count as missing. */
  readonly missingTokens: readonly { readonly token: string; readonly count: number }[];
}

export type ColumnRole = 'number' | 'integer' | 'year' | 'date' | 'boolean' | 'category' | 'text' | 'id' | 'empty';

export interface NumericSummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly median: number;
  /** Sample standard deviation (n − 1); null for fewer than two values. */
  readonly stddev: number | null;
  readonly sum: number;
  readonly q05: number;
  readonly q25: number;
  readonly q75: number;
  readonly q95: number;
  readonly zeros: number;
  readonly negatives: number;
}

export interface ProfileColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly role: ColumnRole;
  /** Few enough values, each often enough, to group by. */
  readonly groupable: boolean;
  readonly missing: number;
  readonly distinct: number;
  /** False for very long tables: the distinct count is then an estimate, as are the quantiles. */
  readonly exact: boolean;
  readonly reading: ColumnReading;
  readonly numeric: NumericSummary | null;
  /** ISO texts, e.g. `2012-01-31` or `2012-01-31T10:00:00`. */
  readonly dates: { readonly min: string; readonly max: string } | null;
  /** In characters. */
  readonly lengths: { readonly min: number; readonly max: number; readonly mean: number } | null;
  /** The most frequent values as text, most frequent first, at most 10. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
}

export interface Profile {
  /** Name and version of what counted, e.g. `DuckDB v1.5.6`. */
  readonly engine: string;
  readonly rows: number;
  readonly columns: readonly ProfileColumn[];
}

export const FINDING_KINDS = [
  'missing',
  'empty_column',
  'duplicate_rows',
  'constant',
  'outliers',
  'far_dates',
  'numbers_as_text',
  'mixed_types',
  'date_formats',
  'ambiguous_dates',
  'missing_tokens',
  'placeholder',
  'spelling_variants',
  'padded_text',
  'impossible',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];
export type Severity = 'high' | 'medium' | 'low';

export interface Finding {
  readonly kind: FindingKind;
  readonly column: string | null;
  readonly severity: Severity;
  /** Rows concerned. */
  readonly count: number;
  /** `count` over the rows of the table, 0..1. */
  readonly share: number;
  /** A value of the data that shows it, as text; empty where there is none. */
  readonly example: string;
  /** What it means, in words without numbers. */
  readonly meaning: string;
  /** What the count was made from, by kind: `low`/`high` fences (of dates in days since 1970), `value`, `spellings`, `rule`. */
  readonly detail: {
    readonly low?: number;
    readonly high?: number;
    readonly value?: string;
    readonly spellings?: readonly string[];
    readonly rule?: string;
  };
}

export interface Quality {
  readonly findings: readonly Finding[];
}

export interface Group {
  readonly group: string;
  readonly rows: number;
  /** Values of the measure that are present. */
  readonly count: number;
  readonly mean: number | null;
  readonly sum: number | null;
}

export interface Grouping {
  readonly by: string;
  /** Null: rows are counted and nothing is measured. */
  readonly measure: string | null;
  /** Largest first, at most 20. */
  readonly groups: readonly Group[];
  readonly totalGroups: number;
  /** Share of the measure's variance that the groups explain (eta squared), 0..1. */
  readonly explained: number | null;
  /** Probability that chance alone makes groups differ so much: the larger of the F test's and the Kruskal–Wallis test's. */
  readonly p?: number | null;
}

export type Granularity = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour';

export interface Point {
  /** ISO date of the period's first day, or date and hour. */
  readonly period: string;
  /** The line it belongs to, where the series is split; null otherwise. */
  readonly group: string | null;
  readonly rows: number;
  readonly mean: number | null;
  readonly sum: number | null;
}

export interface Series {
  readonly date: string;
  readonly granularity: Granularity;
  readonly measure: string | null;
  readonly splitBy: string | null;
  readonly points: readonly Point[];
  readonly explained: number | null;
  /** Share of the variance of the measure's ranks that the periods explain, with the p of the Kruskal–Wallis test. */
  readonly ranked?: { readonly eta: number; readonly p: number } | null;
  /** Spearman's correlation of the measure with time. */
  readonly trend?: { readonly rho: number; readonly p: number } | null;
}

export interface Correlation {
  readonly a: string;
  readonly b: string;
  /** Pearson's r over the rows where both are present. */
  readonly r: number;
  readonly count: number;
  /** Spearman's, with the larger p of both. */
  readonly rho?: number | null;
  readonly p?: number;
}

export interface Distribution {
  readonly column: string;
  readonly width: number;
  /** Buckets hold from ≤ x < from + width; the values outside of the shown range are counted in the ends. */
  readonly buckets: readonly { readonly from: number; readonly count: number }[];
  /** Values below the first or above the last bucket. */
  readonly outside: number;
}

/** The pair that is drawn: every row as a dot for short tables, counted cells for long ones. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly dots: readonly { readonly x: number; readonly y: number }[] | null;
  readonly cells: readonly { readonly x: number; readonly y: number; readonly count: number }[] | null;
  readonly xWidth: number;
  readonly yWidth: number;
}

/** A condition on a column of the table, with values as the column holds them; see `WordedCondition` for their forms. */
export interface Condition {
  readonly column: string;
  readonly comparison: Comparison;
  readonly values: readonly string[];
}

export const STATISTICS = ['count', 'distinct', 'sum', 'mean', 'median', 'min', 'max'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** One group with the statistics of each measure that was asked about. */
export interface AskedGroup {
  /** Null for the table as a whole. */
  readonly group: string | null;
  readonly rows: number;
  /** In the order of the measures; null without values, or where the column holds no numbers. */
  readonly values: readonly Readonly<Record<Statistic, number | null>>[];
}

/** The answer to what the goal asked. */
export interface Asked {
  readonly by: string | null;
  /** Set where the groups are periods of the dates in `by`. */
  readonly per?: Granularity | null;
  /** What holds of all rows that were looked at; empty for the whole table. */
  readonly where?: readonly Condition[];
  /** How many rows meet that. */
  readonly met?: number;
  /** Rows among them that belong to no group. */
  readonly ungrouped?: number;
  /** Empty: rows are counted. */
  readonly measures: readonly string[];
  /** What was asked for, first what the groups are sorted by. */
  readonly statistics: readonly Statistic[];
  /** `desc`, `asc` or both with a comma. */
  readonly order: string | null;
  readonly top: number | null;
  readonly totalGroups: number;
  /** The first ones, sorted. */
  readonly groups: readonly AskedGroup[];
}

export interface Aggregates {
  /** Null when the goal asked for no column, statistic or order. */
  readonly asked?: Asked | null;
  readonly by: string | null;
  readonly measure: string | null;
  readonly groupings: readonly Grouping[];
  readonly series: readonly Series[];
  readonly correlations: readonly Correlation[];
  readonly distributions: readonly Distribution[];
  readonly pair: Pair | null;
  /** p of every comparison that was made, whether it is told or not. */
  readonly tests?: readonly number[];
}

export interface Chart {
  readonly id: string;
  readonly kind: 'line' | 'bar' | 'histogram' | 'scatter' | 'heatmap' | 'missing' | 'counts';
  readonly title: string;
  /** One sentence on how to read it, without numbers. */
  readonly caption: string;
  readonly columns: readonly string[];
  readonly file: string;
  readonly sha256: string;
  /** How many bars, dots, cells or points of lines it has. */
  readonly marks: number;
}
