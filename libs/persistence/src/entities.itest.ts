import { createTestDatabase } from '@goalkeeper/testing';
import { DataSource } from 'typeorm';
import { openDatabase } from './database/database';
import { ENTITIES } from './entities';

const log = { info: () => undefined, warn: () => undefined };

it('the entities tell every table and column as the migrations made them', async () => {
  const server = await createTestDatabase();
  await (await openDatabase({ url: server.url, applicationName: 'test', poolSize: 1, migrate: true, log })).close();
  const source = await new DataSource({ type: 'postgres', url: server.url, entities: ENTITIES }).initialize();

  const made = await server.query<{ line: string }>(
    `SELECT format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, NULL),
       CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, CASE WHEN a.attnum = ANY (i.indkey) THEN ' key' ELSE '' END) AS line
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname <> 'goalkeeper_migration'`,
  );
  const told = source.entityMetadatas.flatMap((entity) =>
    entity.columns.map((column) => {
      const type = String(column.type).replace('timestamptz', 'timestamp with time zone');
      const marks = `${column.isNullable ? '' : ' not null'}${column.isPrimary ? ' key' : ''}`;
      return `${entity.tableName}.${column.databaseName} ${type}${column.isArray ? '[]' : ''}${marks}`;
    }),
  );
  await source.destroy();
  await server.drop();
  expect(told.sort()).toEqual(made.map(({ line }) => line).sort());
});
