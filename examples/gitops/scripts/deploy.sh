#!/bin/sh
# On a merge: makes it so. Upgrades wait for tasks of minutes, so many go on at a time.
#   STACK     the stack, for example prod
#   PARALLEL  how many resources at a time (default: 64; Pulumi's own default is few)
#   REFRESH   true: reads the systems first, and so repairs what was changed by hand (default: false)
set -eu
pulumi stack select "${STACK:?set STACK to the name of the stack}" --non-interactive
# The preview of an existing resource reads; by default Pulumi does so for one after another.
export PULUMI_PARALLEL_DIFF="${PULUMI_PARALLEL_DIFF:-true}"
set -- --yes --non-interactive --color never --parallel "${PARALLEL:-64}"
# Azure writes it with a capital.
case ${REFRESH:-} in [Tt]rue) set -- "$@" --refresh ;; esac
pulumi up "$@"
