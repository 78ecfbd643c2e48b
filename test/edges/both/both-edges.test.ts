import assert from "node:assert/strict";
import { isNightly } from "../../support/extent";
import type { FaultRule, SimulatorAdmin } from "../../support/live-simulator";
import { type Declared, EdgeWorld, type InState, messageOf, withoutTasks } from "./support/edges";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const APP = {
  applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
  applicationClientSecret: "pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW",
};
const UPGRADE = "/action/upgrade$";
const CUSTOMER_PATH = "/v3/customer/[^/]+$";
const LICENSES_PATH = "/licenses/$";

function customer(inputs: object = {}): Declared {
  const whole = { customerGuid: GUID, licenseType: "OcPro", licensedUsersCount: 50, ...APP, ...inputs };
  return { type: "CustomerServiceLicense", name: "contoso", inputs: whole };
}

function tenant(groupServices: object, inputs: object = {}): Declared {
  return { type: "TenantServiceLicenses", name: "foo", inputs: { tenantId: "foo", groupServices, ...inputs } };
}

type Step =
  | { readonly preview: Declared }
  | { readonly up: Declared }
  | { readonly refresh: Declared }
  | { readonly destroy: Declared }
  | { readonly faults: readonly FaultRule[] }
  | { readonly settings: Parameters<SimulatorAdmin["settings"]>[0] }
  | { readonly behind: (admin: SimulatorAdmin) => Promise<void> };

