import { type DeclaredFleet, idsOf } from "../../fleet/kinds";
import { ALL_KINDS, type Section, SECTIONS } from "../../provider/kinds";
import { systemClock } from "../../provider/time/clock";
import type { UseByKey } from "../rightsize/use";
import { useOfCustomers } from "../rightsize/use-of-customers";
import { useOfTenants } from "../rightsize/use-of-tenants";
import { allOrThrow } from "./all-or-throw";
import { connectNeeded, needsOf } from "./connect";
import { progressOn } from "./progress";

const READ_USE: Readonly<Record<Section, typeof useOfTenants>> = { customers: useOfCustomers, tenants: useOfTenants };

/**
 * The licences in use of all that a fleet declares, from the systems that the environment names.
 * @throws {SettingsError} where the settings of a system that is needed are missing or wrong.
 * @throws {Error} with a line for each object that cannot be read.
 */
export async function readUse(fleet: DeclaredFleet): Promise<UseByKey> {
  const parts = SECTIONS.map((section) => ({ section, ids: idsOf(section, fleet[section]) })).filter(
    ({ ids }) => ids.length > 0,
  );
  const { signal, ...systems } = connectNeeded(process.env, needsOf(parts.map(({ section }) => section)));
  const progress = progressOn(process.stderr, `Read ${ALL_KINDS}`, systemClock);
  progress.expect(parts.reduce((sum, { ids }) => sum + ids.length, 0));
  try {
    const read = await allOrThrow(
      parts.map(({ section, ids }) => READ_USE[section](ids, systems, signal, progress.advance)),
    );
    return new Map(read.flat());
  } finally {
    progress.end();
  }
}
