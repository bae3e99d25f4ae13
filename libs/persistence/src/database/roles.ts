import type { Client } from 'pg';
import type { DatabaseLog } from '../log';

/** The role under which all work is done: owns nothing, bound by row-level security. */
export const APP_ROLE = 'goalkeeper_app';

/** Where TypeORM notes which migrations ran. */
export const MIGRATIONS_TABLE = 'goalkeeper_migration';

/** Before version 16 every member of a role could take it on; since then that is a right of its own. */
const MAY_SET = `CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END`;

const APPEND_ONLY = ['goal_event', 'audit_entry'];
const FUNCTIONS = [
  'gk_find_token(bytea)',
  'gk_forget_old_keys(interval)',
  'gk_tenants_to_calibrate()',
  'gk_unfinished_goals(interval, integer, uuid)',
  'ensure_goal_partitions(date)',
  'gk_outbox_due(integer, interval)',
  'gk_outbox_failed(uuid, text, interval)',
  'gk_research_search(uuid, text, text, integer)',
  'gk_learning_tenants()',
  'gk_erase_goal(uuid)',
];

/**
 * Creates the application role where the privileges allow and gives it what it lacks: rows of every table, but no
 * change to the append-only ones, and the functions that look across tenants. Repeats change nothing.
 *
 * @param owner connected as the owner of the tables, holding the lock of the migrations
 * @param loginUser who must be able to take the role on
 */
export async function prepareAppRole(owner: Client, loginUser: string, log: DatabaseLog): Promise<void> {
  if (!(await createRole(owner, log))) return;
  const { rows } = await owner.query<{ grant: string }>(LACKING, [APP_ROLE, APPEND_ONLY, FUNCTIONS, MIGRATIONS_TABLE]);
  if (rows.length > 0) await owner.query(rows.map(({ grant }) => `GRANT ${grant} TO ${APP_ROLE}`).join(';'));
  for (const user of new Set([loginUser, await currentUser(owner)])) await letAssume(owner, user, log);
}

/** What the role still lacks, one GRANT a row; a grant that changes nothing would get in the way of others at work. */
const LACKING = `
  SELECT 'USAGE ON SCHEMA public' AS grant WHERE NOT has_schema_privilege($1, 'public', 'USAGE')
  UNION ALL
  SELECT format('%s ON %I', p.name, c.relname) FROM pg_class c
  CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p (name)
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
    AND (p.name IN ('SELECT', 'INSERT') OR NOT c.relname = ANY ($2::text[]))
    AND NOT has_table_privilege($1, c.oid, p.name)
  UNION ALL
  SELECT format('SELECT ON %I', $4::text) WHERE NOT has_table_privilege($1, $4::text, 'SELECT')
  UNION ALL
  SELECT format('EXECUTE ON FUNCTION %s', f.name) FROM unnest($3::text[]) AS f (name)
  WHERE NOT has_function_privilege($1, f.name, 'EXECUTE')`;

async function createRole(owner: Client, log: DatabaseLog): Promise<boolean> {
  const known = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [APP_ROLE]);
  if (known.rowCount) return true;
  try {
    await owner.query(`CREATE ROLE ${APP_ROLE} NOLOGIN`);
    return true;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === '42710' || code === '23505') return true; // another process made it at this moment
    log.warn('database.role_not_created', { role: APP_ROLE, problem: message, consequence });
    return false;
  }
}

const consequence =
  'rows stay bound to their tenant by forced row-level security, but the login user itself owns the tables; ' +
  `to separate them, create the role once: CREATE ROLE ${APP_ROLE} NOLOGIN; GRANT ${APP_ROLE} TO <login user>`;

async function letAssume(owner: Client, user: string, log: DatabaseLog): Promise<void> {
  const may = await owner.query<{ may: boolean | null }>(
    `SELECT (SELECT rolsuper OR pg_has_role(oid, $2, ${MAY_SET}) FROM pg_roles WHERE rolname = $1) AS may`,
    [user, APP_ROLE],
  );
  if (may.rows[0]?.may !== false) return;
  try {
    await owner.query(`GRANT ${APP_ROLE} TO "${user.replaceAll('"', '""')}"`);
  } catch (error) {
    log.warn('database.role_not_granted', { role: APP_ROLE, user, problem: (error as Error).message, consequence });
  }
}

async function currentUser(client: Client): Promise<string> {
  const { rows } = await client.query<{ user: string }>('SELECT session_user AS user');
  return rows[0]?.user ?? '';
}

/** True when the login user can take the application role on. */
export async function canAssumeAppRole(client: Client): Promise<boolean> {
  const answer = await client.query<{ may: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND pg_has_role(oid, ${MAY_SET})) AS may`,
    [APP_ROLE],
  );
  return answer.rows[0]?.may === true;
}

/** Says what it means that the login user cannot take the role on. */
export async function tellRoleNotAssumed(client: Client, log: DatabaseLog): Promise<void> {
  log.warn('database.role_not_assumed', { role: APP_ROLE, user: await currentUser(client), consequence });
}
