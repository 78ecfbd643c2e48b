import { type DeclaredFleet, idsIn } from "../fleet/kinds";
import { ALL_KINDS, type Section, SECTIONS } from "../provider/resources/kinds";
import { systemClock } from "../provider/time/clock";
import { SIZED } from "../rightsize/kinds";
import type { KeyedUse, UseByKey } from "../rightsize/use";
import { allOrThrow } from "./all-or-throw";
import { connectNeeded, needsOf } from "./connect";
import { progressOn } from "./progress";

/**
 * The licences in use of all that a fleet declares, from the systems that the environment names.
 * @throws {SettingsError} where the settings of a system that is needed are missing or wrong.
 * @throws {Error} with a line for each object that cannot be read.
 */
export async function readUse(fleet: DeclaredFleet): Promise<UseByKey> {
  const ids = new Map(SECTIONS.map((section) => [section, idsIn(fleet, section)]));
  const idsOf = (section: Section): readonly string[] => ids.get(section) ?? [];
  const { signal, ...systems } = connectNeeded(
    process.env,
    needsOf((section) => idsOf(section).length > 0),
  );
  const total = SECTIONS.reduce((sum, section) => sum + idsOf(section).length, 0);
  const progress = progressOn(process.stderr, `Read ${ALL_KINDS}`, systemClock);
  let done = 0;
  const advance = (): void => {
    done += 1;
    progress.update(done, total);
  };
  const read = (section: Section): Promise<KeyedUse> =>
    SIZED[section].readUse(idsOf(section), systems, signal, advance);
  try {
    const parts = await allOrThrow(SECTIONS.filter((section) => idsOf(section).length > 0).map(read));
    return new Map(parts.flat());
  } finally {
    progress.end();
  }
}
