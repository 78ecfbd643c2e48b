import { listCustomers } from "../inventory/customers";
import { readLicensesInUse } from "../inventory/licenses-in-use";
import { connected, type ConnectedSystems } from "../inventory/systems";
import { type KeyedUse, useKey } from "./use";

/** The licences in use, or the active users where the platform does not offer that call. */
export async function useOfCustomers(
  guids: readonly string[],
  { livePlatform }: ConnectedSystems,
  signal: AbortSignal,
  onRead: () => void,
): Promise<KeyedUse> {
  const system = connected(livePlatform);
  const { rows, gap } = await listCustomers(system, signal);
  const wanted = new Set(guids);
  const listed = rows.filter(({ guid }) => wanted.has(guid));
  const found = new Set(listed.map(({ guid }) => guid));
  const missing = guids.filter((guid) => !found.has(guid));
  if (missing.length > 0) {
    throw (
      gap ??
      new Error(
        missing
          .map((guid) => `The Live Platform (${system.settings.baseUrl}) lists no customer ${guid} with a licence.`)
          .join("\n"),
      )
    );
  }
  const { use, notes } = await readLicensesInUse(system, listed, signal, onRead);
  if (notes.length > 0) {
    // The active users may be fewer: what they suggest could be below the use.
    throw new Error(notes.join("\n"));
  }
  return listed.flatMap(({ guid, customer }) => {
    const inUse = use.get(guid)?.currentlyLicensed ?? customer.activeUserCount;
    return inUse === null ? [] : [[useKey(guid), { inUse, inPacks: 0 }] as const];
  });
}
