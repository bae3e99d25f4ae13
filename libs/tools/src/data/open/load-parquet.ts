import { ToolFailure } from '../../definition';
import { type Duck, ident, literal, textOrNull } from '../jobs/duck';
import type { ColumnType } from '../schemas';
import { checkNames } from './column-names';
import type { Loaded, LoadOptions } from './loaded';

export interface LoadedParquet extends Loaded {
  /** Types that the file itself gives; columns that are not here hold text. */
  readonly native: ReadonlyMap<string, ColumnType>;
}

const INTEGER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|U?INT\d+)$/;
const NESTED = /[[(]|^(STRUCT|MAP|UNION|JSON|VARIANT)/;

/**
 * Makes the view `raw` of a Parquet file: whole numbers as BIGINT, others as DOUBLE (NaN and infinities as NULL),
 * dates, timestamps and booleans as they are, everything else as text.
 *
 * @throws {ToolFailure} `data.parquet_broken`, `data.column_names`
 */
export async function loadParquet(duck: Duck, options: LoadOptions): Promise<LoadedParquet> {
  const from = `read_parquet(${literal(options.path)})`;
  const described = await duck.rows(`DESCRIBE SELECT * FROM ${from}`).catch((error: unknown) => {
    throw brokenParquet(options.name, error);
  });
  const columns = described.map((row) => ({
    name: textOrNull(row.column_name) ?? '',
    sqlType: textOrNull(row.column_type) ?? '',
  }));
  const names = columns.map(({ name }) => name);
  checkNames(names, options.name);
  const native = new Map<string, ColumnType>();
  const parts = columns.map(({ name, sqlType }) => {
    const { expression, type } = convert(ident(name), sqlType);
    if (type) native.set(name, type);
    return `${expression} AS ${ident(name)}`;
  });
  await duck.run(`CREATE VIEW raw AS SELECT ${parts.join(', ')} FROM ${from}`);
  return { names, native };
}

/** Errors that say nothing about the file. */
const OF_THE_MACHINE = /Out of Memory Error|IO Error|INTERNAL Error|has been invalidated/;

/**
 * Tells, after something failed with the view `raw` of a Parquet file, whether the file is to blame: its pages are read only when
 * they are needed. Reads all of them, and does nothing else.
 *
 * @throws {ToolFailure} `data.parquet_broken` when they cannot be read
 */
export async function refuseBrokenPages(duck: Duck, name: string): Promise<void> {
  await duck.row('SELECT bit_xor(hash(raw)) AS all_values FROM raw').catch((error: unknown) => {
    if (!(error instanceof Error) || !OF_THE_MACHINE.test(error.message)) throw brokenParquet(name, error);
  });
}

function brokenParquet(name: string, error: unknown): ToolFailure {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const why = line.replace(/Failed to read file "[^"]*": /, '').slice(0, 150);
  return new ToolFailure('data.parquet_broken', `${name} cannot be read as Parquet: ${why}. Write or copy it anew.`);
}

function convert(column: string, sqlType: string): { expression: string; type?: ColumnType } {
  if (INTEGER.test(sqlType) && sqlType !== 'UBIGINT') return { expression: `${column}::BIGINT`, type: 'integer' };
  if (sqlType === 'DATE') return { expression: column, type: 'date' };
  if (sqlType === 'BOOLEAN') return { expression: column, type: 'boolean' };
  if (/^TIMESTAMP/.test(sqlType)) return { expression: `${column}::TIMESTAMP`, type: 'timestamp' };
  if (/^(FLOAT|DOUBLE|UBIGINT|U?HUGEINT)$|^DECIMAL/.test(sqlType)) {
    const double = `${column}::DOUBLE`;
    return { expression: `CASE WHEN isfinite(${double}) THEN ${double} END`, type: 'number' };
  }
  if (NESTED.test(sqlType)) return { expression: `to_json(${column})::VARCHAR` };
  return { expression: `${column}::VARCHAR` };
}
