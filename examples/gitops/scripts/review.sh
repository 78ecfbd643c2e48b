#!/bin/sh
# On a change request: checks the fleet file, then previews the stack. Writes Markdown to $1; fails where the change must not be merged.
#   STACK       the stack, for example prod
#   FLEET_FILE  the fleet file (default: licenses.yaml)
set -eu
report=${1:?usage: review.sh report.md}
fleet=${FLEET_FILE:-licenses.yaml}
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# What a command said, between fences that it cannot close, and at the length that a comment takes.
section() {
  printf '\n### %s\n\n~~~~~~\n' "$1" >>"$report"
  head -c 40000 "$output" >>"$report"
  printf '\n~~~~~~\n' >>"$report"
}

printf '## Voice licences: stack %s\n' "${STACK:?set STACK to the name of the stack}" >"$report"
status=0
node_modules/.bin/voice-licenses validate "$fleet" >"$output" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then
  section "The fleet file has mistakes"
else
  pulumi stack select "$STACK" --non-interactive
  # The preview of an existing resource reads; by default Pulumi does so for one after another.
  export PULUMI_PARALLEL_DIFF="${PULUMI_PARALLEL_DIFF:-true}"
  pulumi preview --non-interactive --color never --parallel "${PARALLEL:-64}" >"$output" 2>&1 || status=$?
  if [ "$status" -ne 0 ]; then
    section "Refused, or failed: pulumi up would do nothing of this"
  else
    section "What a merge will do"
  fi
fi
cat "$report"
exit "$status"
