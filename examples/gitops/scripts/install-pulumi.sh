#!/bin/sh
# Installs one version of the Pulumi CLI below ./.pulumi, after comparing its checksum; for pipelines without an action that does so.
#   PULUMI_VERSION  for example 3.255.0
#   PULUMI_SHA256   the SHA-256 of pulumi-v<version>-linux-x64.tar.gz, from the checksums file of the release
set -eu
version=${PULUMI_VERSION:?set PULUMI_VERSION to the version of the Pulumi CLI}
sum=${PULUMI_SHA256:?set PULUMI_SHA256 to the checksum of its archive}
archive=$(mktemp)
trap 'rm -f "$archive"' EXIT
curl --fail --silent --show-error --location --output "$archive" \
  "https://get.pulumi.com/releases/sdk/pulumi-v$version-linux-x64.tar.gz"
echo "$sum  $archive" | sha256sum --check --status || { echo "error: the archive of Pulumi $version has another checksum" >&2; exit 1; }
mkdir -p .pulumi
tar -xzf "$archive" -C .pulumi --strip-components 1
echo "Pulumi $version is in $PWD/.pulumi"
