/** The stacks that are measured: this package's two forms, and two that do nothing. */
const STACK_SIDES = ["native", "dynamic", "textbook", "floor"] as const;

/** What is a stack. A script does the same work without Pulumi. */
export type StackSide = (typeof STACK_SIDES)[number];

/** All that take turns. */
export const SIDES = [...STACK_SIDES, "script"] as const;
export type Side = (typeof SIDES)[number];

/** The generated SDK, as programs call it. */
export const NATIVE_SDK = "pulumi-voice-licenses-native";

/** Whether this side asks the APIs; the others do nothing. */
export function asksApis(side: StackSide): boolean {
  return side === "native" || side === "dynamic";
}

/** What the sides keep. */
export type Kind = "tenants" | "customers";

/** How many services of a tenant are declared; each differs from what is there. */
const SERVICES = 4;

/** The id of the n-th object. */
export function idOf(kind: Kind, n: number): string {
  return kind === "tenants" ? `tenant-${n}` : `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

/** What the simulator holds at first. */
export function seedOf(kind: Kind, size: number): unknown {
  const numbers = Array.from({ length: size }, (_, n) => n);
  const services = Object.fromEntries(Array.from({ length: SERVICES }, (_, n) => [`Service ${n}`, 1]));
  return kind === "tenants"
    ? {
        gateway: {
          tenants: Object.fromEntries(
            numbers.map((n) => [idOf(kind, n), { groupServices: services, userServices: services }]),
          ),
        },
      }
    : {
        livePlatform: {
          customers: numbers.map((n) => ({
            guid: idOf(kind, n),
            shortName: `customer-${n}`,
            fullName: `Customer ${n}`,
            licenseType: 2,
            licensedUsersCount: 10,
            activeUserCount: 1,
          })),
        },
      };
}

/** The program of a stack of `size` resources; with another `value`, each resource changes. */
export function programOf(side: StackSide, kind: Kind, size: number, value: number): string {
  const inputs =
    kind === "tenants"
      ? `{ tenantId: id, groupServices: services, userServices: services }`
      : `{ customerGuid: id, licenseType: "HostedPro", licensedUsersCount: ${value} }`;
  const id = kind === "tenants" ? '"tenant-" + n' : '"00000000-0000-4000-8000-" + String(n).padStart(12, "0")';
  return `
const pulumi = require("@pulumi/pulumi");
const services = ${JSON.stringify(Object.fromEntries(Array.from({ length: SERVICES }, (_, n) => [`Service ${n}`, value])))};
${RESOURCE[side](kind)}
for (let n = 0; n < ${size}; n += 1) {
  const id = ${id};
  declare("r" + n, ${inputs}, id);
}
`;
}

const RESOURCE = {
  native: (kind: Kind) => declareOurs(kind, NATIVE_SDK),
  dynamic: (kind: Kind) => declareOurs(kind, "pulumi-voice-licenses"),
  // As Pulumi's documentation writes a dynamic resource.
  textbook: () => `const provider = {
  async create(inputs) { return { id: inputs.tenantId ?? inputs.customerGuid, outs: inputs }; },
  async diff(id, olds, news) { return { changes: JSON.stringify(olds.groupServices ?? olds.licensedUsersCount) !== JSON.stringify(news.groupServices ?? news.licensedUsersCount) }; },
  async update(id, olds, news) { return { outs: news }; },
};
class Nothing extends pulumi.dynamic.Resource {
  constructor(name, inputs) { super(provider, name, inputs); }
}
const declare = (name, inputs) => new Nothing(name, inputs);`,
  // The same, but its provider is a short text, as the dynamic form's is: what the engine costs at least.
  floor: () => `class Nothing extends pulumi.CustomResource {
  constructor(name, inputs) {
    super("pulumi-nodejs:dynamic/bench:Nothing", name, { ...inputs, __provider: 'exports.handler=()=>require("does-nothing").provider' });
  }
}
const declare = (name, inputs) => new Nothing(name, inputs);`,
} as const;

function declareOurs(kind: Kind, packageName: string): string {
  const name = kind === "tenants" ? "TenantServiceLicenses" : "CustomerServiceLicense";
  return `const { ${name} } = require("${packageName}");
const declare = (name, inputs) => new ${name}(name, inputs);`;
}

/** The module that the floor's provider is loaded from. */
export const NOTHING = `exports.provider = {
  async check(olds, news) { return { inputs: news }; },
  async create(inputs) { return { id: inputs.tenantId ?? inputs.customerGuid, outs: inputs }; },
  async diff(id, olds, news) { return { changes: JSON.stringify(olds.groupServices ?? olds.licensedUsersCount) !== JSON.stringify(news.groupServices ?? news.licensedUsersCount) }; },
  async update(id, olds, news) { return { outs: news }; },
};
`;
