#!/bin/sh
# Every night: compares the fleet file with the systems. Drift opens an issue, or updates the one that is open; none closes it.
# An API that cannot be asked is neither: the job fails, and the issue stays as it is.
#   FLEET_FILE    the fleet file (default: licenses.yaml)
#   TENANTS_FILE  a file of tenants to look at although nothing declares them, one id a line (default: none)
#   SHARD         i/n, where several jobs share the work (default: all)
set -eu
here=$(dirname "$0")
report=${1:-drift.md}
set -- "${FLEET_FILE:-licenses.yaml}" --format markdown
if [ -n "${TENANTS_FILE:-}" ]; then set -- "$@" --tenants-file "$TENANTS_FILE"; fi
if [ -n "${SHARD:-}" ]; then set -- "$@" --shard "$SHARD"; fi

status=0
node_modules/.bin/voice-licenses drift "$@" >"$report" || status=$?
cat "$report"
case $status in
  0) node "$here/publish.mjs" clean ;;
  7) node "$here/publish.mjs" drift "$report" ;;
  *) exit "$status" ;;
esac
