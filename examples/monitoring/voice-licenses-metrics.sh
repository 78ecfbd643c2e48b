#!/bin/sh
# Once an hour, by cron or a systemd timer, on a machine with node_exporter: writes the figures where its textfile collector reads them.
#   FLEET_FILE  the fleet file, for the number of drifted objects (default: none, and none are counted)
#   OUTPUT      the file to replace (default: /var/lib/node_exporter/textfile/voice_licenses.prom)
# The connection settings and an account that can only read come from the environment, for example a file that only this job may read.
set -eu
output=${OUTPUT:-/var/lib/node_exporter/textfile/voice_licenses.prom}
# Written whole or not at all: where a system cannot be read, the figures of the last run stay, and their age is watched.
exec voice-licenses metrics ${FLEET_FILE:+"$FLEET_FILE"} --output "$output"
