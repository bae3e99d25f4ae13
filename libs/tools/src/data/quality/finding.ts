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
