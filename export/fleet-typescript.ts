import { eachService } from "../provider/resources/tenant-service-licenses/allocation";
import type { ExportedCustomer, ExportedFleet, ExportedTenant } from "./exported-fleet";
import { asComment, configurationLines } from "./next-steps";

/** The fleet as a whole Pulumi program in TypeScript. The same systems give the same text. */
export function fleetTypeScript(fleet: ExportedFleet): string {
  const steps = configurationLines(fleet);
  const classes = [
    ...(fleet.customers.length > 0 ? ["CustomerServiceLicense"] : []),
    ...(fleet.tenants.length > 0 ? ["TenantServiceLicenses"] : []),
  ];
  return [
    "// Written by `voice-licenses export`: what the systems hold.",
    ...(steps.length === 0
      ? []
      : [
          "// The platform masks the secrets of App Registrations. Before the first `pulumi up`:",
          ...steps.map((step) => `//   ${step}`),
          'import * as pulumi from "@pulumi/pulumi";',
        ]),
    ...(classes.length === 0 ? ["export {};"] : [`import { ${classes.join(", ")} } from "pulumi-voice-licenses";`]),
    ...(steps.length === 0 ? [] : ["", 'const config = new pulumi.Config("voice-licenses");']),
    ...fleet.customers.flatMap((customer) => ["", ...customerLines(customer)]),
    ...fleet.tenants.flatMap((tenant) => ["", ...tenantLines(tenant)]),
    ...(fleet.undeclarable.length === 0
      ? []
      : [
          "",
          "// Not declared, because there is no way to declare it:",
          ...fleet.undeclarable.map(({ guid, title, holds }) => `//   ${asComment(title)} (${guid}): ${holds}`),
        ]),
    "",
  ].join("\n");
}

function customerLines(customer: ExportedCustomer): string[] {
  const { name, title, guid, licenseType, licensedUsersCount, registration } = customer;
  return [
    ...(title === name ? [] : [`// ${asComment(title)}`]),
    `new CustomerServiceLicense(${literal(name)}, {`,
    `  customerGuid: ${literal(guid)},`,
    `  licenseType: ${literal(licenseType)},`,
    `  licensedUsersCount: ${licensedUsersCount},`,
    ...(registration === undefined
      ? []
      : [
          `  applicationClientId: ${literal(registration.clientId)},`,
          `  applicationClientSecret: config.requireSecret(${literal(registration.secretKey)}),`,
        ]),
    "});",
  ];
}

function tenantLines({ tenantId, services }: ExportedTenant): string[] {
  const kinds = (["groupServices", "userServices"] as const).filter((kind) => services[kind].size > 0);
  const sorted = [...eachService(services)];
  return [
    `new TenantServiceLicenses(${literal(tenantId)}, {`,
    `  tenantId: ${literal(tenantId)},`,
    ...kinds.flatMap((kind) => [
      `  ${kind}: {`,
      ...sorted.flatMap(([of, name, allocation]) =>
        of === kind ? [`    ${literal(name)}: ${allocationOf(name, allocation)},`] : [],
      ),
      "  },",
    ]),
    "});",
  ];
}

/** TypeScript takes a text for any text, not for "unlimited", under a name that every object has, such as `constructor`. */
function allocationOf(service: string, allocation: "unlimited" | number): string {
  return typeof allocation === "number"
    ? String(allocation)
    : `${literal(allocation)}${service in Object.prototype ? " as const" : ""}`;
}

/** Signs that are not seen, or that turn the direction of what follows, are written out, so that the text is what it looks like. */
function literal(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\p{Cf}\u2028\u2029]/gu,
    (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
