import type { Client } from 'pg';
import type { DatabaseLog } from '../log';

/** The role under which all work is done: owns nothing, bound by row-level security. */
export const APP_ROLE = 'goalkeeper_app';

const APPEND_ONLY = ['goal_event', 'audit_entry'];
const FUNCTIONS = [
  'gk_find_token(bytea)',
  'gk_forget_old_keys(interval)',
  'gk_unfinished_goals(interval, integer, uuid)',
  'ensure_goal_partitions(date)',
  'gk_outbox_due(integer, interval)',
  'gk_outbox_done(uuid[])',
  'gk_outbox_failed(uuid, text, interval)',
];

/**
 * Creates the application role where the privileges allow and gives it what it needs: rows of every table, but no
 * change to the append-only ones, and the functions that look across tenants. Repeats are harmless.
 *
 * @param owner connected as the owner of the tables
 * @param loginUser who must be able to take the role on
 */
export async function prepareAppRole(owner: Client, loginUser: string, log: DatabaseLog): Promise<void> {
  await owner.query(FUNCTIONS.map((name) => `REVOKE EXECUTE ON FUNCTION ${name} FROM PUBLIC`).join(';'));
  if (!(await createRole(owner, log))) return;
  await owner.query(`
    GRANT USAGE ON SCHEMA public TO ${APP_ROLE};
    ${await tableGrants(owner)};
    ${FUNCTIONS.map((name) => `GRANT EXECUTE ON FUNCTION ${name} TO ${APP_ROLE}`).join(';')}`);
  for (const user of new Set([loginUser, await currentUser(owner)])) await letAssume(owner, user, log);
}

async function tableGrants(owner: Client): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)`,
  );
  return rows
    .map(
      ({ name }) =>
        `GRANT SELECT, INSERT${APPEND_ONLY.includes(name) ? '' : ', UPDATE, DELETE'} ON ${name} TO ${APP_ROLE}`,
    )
    .join(';');
}

async function createRole(owner: Client, log: DatabaseLog): Promise<boolean> {
  const known = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [APP_ROLE]);
  if (known.rowCount) return true;
  try {
    await owner.query(`CREATE ROLE ${APP_ROLE} NOLOGIN`);
    return true;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === '42710' || code === '23505') return true; // another process made it at this moment
    log.warn('database.role_not_created', { role: APP_ROLE, problem: message, consequence: consequence });
    return false;
  }
}

const consequence =
  'rows stay bound to their tenant by forced row-level security, but the login user itself owns the tables; ' +
  `to separate them, create the role once: CREATE ROLE ${APP_ROLE} NOLOGIN; GRANT ${APP_ROLE} TO <login user>`;

async function letAssume(owner: Client, user: string, log: DatabaseLog): Promise<void> {
  const may = await owner.query<{ may: boolean | null }>(
    `SELECT (SELECT rolsuper OR pg_has_role(oid, $2, 'MEMBER') FROM pg_roles WHERE rolname = $1) AS may`,
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

/** True when the login user can take the application role on; said once when not. */
export async function canAssumeAppRole(client: Client, log: DatabaseLog): Promise<boolean> {
  try {
    await client.query(`SET ROLE ${APP_ROLE}; RESET ROLE`);
    return true;
  } catch (error) {
    const user = await currentUser(client);
    log.warn('database.role_not_assumed', { role: APP_ROLE, user, problem: (error as Error).message, consequence });
    return false;
  }
}
