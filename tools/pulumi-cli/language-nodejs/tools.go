//go:build tools

// Package tools pins the Node.js language host. 3.68.0 is the last sdk module that holds it.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
