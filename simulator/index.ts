/**
 * A simulator of both APIs: stateful, strict, in memory, on loopback. It is written from the vendors' pages alone and
 * shares nothing with the provider, so that each can catch the other's mistakes.
 *
 * What the pages do not show is refused. Where something had to be decided, the code says `INVENTED:`.
 *
 * Live Platform
 * - titles of errors that no page prints (401, 405, 415, validation, a task that is not known); their shape,
 *   `{title, status}`, is the documented one. A 404 for GET and PATCH has the words of the POST's
 * - a GUID is matched in any case and returned in lower case; `applicationClientId` has to be a UUID
 * - POST: of the two spellings printed, only `UpgradetoLicense` upgrades; `upgradeToLicense`, and a licence type that
 *   exists but is no target, get the documented 400, a type that does not exist the documented 500, and so does
 *   a body that is not JSON; a second upgrade while one runs gets a 409; a customer that is not OC Essential, a 400
 * - PATCH: half an App Registration, or none right after an upgrade of a customer that has none, gets a 400;
 *   Hosted Essentials (0) to 1 or 2 is refused unless the seed says `hostedEssentialsPatch: accept`
 * - a count below the active users gets a 400 unless the seed says `belowActiveUsers: accept`
 * - a changed App Registration secret expires two years later
 * - a lead has null for type and counts; `Id` of the V2 list is the GUID; a failed task's words, where the seed has none
 * - the number of OC Essential is 3 unless the seed says otherwise
 * - no-break spaces between JSON tokens are accepted, since the page of the PATCH prints them
 * - the token endpoint refuses unknown and repeated parameters
 *
 * Gateway
 * - the login's reply body, `{}`; a cookie `SERVERID` that later calls must bring; sessions of one hour
 * - words of errors (JSON with `details`); 400 for unknown or wrong fields, 415 for another content type; an empty list or
 *   a service named twice is refused; a path without its closing slash gets an HTML 404
 * - HTTP 207 with `failed` for a service that is unknown or is to fail, and `rejected` for a maximum below what is
 *   allocated, unless the seed says `belowCurrentlyAllocated: accept`; the others of the same PUT are updated
 * - without `includeServicePacks` the reply has no `servicePacks`; a kind that a PUT leaves out is left out of its reply
 *
 * Both: 405 for other methods (a DELETE of a customer among them), 400 for any query, HTML 404 for unknown paths, 429 with
 * `Retry-After: 1` above `rateLimitPerSecond`, where that is set.
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
