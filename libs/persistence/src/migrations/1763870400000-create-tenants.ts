import type { MigrationInterface, QueryRunner } from 'typeorm';

const WALLS = `
  CREATE FUNCTION gk_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('gk.tenant', true), '')::uuid;

  CREATE FUNCTION gk_protect(target regclass) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY own_tenant ON %s USING (tenant_id = gk_tenant()) WITH CHECK (tenant_id = gk_tenant())', target);
    EXECUTE format($p$CREATE POLICY system_functions ON %s TO CURRENT_USER
      USING (current_setting('gk.system', true) = 'on') WITH CHECK (current_setting('gk.system', true) = 'on')$p$, target);
  END $$;

  CREATE FUNCTION gk_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
  END $$;`;

const TABLES = `
  CREATE TABLE tenant (
    tenant_id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now()
  );
  SELECT gk_protect('tenant');

  CREATE TABLE api_token (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenant,
    name text NOT NULL,
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
  );
  CREATE INDEX api_token_by_tenant ON api_token (tenant_id, created_at);
  SELECT gk_protect('api_token');

  CREATE TABLE idempotency_key (
    tenant_id uuid NOT NULL,
    principal text NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    body_hash text NOT NULL,
    claim uuid NOT NULL,
    status integer,
    response jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, principal, key)
  );
  CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);
  SELECT gk_protect('idempotency_key');`;

const SYSTEM_FUNCTIONS = `
  CREATE FUNCTION gk_find_token(token_hash bytea) RETURNS TABLE (token_id uuid, tenant_id uuid, name text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    PERFORM set_config('gk.system', 'on', true);
    RETURN QUERY SELECT t.id, t.tenant_id, t.name FROM api_token t WHERE t.hash = token_hash AND t.revoked_at IS NULL;
    PERFORM set_config('gk.system', '', true);
  END $$;

  CREATE FUNCTION gk_forget_old_keys(older_than interval) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE gone bigint;
  BEGIN
    PERFORM set_config('gk.system', 'on', true);
    DELETE FROM idempotency_key WHERE created_at < now() - older_than;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('gk.system', '', true);
    RETURN gone;
  END $$;

  REVOKE EXECUTE ON FUNCTION gk_find_token(bytea) FROM PUBLIC;
  REVOKE EXECUTE ON FUNCTION gk_forget_old_keys(interval) FROM PUBLIC;`;

/**
 * The tenant, its tokens and request keys, and the two walls every later table gets by `gk_protect`: rows are seen and
 * written for the tenant of the transaction alone (also by the owner of the tables), and functions of the owner may look
 * across tenants while they have `gk.system` on. No session of another role can imitate that: the policy is the owner's.
 */
export class CreateTenants1763870400000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [WALLS, TABLES, SYSTEM_FUNCTIONS]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION gk_forget_old_keys(interval);
      DROP FUNCTION gk_find_token(bytea);
      DROP TABLE idempotency_key, api_token, tenant;
      DROP FUNCTION gk_refuse_change();
      DROP FUNCTION gk_protect(regclass);
      DROP FUNCTION gk_tenant();
    `);
  }
}
