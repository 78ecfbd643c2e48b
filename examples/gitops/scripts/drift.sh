#!/bin/sh
# Every night: compares the fleet file with the systems. Drift opens an issue, or updates the open one; no drift closes it.
# Where a system cannot be read, the job fails and the issue stays as it is.
#   FLEET_FILE    the fleet file (default: licenses.yaml)
#   TENANTS_FILE  a file of the only tenants to look at beside the declared ones, one id a line (default: all of the gateway's list)
#   SHARD         i/n, where several jobs share the work (default: all)
#   VOICE_LICENSES_WEBHOOK_URL  where drift is posted as well (default: nowhere)
set -eu
report=${1:-drift.md}
set -- "${FLEET_FILE:-licenses.yaml}" --format markdown
if [ -n "${TENANTS_FILE:-}" ]; then set -- "$@" --tenants-file "$TENANTS_FILE"; fi
if [ -n "${SHARD:-}" ]; then set -- "$@" --shard "$SHARD"; fi

status=0
node_modules/.bin/voice-licenses drift "$@" >"$report" || status=$?
cat "$report"
case $status in
  0 | 7) node_modules/.bin/voice-licenses publish drift "$report" ;;
  *) exit "$status" ;;
esac
if [ "$status" -eq 7 ] && [ -n "${VOICE_LICENSES_WEBHOOK_URL:-}" ]; then
  node_modules/.bin/voice-licenses publish drift "$report" --to webhook
fi
