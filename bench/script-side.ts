import { createRedactor } from "../provider/systems/transport/redact";
import { Systems } from "../provider/systems/systems";
import { systemClock } from "../provider/time/clock";
import { idOf, type Kind } from "./sides";

/**
 * What somebody would write without Pulumi: for each object look, change, look again, by the same client. Gives the seconds that it took.
 *
 * @param atOnce Start all at once, so that the client's own concurrency decides; else one after another.
 */
export async function runScript(
  kind: Kind,
  size: number,
  value: number,
  environment: Readonly<Record<string, string>>,
  atOnce: boolean,
): Promise<number> {
  const systems = new Systems({
    configuration: () => undefined,
    environment,
    clock: systemClock,
    redactor: createRedactor(),
  });
  const start = process.hrtime.bigint();
  const ids = Array.from({ length: size }, (_, n) => idOf(kind, n));
  const work = (id: string): Promise<void> =>
    kind === "tenants" ? changeTenant(systems, id, value) : changeCustomer(systems, id, value);
  if (atOnce) {
    await Promise.all(ids.map(work));
  } else {
    for (const id of ids) {
      await work(id);
    }
  }
  return Number(process.hrtime.bigint() - start) / 1e9;
}

async function changeTenant(systems: Systems, id: string, value: number): Promise<void> {
  const { api } = systems.tenantGateway();
  const seen = await api.getLicenses(id);
  const services = (
    names: readonly { readonly name: string }[],
  ): { name: string; allocated: { unlimited: false; maximum: number } }[] =>
    names.map(({ name }) => ({ name, allocated: { unlimited: false, maximum: value } }));
  await api.putLicenses(id, {
    groupServices: services(seen?.groupServices ?? []),
    userServices: services(seen?.userServices ?? []),
  });
  await api.getLicenses(id);
}

async function changeCustomer(systems: Systems, id: string, value: number): Promise<void> {
  const { api } = systems.livePlatform();
  const seen = await api.getCustomer(id);
  await api.patchCustomer(id, {
    customerFullName: seen?.fullName ?? undefined,
    licenseType: 2,
    licensedUsersCount: value,
    application: undefined,
  });
  await api.getCustomer(id);
}
