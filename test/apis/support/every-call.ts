/**
 * Makes every call that the provider can make, in a process of its own: run with the simulator's environment, and with whatever is to
 * be tried of a process. Prints what a user would be shown.
 */
import { createRedactor } from "../../../provider/systems/transport/redact";
import { Systems } from "../../../provider/systems/systems";
import { systemClock } from "../../../provider/time/clock";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const HOSTED = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";

async function main(): Promise<void> {
  const systems = new Systems({
    configuration: () => undefined,
    environment: process.env,
    clock: systemClock,
    redactor: createRedactor(),
    onRequest: (line) => {
      process.stdout.write(`${line}\n`);
    },
  });
  const platform = systems.livePlatform().api;
  const gateway = systems.tenantGateway().api;
  const application = {
    clientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
    clientSecret: process.env["APPLICATION_SECRET"] ?? "",
  };
  const change = { licenseType: 2, licensedUsersCount: 44, application };
  const calls: readonly (() => Promise<unknown>)[] = [
    () => platform.listCustomers(),
    () => platform.getCustomer(GUID),
    () => platform.patchCustomer(HOSTED, change),
    () => platform.patchCustomer(HOSTED, { ...change, licenseType: 5 }),
    async () => platform.getTask(await platform.upgradeCustomer(GUID, { licenseType: 5, licensedUsersCount: 50 })),
    () => platform.upgradeCustomer(GUID, { licenseType: 5, licensedUsersCount: 50 }),
    () => gateway.getLicenses("foo"),
    () => gateway.getLicenses("nobody"),
    () => gateway.putLicenses("foo", { groupServices: [{ name: "Hunt Group", allocated: { unlimited: true } }] }),
  ];
  for (const call of calls) {
    const outcome = await call().then(
      () => "done",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    process.stdout.write(`${outcome}\n`);
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
