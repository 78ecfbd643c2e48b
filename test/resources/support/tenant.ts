import type { Properties } from "../../../provider/resource/properties";
import { asState } from "./customer";
import type { FakeRun } from "./fake-run";
import { checked, World } from "./world";

export { asState };

/** The tenant of the tests: what it is licensed for, and what of it is in use. */
const SERVICES = {
  groupServices: {
    "Auto Attendant": { maximum: 10, currentlyAllocated: 10 },
    "Call Park": 0,
    "Call Pickup": { maximum: 3, currentlyAllocated: 2 },
    "Hunt Group": { maximum: 3, currentlyAllocated: 1 },
  },
  userServices: {
    "Anonymous Call Rejection": 10,
    "Call Forwarding Busy": { maximum: 50, currentlyAllocated: 6 },
    "Speed Dial 8": "unlimited",
  },
};

/** What the gateway holds at first, in normal form. */
export const HELD = {
  groupServices: { "Auto Attendant": 10, "Call Park": 0, "Call Pickup": 3, "Hunt Group": 3 },
  userServices: { "Anonymous Call Rejection": 10, "Call Forwarding Busy": 50, "Speed Dial 8": "unlimited" },
};

/** A world with just the tenant `foo`, some of its services in another way. */
export function startWithTenant(
  changes: { groupServices?: object; userServices?: object } = {},
  settings: object = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<World> {
  const foo = {
    groupServices: { ...SERVICES.groupServices, ...changes.groupServices },
    userServices: { ...SERVICES.userServices, ...changes.userServices },
  };
  return World.start({ gateway: { tenants: { foo }, ...settings } }, environment);
}

/** What `up` does for a program that declares `foo` so, in a process of its own; gives the state. */
export async function up(
  world: World,
  inputs: Properties,
  state?: Properties,
  run: FakeRun = world.run(),
): Promise<Properties> {
  const lifecycle = world.tenants();
  return asState(await lifecycle.apply(checked(lifecycle, { tenantId: "foo", ...inputs }), state, run));
}
