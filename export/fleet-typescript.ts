import { withEscapedCommands } from "../provider/text/pipeline-commands";
import { eachService } from "../provider/resources/tenant-service-licenses/allocation";
import { asComment, footerLines, headerLines, tenantLines } from "./comments";
import type { ExportedCustomer, ExportedFleet, ExportedTenant } from "./exported-fleet";
import { configurationLines } from "./next-steps";

/** The fleet as a whole Pulumi program in TypeScript. The same systems give the same text. */
export function fleetTypeScript(fleet: ExportedFleet): string {
  const steps = configurationLines(fleet);
  const classes = [
    ...(fleet.customers.length > 0 ? ["CustomerServiceLicense"] : []),
    ...(fleet.tenants.length > 0 ? ["TenantServiceLicenses"] : []),
  ];
  const footer = footerLines(fleet);
  return [
    ...headerLines(fleet).map((line) => `// ${line}`),
    ...(steps.length === 0 ? [] : ['import * as pulumi from "@pulumi/pulumi";']),
    ...(classes.length === 0 ? ["export {};"] : [`import { ${classes.join(", ")} } from "pulumi-voice-licenses";`]),
    ...(steps.length === 0 ? [] : ["", 'const config = new pulumi.Config("voice-licenses");']),
    ...fleet.customers.flatMap((customer) => ["", ...customerProgram(customer)]),
    ...fleet.tenants.flatMap((tenant) => ["", ...tenantProgram(tenant)]),
    ...(footer.length === 0 ? [] : ["", ...footer.map((line) => `// ${line}`)]),
    "",
  ].join("\n");
}

function customerProgram(customer: ExportedCustomer): string[] {
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

function tenantProgram(tenant: ExportedTenant): string[] {
  const { tenantId, services } = tenant;
  const kinds = (["groupServices", "userServices"] as const).filter((kind) => services[kind].size > 0);
  const sorted = [...eachService(services)];
  return [
    ...tenantLines(tenant).map((line) => `// ${line}`),
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

/** As in JSON, with what is not seen or is a command to a pipeline written out, so that the text is what it looks like. */
function literal(text: string): string {
  const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  return withEscapedCommands(JSON.stringify(text).replaceAll(/[\p{Cf}\u007f-\u009f\u2028\u2029]/gu, escaped), escaped);
}
