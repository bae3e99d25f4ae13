import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Evidence, Json, JsonObject } from '@goalkeeper/domain';
import { takeAskedRows } from './asked-rows';
import { judgeChart } from './chart-values';
import { judgeClaims, scalar } from './claim-values';
import { unknownValues } from './quotes';
import { hashFile, readSource } from './read-source';
import { type CheckedReport, ReportJsonSchema } from './report-model';
import { typeValues } from './typed-values';

export interface VerifyJob {
  readonly source: string;
  readonly report: string;
  readonly scratch: string;
  /** Texts that the page quotes as values of the data. */
  readonly quotes: readonly string[];
}

const TOLD = 8;

/** Reads the original source and works out everything that the report says of it. */
export async function verifyJob(input: JsonObject, progress: (value: Json) => void): Promise<JsonObject> {
  const job = input as unknown as VerifyJob;
  const report = ReportJsonSchema.parse(JSON.parse(await readFile(job.report, 'utf8')));
  const sha256 = await hashFile(job.source);
  const isSame = sha256 === report.source.sha256;
  const evidence: Evidence[] = [
    { check: 'the source is the one the report speaks of', holds: isSame, seen: `sha256 ${sha256}` },
  ];
  if (!isSame) return { evidence, sha256 } as unknown as JsonObject;
  const instance = await DuckDBInstance.create(join(job.scratch, 'verify.duckdb'), {
    memory_limit: '512MB',
    threads: '2',
    temp_directory: join(job.scratch, 'verify-spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const db = await instance.connect();
  try {
    evidence.push(...(await compare(db, job, report, progress)));
    return { evidence, sha256 } as unknown as JsonObject;
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}

async function compare(
  db: DuckDBConnection,
  job: VerifyJob,
  report: CheckedReport,
  progress: (value: Json) => void,
): Promise<Evidence[]> {
  await db.run(`SET TimeZone = 'UTC'`);
  const reading = await readSource(db, job.source, report, job.scratch);
  progress({ read: true });
  const rows = Number(await scalar(db, 'SELECT count(*) FROM src'));
  const { misread, hidden } = await typeValues(db, report.columns);
  await takeAskedRows(db, report);
  progress({ typed: true });
  const bytes = (await stat(job.source)).size;
  const verdicts = await judgeClaims({ db, report, reading, rows, bytes });
  const evidence = [
    namesEvidence(reading.names, report),
    typesEvidence(misread),
    hiddenEvidence(hidden),
    repairsEvidence(reading.repairs, report),
    ...claimEvidence(verdicts, report),
  ];
  for (const chart of report.charts) {
    const check = `the numbers of ${chart.id} (${chart.kind}) are those of the source`;
    const { holds, seen } = await judgeChart(db, chart, report, rows).catch((error: unknown) => ({
      holds: false,
      seen: String(error).slice(0, 200),
    }));
    evidence.push({ check, holds, seen });
  }
  const unknown = await unknownValues(db, report, job.quotes);
  const seen = unknown.slice(0, 3).join(', ') || `quotes: ${job.quotes.length}`;
  return [...evidence, { check: 'every quoted value stands in the data', holds: unknown.length === 0, seen }];
}

function namesEvidence(names: readonly string[] | null, report: CheckedReport): Evidence {
  const check = 'the columns are those of the source';
  const stated = report.columns.map(({ name }) => name);
  if (names === null) return { check, holds: true, seen: `columns: ${stated.length}, names by place` };
  const repaired = report.tolerant
    ? (name: string, index: number): boolean =>
        name === '' || names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index
    : () => false;
  const expected =
    report.source.format === 'csv' && names.length < stated.length ? [...names, ...stated.slice(names.length)] : names;
  const wrong = expected.findIndex((name, index) => name !== stated[index] && !repaired(name, index));
  const holds = wrong === -1 && expected.length === stated.length;
  return {
    check,
    holds,
    seen: holds ? `columns: ${stated.length}` : `column ${wrong + 1} is "${expected[wrong] ?? ''}" in the source`,
  };
}

function typesEvidence(misread: readonly { name: string; count: number }[]): Evidence {
  const [first] = misread;
  const seen = first ? `something else in "${first.name}": ${first.count}` : 'all';
  return { check: 'the values are of the types that the report states', holds: misread.length === 0, seen };
}

function hiddenEvidence(hidden: readonly string[]): Evidence {
  return {
    check: 'nothing but stand-ins for "no value" was read as missing',
    holds: hidden.length === 0,
    seen: hidden[0] ?? 'none',
  };
}

const NAME_REPAIRS = ['empty_name_filled', 'repeated_name_changed'];

function repairsEvidence(
  found: ReadonlyMap<string, { count: number; first: string }>,
  report: CheckedReport,
): Evidence {
  const stated = new Map(
    report.repairs.filter(({ kind }) => !NAME_REPAIRS.includes(kind)).map((repair) => [repair.kind, repair]),
  );
  const wrong: string[] = [];
  for (const [kind, { count, first }] of found) {
    const repair = stated.get(kind);
    if (repair?.count !== count) wrong.push(`${kind}: ${count} in the source, ${repair?.count ?? 0} stated`);
    else if (first !== '' && repair.example !== first.slice(0, 120))
      wrong.push(`${kind}: the first is ${first.slice(0, 120)}`);
  }
  for (const kind of stated.keys()) if (!found.has(kind)) wrong.push(`${kind} was not needed`);
  return {
    check: 'the repairs are those that the source needs',
    holds: wrong.length === 0,
    seen: wrong[0] ?? `kinds: ${found.size}`,
  };
}

function claimEvidence(verdicts: Awaited<ReturnType<typeof judgeClaims>>, report: CheckedReport): Evidence[] {
  const kinds = [...new Set(verdicts.map(({ kind }) => kind))];
  const byKind = kinds.map((kind) => {
    const all = verdicts.filter((verdict) => verdict.kind === kind);
    const held = all.filter(({ holds }) => holds).length;
    return {
      check: `claims of the kind ${kind} hold against the source`,
      holds: held === all.length,
      seen: `${held} of ${all.length}`,
    };
  });
  const broken = verdicts.filter(({ holds }) => !holds).slice(0, TOLD);
  const told = broken.map(({ id, kind, expected }) => {
    const claim = report.claims.find((one) => one.id === id);
    const about = [claim?.column, claim?.by, claim?.group, claim?.period, claim?.of]
      .filter((part) => part !== undefined)
      .join(', ');
    return {
      check: `${id}: ${kind} of ${about || 'the table'}`,
      holds: false,
      seen: `the report says ${claim?.value ?? ''}, the source ${expected}`.slice(0, 300),
    };
  });
  return [...byKind, ...told];
}
