//go:build tools

// Package tools pins the Pulumi engine, so that go.sum holds the checksum of everything that the CLI is built from.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