interface Scenario {
  readonly name: string;
  /** Part of `npm test`; the others run in the nightly form. */
  readonly sample?: true;
  readonly environment?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const LOST = { kind: "dropAfter" } as const;
const BUSY = { kind: "status", status: 503 } as const;
const SERVER_ERROR = { kind: "status", status: 500 } as const;

const SCENARIOS: readonly Scenario[] = [
  {
    name: "an upgrade, unchanged, a change, a local setting, a downgrade at the end",
    sample: true,
    steps: [
      { preview: customer() },
      { up: customer() },
      { preview: customer() },
      { up: customer() },
      { preview: customer({ licensedUsersCount: 40 }) },
      { up: customer({ licensedUsersCount: 40 }) },
      { up: customer({ licensedUsersCount: 40, onDestroy: "downgrade" }) },
      { destroy: customer() },
    ],
  },
  {
    name: "services licensed, changed, taken out and put back",
    sample: true,
    steps: [
      { preview: tenant({ "Hunt Group": "unlimited", "Call Pickup": 5 }) },
      { up: tenant({ "Hunt Group": "unlimited", "Call Pickup": 5 }) },
      { up: tenant({ "Hunt Group": 9, "Call Pickup": 5 }, { onDestroy: "restore" }) },
      { preview: tenant({ "Hunt Group": 9 }, { onServiceRemoved: "restore" }) },
      { up: tenant({ "Hunt Group": 9 }, { onServiceRemoved: "restore", onDestroy: "restore" }) },
      { destroy: tenant({}) },
    ],
  },
  {
    name: "refusals: inputs in themselves, and what the systems would refuse",
    sample: true,
    steps: [
      { preview: customer({ licenseType: "HostedPro" }) },
      { preview: customer({ applicationClientSecret: null }) },
      { preview: customer({ customerGuid: "x", licensedUsersCount: 0, licenceType: 1 }) },
      { preview: customer({ customerGuid: "00000000-0000-4000-8000-000000000000" }) },
      { preview: customer({ licensedUsersCount: 1 }) },
      { preview: tenant({ "Hunt Groop": 1, "Call Pickup": 1 }) },
      { preview: tenant({ "Hunt Group": -1, "Call Pickup": "many" }) },
      { preview: tenant({}) },
      {
        preview: {
          ...tenant({ "Hunt Group": 1 }),
          inputs: { tenantId: "no-such", groupServices: { "Hunt Group": 1 } },
        },
      },
      { up: tenant({ "Hunt Groop": 1 }) },
    ],
  },
  {
    name: "a task that fails, and the next run",
    steps: [
      { settings: { taskOutcome: "fail" } },
      { up: customer() },
      { settings: { taskOutcome: "success" } },
      { preview: customer() },
      { up: customer() },
    ],
  },
  {
    name: "a PATCH that fails after the upgrade, and the next run",
    sample: true,
    steps: [
      { faults: [{ method: "PATCH", path: CUSTOMER_PATH, fault: SERVER_ERROR }] },
      { up: customer() },
      { preview: customer() },
      { up: customer() },
    ],
  },
  {
    name: "an upgrade whose answer is lost",
    sample: true,
    steps: [{ faults: [{ method: "POST", path: UPGRADE, fault: LOST }] }, { up: customer() }, { up: customer() }],
  },
  {
    name: "an upgrade that takes longer than its time-out, and the next run",
    steps: [
      { settings: { taskDuration: "600ms" } },
      { up: customer({ taskTimeout: "200ms" }) },
      { preview: customer() },
      { up: customer() },
    ],
  },
  {
    name: "a tenant's PUT that is refused, lost, or busy",
    steps: [
      { faults: [{ method: "PUT", path: LICENSES_PATH, fault: SERVER_ERROR }] },
      { up: tenant({ "Hunt Group": 9 }) },
      { faults: [{ method: "PUT", path: LICENSES_PATH, fault: LOST }] },
      { up: tenant({ "Hunt Group": 9 }) },
      { faults: [{ method: "PUT", path: LICENSES_PATH, fault: BUSY }] },
      { up: tenant({ "Hunt Group": 8 }) },
      { up: tenant({ "Hunt Group": 8 }) },
    ],
  },
  {
    name: "drift, seen and repaired",
    sample: true,
    steps: [
      { up: tenant({ "Hunt Group": 9, "Call Pickup": 5 }) },
      {
        behind: (admin) =>
          admin.patchTenant("foo", { groupServices: { "Hunt Group": { maximum: 4, unlimited: false } } }),
      },
      { refresh: tenant({}) },
      { preview: tenant({ "Hunt Group": 9, "Call Pickup": 5 }) },
      { up: tenant({ "Hunt Group": 9, "Call Pickup": 5 }) },
    ],
  },
  {
    name: "a customer and a tenant that are gone",
    steps: [
      { up: tenant({ "Hunt Group": 9 }) },
      { behind: (admin) => admin.deleteTenant("foo") },
      { refresh: tenant({}) },
    ],
  },
  {
    name: "a read that fails",
    steps: [
      { up: tenant({ "Hunt Group": 9 }) },
      { faults: [{ method: "GET", path: LICENSES_PATH, fault: SERVER_ERROR, count: 2 }] },
      { preview: tenant({ "Hunt Group": 8 }) },
      { refresh: tenant({}) },
    ],
  },
  {
    name: "the brakes",
    sample: true,
    environment: { VOICE_LICENSES_MAX_LICENSES_REMOVED: "1" },
    steps: [
      { up: tenant({ "Hunt Group": 9 }) },
      { preview: tenant({ "Hunt Group": 7 }) },
      { up: tenant({ "Hunt Group": 7 }) },
      { up: tenant({ "Hunt Group": 8 }) },
    ],
  },
  {
    name: "a licence that nobody can declare, in state",
    steps: [
      { up: customer() },
      { behind: (admin) => admin.patchCustomer(GUID, { licenseType: 7 }) },
      { refresh: customer() },
      { preview: customer() },
      { up: customer() },
    ],
  },
];

/** Everything that a scenario shows at one edge. */
async function play({ environment, steps }: Scenario, kind: "dynamic" | "native"): Promise<unknown[]> {
  const world = await EdgeWorld.start(kind, environment);
  const shown: unknown[] = [];
  let state: InState | undefined;
  const read = async (declared: Declared): Promise<unknown> => {
    if (state === undefined) {
      return "nothing in state";
    }
    try {
      state = await world.edge.refresh(declared, state);
      return state ?? "gone";
    } catch (error) {
      return messageOf(error);
    }
  };
  try {
    await world.admin.settings({ taskDuration: "60ms" });
    for (const step of steps) {
      if ("preview" in step) {
        shown.push({ preview: await world.edge.preview(step.preview, state) });
      } else if ("up" in step) {
        const outcome = await world.edge.up(step.up, state);
        state = outcome.state;
        shown.push({ up: outcome });
      } else if ("refresh" in step) {
        shown.push({ refresh: await read(step.refresh) });
      } else if ("destroy" in step) {
        shown.push({ destroy: state === undefined ? undefined : await world.edge.destroy(step.destroy, state) });
      } else if ("faults" in step) {
        await world.admin.faults(...step.faults);
      } else if ("settings" in step) {
        await world.admin.settings(step.settings);
      } else {
        await step.behind(world.admin);
      }
    }
    return JSON.parse(
      withoutTasks(JSON.stringify([...shown, { requests: await world.requests(), lines: world.lines() }])),
    ) as unknown[];
  } finally {
    await world.stop();
  }
}

describe("both edges do the same: requests, lines, failures and state", function () {
  this.timeout(60_000);
  for (const scenario of SCENARIOS.filter(({ sample }) => sample === true || isNightly)) {
    it(scenario.name, async () => {
      const [dynamic, native] = await Promise.all([play(scenario, "dynamic"), play(scenario, "native")]);
      assert.deepEqual(native, dynamic);
    });
  }
});
