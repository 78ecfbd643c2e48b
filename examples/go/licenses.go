package main

import (
	voice "pulumi-voice-licenses/sdk/go/voicelicenses"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

// licenses declares one customer, found by its name, and one tenant.
func licenses(ctx *pulumi.Context) error {
	found, err := voice.GetCustomer(ctx, &voice.GetCustomerArgs{ShortName: pulumi.StringRef("contoso")})
	if err != nil {
		return err
	}
	contoso, err := voice.NewCustomerServiceLicense(ctx, "contoso", &voice.CustomerServiceLicenseArgs{
		CustomerGuid:            pulumi.String(found.CustomerGuid),
		LicenseType:             voice.LicenseTypeOcPro,
		LicensedUsersCount:      pulumi.Int(50),
		ApplicationClientId:     pulumi.String("0fdc8122-e0b5-43ac-8433-54860113710d"),
		ApplicationClientSecret: config.RequireSecret(ctx, "contosoAppSecret"),
	})
	if err != nil {
		return err
	}
	foo, err := voice.NewTenantServiceLicenses(ctx, "foo", &voice.TenantServiceLicensesArgs{
		TenantId:      pulumi.String("foo"),
		GroupServices: pulumi.Map{"Hunt Group": pulumi.String("unlimited"), "Call Pickup": pulumi.Int(5)},
		UserServices:  pulumi.Map{"Call Forwarding Busy": pulumi.Int(7), "Anonymous Call Rejection": pulumi.Int(0)},
	})
	if err != nil {
		return err
	}
	ctx.Export("customer", contoso.CustomerFullName)
	ctx.Export("foundFirst", foo.Original)
	return nil
}
