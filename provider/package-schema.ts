/**
 * What the native plugin offers to programs in any language: Pulumi's schema of the package, made from the tables of inputs, so that
 * docs, editors and generated SDKs show what `check` takes.
 */
import type { ResourceShape } from "./edges/native/native-resource";
import {
  choiceTypes,
  type DescribedResource,
  type NamedChoices,
  type PropertySpec,
  resourceSpec,
  type TypeSpec,
} from "./edges/native/schema";
import { customerFields } from "./resources/customer-service-license/fields";
import { tenantFields } from "./resources/tenant-service-licenses/fields";
import { type Setting, SETTINGS, type System } from "./settings/table";

/** The package's name, the first part of each token. */
const PACKAGE = "voice-licenses";

/** The token of the customer resource. */
export const CUSTOMER_TOKEN = `${PACKAGE}:index:CustomerServiceLicense`;
/** The token of the tenant resource. */
export const TENANT_TOKEN = `${PACKAGE}:index:TenantServiceLicenses`;
/** The token of the lookup by name. */
export const GET_CUSTOMER_TOKEN = `${PACKAGE}:index:getCustomer`;

const TEXT: TypeSpec = { type: "string" };
const COUNT: TypeSpec = { type: "integer" };
const ALLOCATIONS: TypeSpec = { type: "object", additionalProperties: { oneOf: [TEXT, COUNT] } };

const CUSTOMER: DescribedResource = {
  token: CUSTOMER_TOKEN,
  doc: "The service licence of one Live Platform customer. The customer exists already: creating the resource adopts it, and calls the platform only where something differs.",
  inputs: customerFields,
  outputs: {
    customerFullName: { type: TEXT, doc: "The customer's full name.", lasts: true },
    customerShortName: { type: TEXT, doc: "The customer's short name.", lasts: true },
    clientSecretExpiresAt: {
      type: TEXT,
      doc: "When the App Registration's secret expires (ISO 8601, UTC), where the platform shows it.",
    },
    lastTaskId: { type: TEXT, doc: "The platform's id of the last task that ran." },
  },
  aliases: ["pulumi-nodejs:dynamic/voice-licenses:CustomerServiceLicense"],
};

const TENANT: DescribedResource = {
  token: TENANT_TOKEN,
  doc: "The service licences of one BroadWorks tenant. The tenant exists already: creating the resource adopts it, and sends only the services that differ. Services that are not declared are never touched.",
  inputs: tenantFields,
  outputs: {
    original: {
      type: { $ref: `#/types/${PACKAGE}:index:OriginalServices` },
      doc: "What each managed service held before Pulumi first managed it: what `restore` puts back.",
    },
  },
  aliases: ["pulumi-nodejs:dynamic/voice-licenses:TenantServiceLicenses"],
};

/** The resources as the edge serves them. */
export const CUSTOMER_SHAPE = shapeOf(CUSTOMER);
export const TENANT_SHAPE = shapeOf(TENANT);

function shapeOf({ inputs, outputs }: DescribedResource): ResourceShape {
  return {
    inputs: Object.keys(inputs),
    computed: Object.keys(outputs),
    lasting: Object.entries(outputs).flatMap(([name, { lasts }]) => (lasts === true ? [name] : [])),
  };
}

/** The choices that generated code names. */
const CHOICES: NamedChoices = {
  LicenseType: [
    { value: "HostedEssentialsPlus", doc: "Direct Routing Essentials Plus." },
    { value: "HostedPro", doc: "Direct Routing Pro." },
    { value: "OcEssentialPlus", doc: "Operator Connect Essential Plus." },
    { value: "OcPro", doc: "Operator Connect Pro." },
  ],
  CustomerRemovalPolicy: [
    { value: "retain", doc: "Leave the licence as it is." },
    { value: "downgrade", doc: "Move Pro to Essentials Plus of the same family." },
  ],
  RemovalPolicy: [
    { value: "retain", doc: "Leave it as it is." },
    { value: "unlicense", doc: "Set it to 0." },
    { value: "restore", doc: "Put back what it held before Pulumi first managed it." },
  ],
};

