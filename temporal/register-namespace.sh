#!/bin/sh
# Registers our namespace and search attributes with a running Temporal server; doing it again changes nothing.
# Runs wherever there is a `temporal` command, in docker-compose.yml in temporalio/admin-tools.
# Needs: TEMPORAL_ADDRESS. Optional: TEMPORAL_NAMESPACE (default), GK_RETENTION (how long finished runs are kept),
# TEMPORAL_COMMAND (the command's path).
set -eu

: "${TEMPORAL_ADDRESS:?host:port of the Temporal frontend}"
namespace=${TEMPORAL_NAMESPACE:-default}
retention=${GK_RETENTION:-30d}
temporal=${TEMPORAL_COMMAND:-temporal}
file=$(dirname "$0")/search-attributes.txt
unset TEMPORAL_NAMESPACE # the temporal command would read it

attempt() { # seconds to keep trying, command…
  seconds=$1
  shift
  until output=$("$@" 2>&1); do
    seconds=$((seconds - 1))
    if [ "$seconds" -le 0 ]; then
      echo "$output" >&2
      return 1
    fi
    sleep 1
  done
}

exists() { "$temporal" operator namespace describe --address "$TEMPORAL_ADDRESS" --namespace "$namespace" >/dev/null 2>&1; }
create() { exists || "$temporal" operator namespace create --address "$TEMPORAL_ADDRESS" --namespace "$namespace" --retention "$retention"; }
# A server that starts up forgets nothing, but its caches need some seconds to see a new namespace.
list() { "$temporal" operator search-attribute list --address "$TEMPORAL_ADDRESS" --namespace "$namespace"; }
add() { "$temporal" operator search-attribute create --address "$TEMPORAL_ADDRESS" --namespace "$namespace" --name "$1" --type "$2"; }

attempt 60 "$temporal" operator cluster health --address "$TEMPORAL_ADDRESS"
attempt 60 create
attempt 60 list
known=$(list)

sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$file" | while IFS='=' read -r name type; do
  if echo "$known" | grep -qw "$name"; then continue; fi
  attempt 30 add "$name" "$type"
  echo "search attribute: $name ($type)"
done
echo "namespace: $namespace is ready"
