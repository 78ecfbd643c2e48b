#!/bin/sh
# On a change request: checks the fleet file, then shows the calls to come. Writes Markdown to $1; fails where the change must not be merged.
#   PREVIEW     true: by `pulumi preview`, which also sees what was taken out of the file, and the brakes, and needs the backend and the
#               passphrase. Otherwise by `voice-licenses plan`, which needs neither (default: false)
#   STACK       the stack, for example prod
#   FLEET_FILE  the fleet file to check (default: licenses.yaml); the stack takes its own from voice-licenses:file
#   PARALLEL    how many resources at a time (default: 64)
#   REFRESH     true: previews what repairs drift too (default: false)
#   SAVE_PLAN   a file for Pulumi's update plan, which deploy.sh applies as PLAN (default: none is kept)
set -eu
report=${1:?usage: review.sh report.md}
fleet=${FLEET_FILE:-licenses.yaml}
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# A program can print what is in its environment, and a comment is read by more people than the job's log. By Node, because a
# secret may hold any character; the longest first, because one may hold another.
hide_secrets() {
  node -e '
    const { readFileSync, writeFileSync } = require("node:fs");
    const names = [
      "PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "LIVE_PLATFORM_CLIENT_SECRET", "LIVE_PLATFORM_ACCESS_TOKEN",
      "TENANT_GATEWAY_PASSWORD", "TENANT_GATEWAY_ACCESS_TOKEN", "VOICE_LICENSES_WEBHOOK_URL",
    ];
    const secrets = names.map((name) => process.env[name] ?? "").filter((secret) => secret !== "");
    secrets.sort((one, other) => other.length - one.length);
    const file = process.argv[1];
    writeFileSync(file, secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), readFileSync(file, "utf8")));
  ' "$output"
}

# Azure writes it with a capital.
is_true() { case $1 in [Tt]rue) return 0 ;; *) return 1 ;; esac; }

# What a command printed, between fences that it cannot close, and at the length that a comment takes. Pulumi prints the reasons and
# the sums last, so the beginning goes; whole lines, so that no character is cut.
section() {
  hide_secrets
  {
    printf '\n### %s\n\n~~~~~~\n' "$1"
    if [ "$(wc -c <"$output")" -gt 40000 ]; then
      printf "… the beginning is in the job's log.\n"
      tail -c 40000 "$output" | sed 1d
    else
      cat "$output"
    fi
    printf '\n~~~~~~\n'
  } >>"$report"
  # The log gets all of it.
  printf '## Voice licences: stack %s\n\n### %s\n\n' "$STACK" "$1"
  cat "$output"
}

printf '## Voice licences: stack %s\n' "${STACK:?set STACK to the name of the stack}" >"$report"
status=0
node_modules/.bin/voice-licenses validate "$fleet" >"$output" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then
  section "The fleet file has mistakes"
elif ! is_true "${PREVIEW:-}"; then
  node_modules/.bin/voice-licenses plan "$fleet" >"$output" 2>&1 || status=$?
  if [ "$status" -ne 0 ]; then section "Refused, or failed"; else section "What a merge will do"; fi
else
  # The preview of an existing resource reads; by default Pulumi does so for one after another.
  export PULUMI_PARALLEL_DIFF="${PULUMI_PARALLEL_DIFF:-true}"
  set -- --stack "$STACK" --non-interactive --color never --parallel "${PARALLEL:-64}"
  if is_true "${REFRESH:-}"; then set -- "$@" --refresh; fi
  if [ -n "${SAVE_PLAN:-}" ]; then set -- "$@" --save-plan "$SAVE_PLAN"; fi
  pulumi preview "$@" >"$output" 2>&1 || status=$?
  if [ "$status" -ne 0 ]; then
    section "Refused, or failed: pulumi up would do nothing of this"
  else
    section "What a merge will do"
  fi
fi
exit "$status"
