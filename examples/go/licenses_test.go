package main

import (
	"context"
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// TestLicenses deploys the program through the Automation API, which needs no language host for Go. The systems and the backend come
// from the environment.
func TestLicenses(t *testing.T) {
	ctx := context.Background()
	plugins := &workspace.Plugins{Providers: []workspace.PluginOptions{
		{Name: "voice-licenses", Path: os.Getenv("VOICE_LICENSES_PLUGIN")},
	}}
	stack, err := auto.UpsertStackInlineSource(ctx, "go", "voice-licenses-go", licenses, auto.Project(workspace.Project{
		Name:    tokens.PackageName("voice-licenses-go"),
		Runtime: workspace.NewProjectRuntimeInfo("go", nil),
		Plugins: plugins,
	}))
	if err != nil {
		t.Fatal(err)
	}
	secret := auto.ConfigValue{Value: os.Getenv("CONTOSO_APP_SECRET"), Secret: true}
	if err := stack.SetConfig(ctx, "contosoAppSecret", secret); err != nil {
		t.Fatal(err)
	}
	if _, err := stack.Preview(ctx); err != nil {
		t.Fatal(err)
	}
	up, err := stack.Up(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if name := up.Outputs["customer"].Value; name != "Contoso" {
		t.Errorf("the customer's name is %v", name)
	}
	if _, err := stack.Up(ctx, optup.ExpectNoChanges()); err != nil {
		t.Error(err)
	}
	if _, err := stack.Preview(ctx, optpreview.ExpectNoChanges()); err != nil {
		t.Error(err)
	}
}
