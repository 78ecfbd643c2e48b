/**
 * A simulator of both systems, and of APIO Core in front of the gateway: stateful, strict, in memory, on loopback. It is
 * written from the vendors' pages alone and shares nothing with the provider, so that each can catch the other's mistakes.
 *
 * What the pages do not show is refused. Where something had to be decided, the code says `INVENTED:`. docs/development/simulator.md
 * describes the seed, the settings, the faults and the admin routes, and lists what is documented and what is invented.
 */
import { launch, type Simulator, type SimulatorOptions } from "./server";

export type { JournalEntry } from "./journal";
export { SeedError } from "./seed";
export { readSeedFile } from "./seed-file";
export type { Simulator, SimulatorOptions } from "./server";

/**
 * Starts a simulator on 127.0.0.1.
 * @throws SeedError where the seed is not valid (the message names the path in it), and the system's error, such as
 *   `EADDRINUSE`, where the port cannot be had.
 */
export function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  return launch(options, Date.now);
}