/** The packages that programs install, by language. */
const LANGUAGES = {
  nodejs: {
    packageName: "pulumi-voice-licenses-native",
    packageDescription: "The native Pulumi provider for voice-service licences, for programs in TypeScript.",
    respectSchemaVersion: true,
    dependencies: { "@pulumi/pulumi": "^3.216.0" },
  },
  python: {
    packageName: "pulumi_voice_licenses",
    respectSchemaVersion: true,
    pyproject: { enabled: true },
    requires: { pulumi: ">=3.216.0,<4.0.0" },
  },
  go: {
    importBasePath: "pulumi-voice-licenses/sdk/go/voicelicenses",
    rootPackageName: "voicelicenses",
    respectSchemaVersion: true,
    generateResourceContainerTypes: true,
  },
} as const;

/** Pulumi's schema of the package. */
export function packageSchema(version: string): object {
  return {
    name: PACKAGE,
    displayName: "Voice licences",
    version,
    description:
      "Voice-service licences as code: AudioCodes Live Platform customers, and BroadWorks tenants behind a Netaxis APIO gateway.",
    keywords: ["pulumi", "category/utility", "kind/native", "voice", "licenses", "audiocodes", "broadworks"],
    license: "Apache-2.0",
    publisher: "pulumi-voice-licenses",
    language: LANGUAGES,
    config: { variables: instanceInputs() },
    provider: {
      description: "A provider instance: one Live Platform, one tenant gateway, or both.",
      inputProperties: instanceInputs(),
      properties: instanceInputs(),
    },
    types: {
      ...choiceTypes(CHOICES, PACKAGE),
      [`${PACKAGE}:index:LivePlatform`]: settingsType("livePlatform", "How to reach the Live Platform."),
      [`${PACKAGE}:index:TenantGateway`]: settingsType("tenantGateway", "How to reach the tenant gateway."),
      [`${PACKAGE}:index:OriginalServices`]: {
        type: "object",
        description: "Allocations by service name.",
        properties: { groupServices: ALLOCATIONS, userServices: ALLOCATIONS },
      },
    },
    resources: Object.fromEntries(
      [CUSTOMER, TENANT].map((resource) => [resource.token, resourceSpec(resource, CHOICES, PACKAGE)]),
    ),
    functions: { [GET_CUSTOMER_TOKEN]: GET_CUSTOMER },
  };
}

const GET_CUSTOMER = {
  description:
    "Looks up a customer by one of its names, exactly as the platform writes it. All lookups of a program share one list call.",
  inputs: {
    properties: {
      shortName: described(TEXT, "Its short name. One of `shortName` and `fullName`."),
      fullName: described(TEXT, "Its full name. One of `shortName` and `fullName`."),
    },
  },
  outputs: {
    properties: {
      customerGuid: described(TEXT, "Its `umpCustomerGuid`, in lower case: what `CustomerServiceLicense` takes."),
      shortName: described(TEXT, "Its short name."),
      fullName: described(TEXT, "Its full name."),
      licenseType: described(TEXT, "The licence that it holds now."),
      licensedUsersCount: described(COUNT, "The number of licensed users."),
      activeUserCount: described(COUNT, "The number of active users."),
    },
    required: ["customerGuid", "licenseType"],
  },
} as const;

function instanceInputs(): Record<string, PropertySpec> {
  const limits = SETTINGS["voice-licenses"];
  const system = (type: string, doc: string): PropertySpec => ({
    $ref: `#/types/${PACKAGE}:index:${type}`,
    description: doc,
    // The whole: a secret inside an object is not marked by every generated SDK.
    secret: true,
  });
  return {
    livePlatform: system("LivePlatform", "How to reach the Live Platform; needed for customers."),
    tenantGateway: system("TenantGateway", "How to reach the tenant gateway; needed for tenants."),
    maxReductions: described(COUNT, sentence(limits.maxReductions.doc)),
    maxLicensesRemoved: described(COUNT, sentence(limits.maxLicensesRemoved.doc)),
  };
}

function settingsType(system: System, doc: string): object {
  const settings: Readonly<Record<string, Setting>> = SETTINGS[system];
  return {
    type: "object",
    description: doc,
    properties: Object.fromEntries(
      Object.entries(settings).map(([name, setting]) => [
        name,
        {
          type: setting.form.type,
          description: describeSetting(setting),
          ...(setting.secret === true ? { secret: true } : {}),
        },
      ]),
    ),
    required: ["baseUrl"],
  };
}

function describeSetting({ doc, default: fallback, required }: Setting): string {
  return [
    sentence(doc),
    ...(required === undefined ? [] : [sentence(required)]),
    ...(fallback === undefined ? [] : [`Default: \`${fallback}\`.`]),
  ].join(" ");
}

function described(type: TypeSpec, description: string): PropertySpec {
  return { ...type, description };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
