import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject } from '@goalkeeper/domain';
import { ToolFailure } from '../../definition';
import { count, type Duck, ident, literal, openDuck } from '../jobs/duck';
import type { ColumnReading } from '../model';
import { detectFormat } from './detect-format';
import { type Inspection, inspectFile } from './inspect-file';
import { loadCsv } from './load-csv';
import { loadJson } from './load-json';
import { loadParquet, refuseBrokenPages } from './load-parquet';
import type { Loaded, LoadOptions } from './loaded';
import { RepairLog } from './repair-log';
import { typeColumns } from './type-columns';

export interface OpenJob {
  readonly path: string;
  readonly name: string;
  readonly scratch: string;
  readonly member: string | null;
  readonly tolerant: boolean;
}

/** Opens a file and writes it as a typed Parquet table (`table.parquet` in the scratch folder) with its readings inside. */
export async function openJob(input: JsonObject, progress: (value: Json) => void): Promise<JsonObject> {
  const job = input as unknown as OpenJob;
  const inspection = await inspectFile(job.path, job.name);
  progress({ inspected: inspection.sizeBytes });
  const log = job.tolerant ? new RepairLog() : null;
  noteEncoding(inspection, job, log);
  const format = detectFormat(inspection, job.name);
  const link = join(job.scratch, 'input');
  await symlink(job.path, link);
  const options: LoadOptions = { path: link, name: job.name, scratch: job.scratch, member: job.member, log };
  const duck = await openDuck(job.scratch);
  try {
    const loaded = await load(duck, format, inspection, options);
    progress({ loaded: true });
    const readings = await writeTable(duck, loaded, join(job.scratch, 'table.parquet')).catch(
      async (error: unknown) => {
        if (format === 'parquet') await refuseBrokenPages(duck, job.name);
        throw error;
      },
    );
    const rows = count((await duck.row(`SELECT count(*) AS n FROM raw`)).n);
    if (rows === 0)
      throw new ToolFailure('data.no_rows', `${job.name} holds columns but no rows. Check how it was made.`);
    const source = {
      sha256: inspection.sha256,
      sizeBytes: inspection.sizeBytes,
      format: format === 'json-object' ? 'json' : format,
      encoding: format === 'parquet' ? 'binary' : inspection.encoding,
      ...(loaded.delimiter === undefined ? {} : { delimiter: loaded.delimiter }),
      ...(loaded.header === undefined ? {} : { header: loaded.header }),
      ...(loaded.member === undefined ? {} : { member: loaded.member }),
    };
    const columns = readings.map(({ name, type }) => ({ name, type }));
    return { source, rows, columns, repairs: log?.list() ?? [] };
  } finally {
    duck.close();
  }
}

function load(
  duck: Duck,
  format: ReturnType<typeof detectFormat>,
  inspection: Inspection,
  options: LoadOptions,
): Promise<Loaded & { native?: ReadonlyMap<string, ColumnReading['type']> }> {
  if (format === 'parquet') return loadParquet(duck, options);
  return format === 'csv' ? loadCsv(duck, inspection, options) : loadJson(duck, format, inspection, options);
}

function noteEncoding(inspection: Inspection, job: OpenJob, log: RepairLog | null): void {
  if (inspection.encoding === 'utf-8') return;
  if (log) {
    log.add('transcoded', `from ${inspection.encoding} to utf-8`);
    return;
  }
  const guess =
    inspection.encoding === 'windows-1252' ? 'an older Western encoding such as windows-1252' : inspection.encoding;
  const message = `${job.name} is not UTF-8 (line ${inspection.badLine ?? 1}); it looks like ${guess}. Save it as UTF-8, or open it tolerantly.`;
  throw new ToolFailure('data.encoding', message, {
    details: { line: inspection.badLine ?? 1, encoding: inspection.encoding },
  });
}

type Opened = Loaded & { native?: ReadonlyMap<string, ColumnReading['type']> };

async function writeTable(duck: Duck, loaded: Opened, path: string): Promise<ColumnReading[]> {
  const { names, native = new Map<string, ColumnReading['type']>() } = loaded;
  const typed = await typeColumns(
    duck,
    names.filter((name) => !native.has(name)),
  );
  const readings: ColumnReading[] = [];
  const parts: string[] = [];
  for (const name of names) {
    const type = native.get(name);
    const column = typed.get(name);
    readings.push(column?.reading ?? { name, type: type ?? 'text', from: 'native', formats: [], missingTokens: [] });
    parts.push(`${column?.expression ?? ident(name)} AS ${ident(name)}`);
  }
  const metadata = literal(JSON.stringify(readings));
  await duck.run(
    `COPY (SELECT ${parts.join(', ')} FROM raw) TO ${literal(path)} (FORMAT parquet, COMPRESSION snappy, KV_METADATA {goalkeeper: ${metadata}})`,
  );
  return readings;
}
