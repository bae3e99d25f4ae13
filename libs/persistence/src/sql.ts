import type { EntityManager } from 'typeorm';

/** What PostgreSQL's jsonb and text cannot hold: NUL and halves of surrogate pairs, as JSON.stringify escapes them. */
const UNSTORABLE = /\\\\|\\u0000|\\ud[89a-f][0-9a-f]{2}/g;

/**
 * The text of a value for a jsonb parameter. What jsonb refuses (NUL, lone surrogates: tools meet both in real files)
 * becomes U+FFFD, so that an odd byte in a result never keeps the result from being stored.
 */
export function json(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const written = JSON.stringify(value);
  // Most have no escape at all, and a look for one costs a tenth of the pattern.
  return written.includes('\\')
    ? written.replace(UNSTORABLE, (found) => (found === '\\\\' ? found : '\ufffd'))
    : written;
}

/** Text without what PostgreSQL refuses, for text parameters that people or tools wrote. */
export function text(value: string): string {
  return value.replace(/\0|\p{Surrogate}/gu, '\ufffd');
}

/**
 * Runs one statement and returns its rows, whatever its command (TypeORM hands UPDATE and DELETE back as a pair).
 *
 * @param parameters numbers, texts, booleans, nulls and arrays of them; jsonb goes through {@link json}
 */
export async function rows<Row>(tx: EntityManager, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const raw: unknown = await tx.query(sql, parameters as unknown[]);
  if (!Array.isArray(raw)) return [];
  return (Array.isArray(raw[0]) && typeof raw[1] === 'number' ? raw[0] : raw) as Row[];
}

/** The first row of a statement, or null. */
export async function row<Row>(
  tx: EntityManager,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row | null> {
  return (await rows<Row>(tx, sql, parameters))[0] ?? null;
}

const MARK = /^\/\* gk:(\w+) \*\//;
const ALL_COLUMNS = /(SELECT|RETURNING)\s+(\w+\.)?\*/i;

/**
 * Marks a statement of the hot path: each connection parses and plans it once, under this name.
 *
 * @param name unique among all marked statements
 * @throws {TypeError} for a statement that returns `*`: its result would change with the table, which a prepared
 *   statement does not survive
 */
export function prepared(name: string, sql: string): string {
  if (ALL_COLUMNS.test(sql)) throw new TypeError(`Statement ${name} must name its columns: it is prepared`);
  return `/* gk:${name} */ ${sql.trim()}`;
}

/** The name under which a statement is prepared, or null for any other. */
export function preparedName(sql: string): string | null {
  return MARK.exec(sql)?.[1] ?? null;
}
