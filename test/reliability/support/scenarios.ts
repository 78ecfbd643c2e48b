import { type Declared, type Outcome, Stack } from "./engine-model";
import type { World } from "./world";

/** A piece of work into which faults are injected. */
export interface Scenario {
  readonly name: string;
  readonly parallel?: boolean;
  /** Without faults, up to where they begin. */
  readonly prepare: (world: World, stack: Stack) => Promise<void>;
  /** What is disturbed, and repeated until it is done. */
  readonly run: (stack: Stack) => Promise<Outcome>;
  /** The program that is in force afterwards; none where all is destroyed. */
  readonly program: readonly Declared[];
  /** Customers and services that may change at all: `customer <guid>`, `tenant foo groupServices Hunt Group`. */
  readonly touches: readonly string[];
}

export const GUIDS = {
  contoso: "d5253892-1c1e-4b23-89d7-29d86734c31b",
  fabrikam: "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601",
  northwind: "60d3b8e5-72f4-4c9b-9e16-c8a5017d4f32",
  adatum: "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44",
  bystander: "0e0e0e0e-08ad-4d63-8f4e-93e6a27d5c44",
} as const;

/** Secrets that only these programs hold. */
export const APP_SECRETS = ["s3cret~Contoso/App+1=", "s3cret~Adatum-new&2%", 's3cret~Fabrikam"3'] as const;
const CLIENT = "0fdc8122-e0b5-43ac-8433-54860113710d";
const ADATUM_CLIENT = "9e37b5d1-62c8-4a0f-bd74-1f6a3c8e5044";

/** What both systems hold at first. */
export const SEED = {
  livePlatform: {
    clients: [{ id: "7d1f6c52-3f0e-4a53-9d55-0a1c5e8b2f10", secret: "platform+client/secret==" }],
    directoryTenantId: "3c9a7a1e-58c4-4a0b-8a5e-6f2d5b7c9e01",
    taskDuration: "8s",
    customers: [
      customer("contoso", 3, 35, 35),
      customer("fabrikam", 1, 40, 28),
      customer("northwind", 2, 120, 97),
      {
        ...customer("adatum", 5, 60, 44),
        applicationClientId: ADATUM_CLIENT,
        applicationClientSecret: "s3cret~Adatum-old",
        clientSecretExpirationDate: "6/30/2027 11:59:59 PM",
      },
      customer("bystander", 5, 10, 1),
    ],
    leads: [{ shortName: "tailspin", fullName: "Tailspin Toys" }],
  },
  gateway: {
    users: [{ username: "demo", password: "gateway&pass word" }],
    tenants: { foo: tenant(), bar: tenant(), bystander: tenant() },
  },
} as const;

function customer(
  name: keyof typeof GUIDS,
  licenseType: number,
  licensedUsersCount: number,
  activeUserCount: number,
): Record<string, unknown> {
  return { guid: GUIDS[name], shortName: name, fullName: name, licenseType, licensedUsersCount, activeUserCount };
}

function tenant(): Record<string, unknown> {
  return {
    groupServices: {
      "Account/Authorization Codes": { unlimited: true, currentlyAllocated: 2 },
      "Call Pickup": { maximum: 3, currentlyAllocated: 2 },
      "Call Park": 0,
      "Hunt Group": { maximum: 3, currentlyAllocated: 1 },
    },
    userServices: {
      "3G/4G Continuity": 0,
      "Anonymous Call Rejection": 10,
      "Call Forwarding Busy": { maximum: 50, currentlyAllocated: 6 },
      "Speed Dial 8": "unlimited",
    },
  };
}

const contoso: Declared = {
  name: "contoso",
  type: "customer",
  inputs: {
    customerGuid: GUIDS.contoso.toUpperCase(),
    licenseType: 5,
    licensedUsersCount: 50,
    applicationClientId: CLIENT,
    applicationClientSecret: APP_SECRETS[0],
  },
};

const adatum = (more: Readonly<Record<string, unknown>>): Declared => ({
  name: "adatum",
  type: "customer",
  inputs: {
    customerGuid: GUIDS.adatum,
    licenseType: "OcPro",
    licensedUsersCount: 60,
    applicationClientId: ADATUM_CLIENT,
    applicationClientSecret: "s3cret~Adatum-old",
    ...more,
  },
});

const fabrikam = (more: Readonly<Record<string, unknown>> = {}): Declared => ({
  name: "fabrikam",
  type: "customer",
  inputs: {
    customerGuid: GUIDS.fabrikam,
    licenseType: "HostedPro",
    licensedUsersCount: 45,
    customerFullName: "Fabrikam Inc.",
    ...more,
  },
});

const foo = (more: Readonly<Record<string, unknown>> = {}): Declared => ({
  name: "foo",
  type: "tenant",
  inputs: {
    tenantId: "foo",
    groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5, "Account/Authorization Codes": "unlimited" },
    userServices: { "Call Forwarding Busy": 7, "Anonymous Call Rejection": 0 },
    ...more,
  },
});

const bar = (more: Readonly<Record<string, unknown>> = {}): Declared => ({
  name: "bar",
  type: "tenant",
  inputs: {
    tenantId: "bar",
    groupServices: [{ name: "Call Park", allocated: { unlimited: false, maximum: 4 } }],
    ...more,
  },
});

