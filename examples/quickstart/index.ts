import * as pulumi from "@pulumi/pulumi";
import { CustomerServiceLicense, LicenseType, TenantServiceLicenses } from "pulumi-voice-licenses";

const config = new pulumi.Config();

const contoso = new CustomerServiceLicense("contoso", {
  customerGuid: "d5253892-1c1e-4b23-89d7-29d86734c31b",
  licenseType: LicenseType.OcPro,
  licensedUsersCount: 50,
  applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
  applicationClientSecret: config.requireSecret("contosoAppSecret"),
});

const foo = new TenantServiceLicenses("foo", {
  tenantId: "foo",
  groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5 },
  userServices: { "Call Forwarding Busy": 7, "Anonymous Call Rejection": 0 },
});

// As one output: the preview of a change does not know the name, and would show the licence alone.
export const customer = pulumi.output({ name: contoso.customerFullName, license: contoso.licenseType });
export const foundFirst = foo.original;
