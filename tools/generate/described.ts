import { customerFields, customerOutputs } from "../../provider/customer/fields";
import type { Fields, Outputs } from "../../provider/resource/fields";
import { tenantFields, tenantOutputs } from "../../provider/tenant/fields";

/** A resource as the docs describe it: its tables, and what is said of it as a whole. */
export interface DescribedResource {
  /** Its class, and the last part of its type tokens. */
  readonly name: string;
  /** The file of its tables. */
  readonly source: string;
  readonly inputs: Fields;
  readonly outputs: Outputs;
  /** What Pulumi's schema calls the types of outputs that are objects, by output. */
  readonly objectTypes?: Readonly<Record<string, { readonly name: string; readonly doc: string }>>;
  /** What is particular to it in a program: a file of `provider/hosts/program/`, and what that exports. */
  readonly program: string;
  /** The input that does what Pulumi's `customTimeouts` would, where there is one. */
  readonly insteadOfTimeouts?: string;
  /** What it is, in paragraphs; the first is its summary. */
  readonly doc: readonly string[];
  /** What its arguments are. */
  readonly args: string;
  /** What refuses wrong inputs beside preview. */
  readonly system: string;
  /** What reading one does that the program does not manage. */
  readonly get: string;
  readonly vendorPages: string;
  /** Declares one, in TypeScript. */
  readonly example: string;
  /** Reads one, in TypeScript. */
  readonly getExample: string;
}

export const RESOURCES: readonly DescribedResource[] = [
  {
    name: "CustomerServiceLicense",
    source: "provider/customer/fields.ts",
    inputs: customerFields,
    outputs: customerOutputs,
    program: "customer",
    insteadOfTimeouts: "taskTimeout",
    doc: [
      "The service licence of one customer of the AudioCodes Live Platform, kept as declared.",
      "The customer exists already: declaring what it holds adopts it without a write. A move from Operator Connect Essential starts a task of the platform, waits for it, and then secures the link to the customer's Microsoft 365. Destroying the resource leaves the licence as it is, unless `onDestroy` says otherwise. Nothing that it does removes a customer.",
      "Its id is the customer's GUID. Preview fails, naming the input and the fix, where the customer does not exist or has no licence yet, where it would have to move between Hosted and Operator Connect, where the count is below the licences in use, and where another resource of the program declares the same customer.",
    ],
    args: "What a customer's service licence is to be.",
    system: "platform",
    get: "Reads the licence of a customer that this program does not manage.",
    vendorPages:
      'Live Platform REST API, "Upgrade or Downgrade Service License" and "Upgrade Operator Connect Customer License"',
    example: `new CustomerServiceLicense("contoso", {
  customerGuid: "d5253892-1c1e-4b23-89d7-29d86734c31b",
  licenseType: LicenseType.OcPro,
  licensedUsersCount: 50,
  applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
  applicationClientSecret: config.requireSecret("contosoAppSecret"),
});`,
    getExample: `const contoso = CustomerServiceLicense.get("contoso", "d5253892-1c1e-4b23-89d7-29d86734c31b");
export const users = contoso.licensedUsersCount;`,
  },
  {
    name: "TenantServiceLicenses",
    source: "provider/tenant/fields.ts",
    inputs: tenantFields,
    outputs: tenantOutputs,
    objectTypes: { original: { name: "OriginalServices", doc: "Allocations by service name." } },
    program: "tenant",
    doc: [
      "The service licences of one tenant of a BroadWorks gateway, kept as declared.",
      "The tenant exists already. Only the services that are named are managed; all others are never touched. What already is as declared is adopted without a write. Services that are taken out, and all services when the resource is destroyed, stay as they are unless a policy says otherwise.",
      "Its id is the tenant's id. Preview fails, naming the service and the fix, where the tenant does not exist, where the gateway does not list a service, where a maximum would go below what is allocated, and where another resource of the program declares the same service of the same tenant. Where the gateway updates only some services, `pulumi up` fails and names the others, and state holds what is there.",
    ],
    args: "What a tenant is to be licensed for.",
    system: "gateway",
    get: "Reads the service licences of a tenant that this program does not manage: every service that is licensed.",
    vendorPages: 'Gateway API, "Service Licenses"',
    example: `new TenantServiceLicenses("foo", {
  tenantId: "foo",
  groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5 },
  userServices: { "Call Forwarding Busy": 7, "Anonymous Call Rejection": 0 },
});`,
    getExample: `const foo = TenantServiceLicenses.get("foo", "foo");
export const licensed = foo.groupServices;`,
  },
];

/** A choice of values that has a name. */
export interface NamedChoice {
  readonly name: string;
  readonly doc: string;
  readonly values: readonly { readonly value: string; readonly doc: string }[];
  /** The resource with whose class programs import it; without one, the npm package spells it out. */
  readonly exportedWith?: string;
}

/** The choices that have a name, but for the licence types, which are a table of their own. */
export const CHOICES: readonly NamedChoice[] = [
  {
    name: "CustomerRemovalPolicy",
    doc: "What destroying a customer's resource does.",
    values: [
      { value: "retain", doc: "Leave the licence as it is." },
      { value: "downgrade", doc: "Move Pro to Essentials Plus of the same family." },
    ],
  },
  {
    name: "RemovalPolicy",
    doc: "What becomes of a service that is no longer managed.",
    values: [
      { value: "retain", doc: "Leave it as it is." },
      { value: "unlicense", doc: "Set it to 0." },
      { value: "restore", doc: "Put back what it held before Pulumi first managed it." },
    ],
    exportedWith: "TenantServiceLicenses",
  },
];

/** Types that rows name: where programs find them, from the folder of the generated files, and what the pages call them. */
export const TYPES: Readonly<Record<string, { readonly from: string; readonly shown?: string }>> = {
  Duration: { from: "../../../time/duration", shown: "time" },
  LicenseType: { from: "../../../customer/license-type" },
  ObservedLicenseType: { from: "../../../customer/license-type" },
  PendingTask: { from: "../../../customer/state" },
  ServiceKind: { from: "../../../systems/gateway/service-kinds" },
  LicenseAllocations: { from: "../allocations", shown: "map from service name to allocation" },
  AllocationMap: { from: "../allocations" },
};
