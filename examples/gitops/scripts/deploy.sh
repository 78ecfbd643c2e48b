#!/bin/sh
# On a merge: applies the fleet file. Upgrades wait for tasks of minutes, so many run at a time.
#   STACK     the stack, for example prod
#   PARALLEL  how many resources at a time (default: 64; Pulumi's own default is few)
#   REFRESH   true: reads the systems first, and so repairs what was changed by hand (default: false)
#   PLAN      a plan that review.sh saved: anything that is not in it stops the deployment (default: none)
set -eu
pulumi stack select "${STACK:?set STACK to the name of the stack}" --non-interactive
# The preview of an existing resource reads; by default Pulumi does so for one after another.
export PULUMI_PARALLEL_DIFF="${PULUMI_PARALLEL_DIFF:-true}"
set -- --yes --non-interactive --color never --parallel "${PARALLEL:-64}"
# Azure writes it with a capital.
case ${REFRESH:-} in [Tt]rue) set -- "$@" --refresh ;; esac
if [ -n "${PLAN:-}" ]; then set -- "$@" --plan "$PLAN" --skip-preview; fi
pulumi up "$@"
