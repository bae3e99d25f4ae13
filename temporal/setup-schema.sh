#!/bin/sh
# Creates and upgrades the two databases of a Temporal server on PostgreSQL; doing it again changes nothing.
# Runs in temporalio/admin-tools. Needs: POSTGRES_SEEDS (host), DB_PORT, POSTGRES_USER, POSTGRES_PWD (may create databases).
set -eu

: "${POSTGRES_SEEDS:?host of PostgreSQL}" "${POSTGRES_USER:?user}" "${POSTGRES_PWD:?password}"
export SQL_PASSWORD="$POSTGRES_PWD"
tool=${TEMPORAL_SQL_TOOL:-temporal-sql-tool}

sql_tool() {
  "$tool" --plugin postgres12_pgx --endpoint "$POSTGRES_SEEDS" --port "${DB_PORT:-5432}" --user "$POSTGRES_USER" "$@"
}

prepare() { # database, schema
  echo "schema: $1"
  sql_tool --database "$1" create-database
  sql_tool --database "$1" setup-schema --version 0.0
  sql_tool --database "$1" update-schema --schema-name "postgresql/v12/$2"
}

prepare "${DBNAME:-temporal}" temporal
prepare "${VISIBILITY_DBNAME:-temporal_visibility}" visibility
echo 'schema: done'
