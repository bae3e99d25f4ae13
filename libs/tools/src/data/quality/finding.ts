import type { Finding, FindingKind, Severity } from '../model';

const EXAMPLE_CHARS = 80;

/** Makes a finding; the share is worked out from the rows. */
export function finding(about: {
  readonly kind: FindingKind;
  readonly column: string | null;
  readonly severity: Severity;
  readonly count: number;
  readonly rows: number;
  readonly meaning: string;
  readonly example?: string | undefined;
  readonly detail?: Finding['detail'];
}): Finding {
  const { kind, column, severity, count, rows, meaning, example = '', detail = {} } = about;
  return {
    kind,
    column,
    severity,
    count,
    share: rows === 0 ? 0 : count / rows,
    example: example.slice(0, EXAMPLE_CHARS),
    meaning,
    detail,
  };
}

/** A finding without what all findings of one column share. */
export type Told = Omit<Parameters<typeof finding>[0], 'column' | 'rows'>;

/** Adds the column and the rows to what was found in a column. */
export function ofColumn(column: string, rows: number): (told: Told) => Finding {
  return (told) => finding({ column, rows, ...told });
}
