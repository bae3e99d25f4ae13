import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject } from '@goalkeeper/domain';
import { count, type Duck, openDuck } from '../jobs/duck';
import { attachTable } from '../jobs/table';
import type { Finding, Profile, ProfileColumn, Quality, Severity } from '../model';
import { dateFindings } from './date-findings';
import { finding, ofColumn } from './finding';
import { numberFindings } from './number-findings';
import { textFindings } from './text-findings';

const WEIGHT: Readonly<Record<Severity, number>> = { high: 3, medium: 2, low: 1 };

/** Looks for what should not be trusted; leaves `quality.json` in the scratch folder, worst findings first. */
export async function qualityJob(input: JsonObject, progress: (value: Json) => void): Promise<JsonObject> {
  const { table, profile: profilePath, scratch } = input as { table: string; profile: string; scratch: string };
  const profile = JSON.parse(await readFile(profilePath, 'utf8')) as Profile;
  const duck = await openDuck(scratch);
  try {
    await attachTable(duck, table);
    const found: Finding[] = [...missingFindings(profile), ...(await duplicateFindings(duck, profile))];
    progress({ checked: 'rows' });
    for (const column of profile.columns) {
      if (column.numeric) found.push(...(await numberFindings(duck, column, profile.rows)));
      else if (column.dates) found.push(...(await dateFindings(duck, column, profile.rows)));
      else if (column.type === 'text' && column.role !== 'empty')
        found.push(...(await textFindings(duck, column, profile.rows)));
    }
    const findings = found.toSorted((a, b) => WEIGHT[b.severity] - WEIGHT[a.severity] || b.share - a.share);
    const quality: Quality = { findings };
    await writeFile(join(scratch, 'quality.json'), JSON.stringify(quality));
    return summary(findings);
  } finally {
    duck.close();
  }
}

function missingFindings({ rows, columns }: Profile): Finding[] {
  return columns.flatMap((column): Finding[] => {
    const tell = ofColumn(column.name, rows);
    if (column.role === 'empty') {
      const meaning = 'The column holds nothing; every statement about it would be empty.';
      return [tell({ count: column.missing, kind: 'empty_column', severity: 'high', meaning })];
    }
    const found = tokenFindings(column, rows);
    if (column.missing > 0) {
      const share = column.missing / rows;
      const severity = share > 0.4 ? 'high' : share > 0.05 ? 'medium' : 'low';
      const meaning =
        share > 0.4
          ? 'So much is missing that averages speak only for the rows that were filled in, which may be special.'
          : 'Averages and sums leave these rows out.';
      found.push(tell({ count: column.missing, kind: 'missing', severity, meaning }));
    }
    if (column.distinct === 1 && rows > 1) {
      const meaning = 'One value alone stands in it, so that it tells rows apart in nothing.';
      const example = column.top[0]?.value;
      found.push(tell({ count: rows - column.missing, kind: 'constant', severity: 'low', example, meaning }));
    }
    return found;
  });
}

function tokenFindings({ name, reading }: ProfileColumn, rows: number): Finding[] {
  const { missingTokens } = reading;
  const [first] = missingTokens;
  if (!first) return [];
  const tokens = missingTokens.reduce((sum, token) => sum + token.count, 0);
  const meaning = 'These texts stand where values should be; they were read as missing.';
  const detail = { spellings: missingTokens.map(({ token }) => token) };
  const tell = ofColumn(name, rows);
  return [tell({ count: tokens, kind: 'missing_tokens', severity: 'low', example: first.token, meaning, detail })];
}

async function duplicateFindings(duck: Duck, { rows, columns }: Profile): Promise<Finding[]> {
  if (columns.some(({ distinct, exact }) => exact && distinct === rows)) return []; // a column tells every row apart
  const distinct = count((await duck.row('SELECT count(*) AS n FROM (SELECT DISTINCT * FROM t)')).n);
  const copies = rows - distinct;
  if (copies === 0) return [];
  const severity = copies / rows > 0.01 ? 'high' : 'medium';
  const meaning = 'They repeat another row in every column; if that is not on purpose, sums and counts are too high.';
  return [finding({ column: null, rows, count: copies, kind: 'duplicate_rows', severity, meaning })];
}

function summary(findings: readonly Finding[]): JsonObject {
  const of = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  return {
    findings: findings.length,
    high: of('high'),
    medium: of('medium'),
    low: of('low'),
    top: findings.slice(0, 5).map((one) => ({
      kind: one.kind,
      ...(one.column === null ? {} : { column: one.column.slice(0, 80) }),
      count: one.count,
      severity: one.severity,
    })),
  };
}
