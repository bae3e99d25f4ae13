#!/usr/bin/env bash
# The table of docs/performance.md: the reference goal on our system beside plain Temporal (as shipped, tuned, same layout), LangGraph and
# checkpoints by hand; three interleaved rounds on a fresh PostgreSQL each, about 4 minutes a round on 2 cores.
#
#   BENCH_PEERS=FOLDER   the peer benchmark with its packages installed (npm install there)
#   TEMPORAL_BIN=FOLDER  binaries `server` and `sql` (go.temporal.io/server/cmd/{server,tools/sql} v1.31.2) and `temporal` (CLI 1.8.2)
#   ROUNDS=3 GOALS=200 CONCURRENCY=50 K=5 LATENCY_GOALS=50 ONLY=label,label REDIS_URL=…
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
peers=${BENCH_PEERS:?folder of the peer benchmark}
: "${TEMPORAL_BIN:?folder with server, sql and temporal}"
cd "$peers"
unset DATABASE_URL GK_PLUGIN_DIRS GK_DATA_DIR GK_TOKEN_FILE GK_WORKER_HEALTH_PORT TEMPORAL_ADDRESS # of a stack that happens to run
export PATH=$peers/node_modules/.bin:$PATH
lean="--require $peers/temporal/lean-threads.cjs"
export TEMPORAL_CMD=$peers/temporal/server-pg.sh TEMPORAL_SERVER_CMD=$peers/temporal/server-pg.sh
node24=$root/node_modules/.bin/node
BENCH_TOKEN=$("$node24" -e "console.log(require('$root/dist/libs/persistence/src/tenants/token.repository.js').newToken())")
export BENCH_TOKEN
out=${OUT:-$peers/results/goalkeeper.jsonl}; mkdir -p "$(dirname "$out")"; : > "$out"

run() { # label, peer, environment...
  local label=$1 peer=$2 tmp
  shift 2
  case ",${ONLY:-$label}," in *",$label,"*) ;; *) return 0 ;; esac
  tmp=$(mktemp)
  env "$@" node src/run.ts --peers "$peer" --runs 1 --mode perf --goals "${GOALS:-200}" --concurrency "${CONCURRENCY:-50}" --k "${K:-5}" \
    --latency-goals "${LATENCY_GOALS:-50}" --out "$tmp" ${KEEP:+--keep} >&2 || true
  LABEL=$label node -e 'for (const line of require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n").filter(Boolean)) {
    const run = JSON.parse(line); run.peer = process.env.LABEL; console.log(JSON.stringify(run)); }' "$tmp" >> "$out"
  rm -f "$tmp"
}
ours() { # label, effect class, environment...
  local label=$1 class=$2
  shift 2
  run "$label" ours OURS_CMD="exec '$node24' '$here/serve.mjs'" OURS_READY=/readyz OURS_CREATE="/v1/goals?wait=60" \
    OURS_STATUS="/v1/goals/{{id}}" OURS_STATUS_FIELD=state OURS_DONE=succeeded OURS_FAILED=failed,cancelled,timed_out,budget_exceeded \
    OURS_CREATE_BODY='{"task":{"name":"reference.run","args":{"goal":"{{goal}}","k":'"${K:-5}"',"class":"'"$class"'","finish":true}}}' \
    OURS_HEADERS="{\"authorization\":\"Bearer $BENCH_TOKEN\"}" "$@"
}
for _ in $(seq 1 "${ROUNDS:-3}"); do
  run checkpoints-by-hand baseline X=1
  run langgraph-sync langgraph X=1
  run temporal-as-shipped temporal-bare FAIR=false PARTS=4 POLLRPS=20 EAGER=false
  run temporal-tuned-same-layout temporal-bare-local NODE_OPTIONS="$lean"
  ours goalkeeper-idempotent idempotent X=1
  ours goalkeeper-transactional transactional X=1
  ours goalkeeper-idempotent-without-stacks idempotent GK_WORKFLOW_THREADS=lean-without-stacks
  ours goalkeeper-transactional-without-stacks transactional GK_WORKFLOW_THREADS=lean-without-stacks
done
node src/report.ts "$out"
