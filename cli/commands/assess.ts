import { assessFleet } from "../assessment/assess-fleet";
import type { Assessment } from "../assessment/assessment";
import type { Unmanaged } from "../assessment/looking";
import type { DeclaredFleet } from "../../fleet/kinds";
import { ALL_KINDS, type Section, SECTIONS } from "../../provider/kinds";
import { isInShard, type Shard, shardOf } from "../../fleet/shard";
import { systemClock } from "../../provider/time/clock";
import { connectNeeded, needsOf } from "./connect";
import { progressOn } from "./progress";

/** What of a fleet is assessed. */
export interface AssessedPart {
  readonly unmanaged: Unmanaged;
  /** Only this part of all; objects of other parts are not unmanaged. */
  readonly shard: Shard | undefined;
}

/**
 * Assesses a fleet through the systems that the environment names. A system of which the fleet declares nothing need not be configured.
 * @throws {SettingsError} where the settings of a system that is needed are missing or wrong.
 */
export async function assessFromEnvironment(
  whole: DeclaredFleet,
  { unmanaged, shard }: AssessedPart,
): Promise<Assessment> {
  const fleet = shard === undefined ? whole : shardOf(whole, shard);
  const named: Partial<Record<Section, readonly string[]>> = typeof unmanaged === "object" ? unmanaged : {};
  const needed = SECTIONS.filter((section) => fleet[section].length + (named[section]?.length ?? 0) > 0);
  const systems = connectNeeded(process.env, needsOf(needed));
  const progress = progressOn(process.stderr, `Looked at ${ALL_KINDS}`, systemClock);
  try {
    return await assessFleet({
      ...systems,
      fleet,
      unmanaged,
      isIncluded: (id) => shard === undefined || isInShard(id, shard),
      ...progress,
    });
  } finally {
    progress.end();
  }
}