const FOO = [
  "tenant foo groupServices Hunt Group",
  "tenant foo groupServices Call Pickup",
  "tenant foo userServices Call Forwarding Busy",
  "tenant foo userServices Anonymous Call Rejection",
];
const BAR = ["tenant bar groupServices Call Park"];

/** Services of which none is in use, so that they can be set to 0. */
const UNUSED = {
  groupServices: { "Call Park": 2 },
  userServices: { "Speed Dial 8": 3, "Anonymous Call Rejection": 10, "3G/4G Continuity": 1 },
};
const UNUSED_PATHS = [
  "tenant foo groupServices Call Park",
  "tenant foo userServices Speed Dial 8",
  "tenant foo userServices Anonymous Call Rejection",
  "tenant foo userServices 3G/4G Continuity",
];

/** Without faults, and it must work. */
export async function mustUp(stack: Stack, program: readonly Declared[]): Promise<void> {
  const outcome = await stack.up(program);
  if (!outcome.ok) {
    throw new Error(`Without any fault: ${outcome.errors.join("\n")}`);
  }
}

function created(name: string, program: readonly Declared[], touches: readonly string[], parallel = false): Scenario {
  return { name, parallel, prepare: () => Promise.resolve(), run: (stack) => stack.up(program), program, touches };
}

function changed(name: string, first: Declared[], then: Declared[], touches: readonly string[]): Scenario {
  return {
    name,
    prepare: (_world, stack) => mustUp(stack, first),
    run: (stack) => stack.up(then),
    program: then,
    touches,
  };
}

function destroyed(name: string, program: Declared[], touches: readonly string[]): Scenario {
  return {
    name,
    prepare: (_world, stack) => mustUp(stack, program),
    run: (stack) => stack.destroy(),
    program: [],
    touches,
  };
}

const mixed = [contoso, fabrikam(), foo(), bar(), adatum({ licensedUsersCount: 61 })];
const MIXED = [`customer ${GUIDS.contoso}`, `customer ${GUIDS.fabrikam}`, `customer ${GUIDS.adatum}`, ...FOO, ...BAR];

/** Every scenario of the sweeps. */
export const SCENARIOS: readonly Scenario[] = [
  created("OC Essential to Pro", [contoso], [`customer ${GUIDS.contoso}`]),
  changed(
    "OC Pro to Essential Plus",
    [adatum({})],
    [
      adatum({
        licenseType: "OcEssentialPlus",
        licensedUsersCount: 50,
        applicationClientSecret: APP_SECRETS[1],
        resendSecret: "2",
      }),
    ],
    [`customer ${GUIDS.adatum}`],
  ),
  created("Hosted up", [fabrikam()], [`customer ${GUIDS.fabrikam}`]),
  changed(
    "new secret alone",
    [adatum({})],
    [adatum({ applicationClientSecret: APP_SECRETS[1] })],
    [`customer ${GUIDS.adatum}`],
  ),
  created(
    "App Registration alone",
    [
      {
        name: "northwind",
        type: "customer",
        inputs: {
          customerGuid: GUIDS.northwind,
          licenseType: "HostedPro",
          licensedUsersCount: 120,
          applicationClientId: CLIENT,
          applicationClientSecret: APP_SECRETS[2],
        },
      },
    ],
    [`customer ${GUIDS.northwind}`],
  ),
  created("tenant, both kinds", [foo()], FOO),
  changed(
    "tenant, services removed and restored",
    [foo()],
    [
      foo({
        groupServices: { "Hunt Group": 9 },
        userServices: { "Speed Dial 8": 3 },
        onServiceRemoved: "restore",
      }),
    ],
    [...FOO, "tenant foo userServices Speed Dial 8"],
  ),
  changed(
    "moved to another tenant",
    [foo({ onDestroy: "unlicense", ...UNUSED })],
    [foo({ tenantId: "bar", groupServices: { "Call Park": 2 }, userServices: {} })],
    [...UNUSED_PATHS, ...BAR],
  ),
  created("mixed", mixed, MIXED),
  {
    name: "refresh",
    prepare: async (world: World, stack: Stack): Promise<void> => {
      await mustUp(stack, mixed);
      const { livePlatform, gateway } = world.simulation;
      for (const [guid, edit] of [
        [GUIDS.contoso, { licensedUsersCount: 55 }],
        [GUIDS.fabrikam, { licenseType: 1, fullName: "Edited" }],
      ] as const) {
        const held = livePlatform.customer(guid);
        if (held !== undefined) {
          livePlatform.editCustomer(held, edit);
        }
      }
      Object.assign(gateway.tenant("foo")?.groupServices.get("Call Pickup") ?? {}, { maximum: 4 });
      gateway.tenant("bar")?.groupServices.delete("Call Park");
    },
    run: (stack) => stack.refresh(),
    program: mixed,
    touches: MIXED,
  },
  destroyed("destroy, retain", mixed, MIXED),
  destroyed(
    "destroy, downgrade",
    [adatum({ onDestroy: "downgrade" }), fabrikam({ onDestroy: "downgrade" })],
    [`customer ${GUIDS.adatum}`, `customer ${GUIDS.fabrikam}`],
  ),
  destroyed("destroy, unlicense", [foo({ onDestroy: "unlicense", ...UNUSED })], UNUSED_PATHS),
  destroyed("destroy, restore", [foo({ onDestroy: "restore" })], FOO),
  created("mixed, all at once", mixed, MIXED, true),
];
