import * as pulumi from "@pulumi/pulumi";
import {
  CustomerServiceLicense,
  getCustomerOutput,
  LicenseType,
  Provider,
  TenantServiceLicenses,
} from "pulumi-voice-licenses";

const config = new pulumi.Config();

// An instance for each platform. It is complete in itself: nothing of one platform is taken for another.
const west = instance("west");
const east = instance("east");

// Each instance looks customers up on its own platform.
for (const [provider, name, users] of [[west, "west", 50] as const, [east, "east", 80] as const]) {
  const { customerGuid } = getCustomerOutput({ shortName: "contoso" }, { provider });
  new CustomerServiceLicense(
    `${name}-contoso`,
    { customerGuid, licenseType: LicenseType.OcPro, licensedUsersCount: users },
    { provider },
  );
}

// Both gateways have a tenant of this id: they are two tenants.
new TenantServiceLicenses("west-foo", { tenantId: "foo", groupServices: { "Hunt Group": 5 } }, { provider: west });
new TenantServiceLicenses("east-foo", { tenantId: "foo", groupServices: { "Hunt Group": 9 } }, { provider: east });

function instance(name: string): Provider {
  return new Provider(name, {
    livePlatform: {
      baseUrl: config.require(`${name}PlatformUrl`),
      authUrl: config.require(`${name}LoginUrl`),
      clientId: config.require(`${name}ClientId`),
      clientSecret: config.requireSecret(`${name}ClientSecret`),
    },
    tenantGateway: {
      baseUrl: config.require(`${name}GatewayUrl`),
      username: config.require(`${name}GatewayUser`),
      password: config.requireSecret(`${name}GatewayPassword`),
    },
  });
}
