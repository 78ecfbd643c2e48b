import type { Properties } from "../../../provider/resource/properties";
import { customerSeed, GUID } from "../../simulator/support";
import type { FakeRun } from "./fake-run";
import { checked, World } from "./world";

export { GUID };
export const APPLICATION = "0fdc8122-e0b5-43ac-8433-54860113710d";
export const OTHER_APPLICATION = "2b6e1f0d-94a7-4c38-a5d1-8f7c0e3b6a22";
export const SECRET = "pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW";
export const REGISTRATION = { applicationClientId: APPLICATION, applicationClientSecret: SECRET };

/** An OC Pro customer of 50 users, 35 of them active, with its App Registration. */
export const OC_PRO = {
  shortName: "contoso",
  fullName: "Contoso",
  licenseType: 5,
  licensedUsersCount: 50,
  activeUserCount: 35,
  ...REGISTRATION,
  clientSecretExpirationDate: "2/18/2027 8:39:26 AM",
};

/** An OC Essential customer, which has no App Registration yet. */
export const OC_ESSENTIAL = {
  shortName: "contoso",
  fullName: "Contoso",
  licenseType: 3,
  licensedUsersCount: 35,
  activeUserCount: 35,
};

/** A world with just one customer. */
export function startWithCustomer(
  customer: object,
  settings: object = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<World> {
  return World.start(customerSeed({ ...customer }, settings), environment);
}

/** What `up` does for a program that declares a customer so, in a process of its own; gives the state. */
export async function up(
  world: World,
  inputs: Properties,
  state?: Properties,
  run: FakeRun = world.run(),
): Promise<Properties> {
  const lifecycle = world.customers();
  return asState(await lifecycle.apply(checked(lifecycle, { customerGuid: GUID, ...inputs }), state, run));
}

/** Outputs as they come back from the engine. */
export function asState(outputs: Properties): Properties {
  return JSON.parse(JSON.stringify(outputs)) as Properties;
}
