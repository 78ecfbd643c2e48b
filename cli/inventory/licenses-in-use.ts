import type { LicensesInUse } from "../../provider/systems/live-platform/client";
import { messageOf } from "../../provider/text/errors";
import type { LivePlatformSystem } from "../../provider/customer/customers";
import { counted } from "../../provider/text/count";
import type { CustomerEntry } from "./customers";

/** How many licences each customer has acquired and uses, by its GUID; without those of which it is not known. */
export type UseByCustomer = ReadonlyMap<string, LicensesInUse>;

/**
 * Asks for the licences in use of each customer, as many at a time as the settings let through. A figure that cannot be had is a note:
 * it should not cost the whole report.
 */
export async function readLicensesInUse(
  { api }: LivePlatformSystem,
  customers: readonly CustomerEntry[],
  signal: AbortSignal,
  onRead: () => void,
): Promise<{ readonly use: UseByCustomer; readonly notes: readonly string[] }> {
  const use = new Map<string, LicensesInUse>();
  const problems: string[] = [];
  await Promise.all(
    customers.map(async ({ guid }) => {
      try {
        const figures = await api.licensesInUse(guid, signal);
        if (figures !== undefined) {
          use.set(guid, figures);
        }
      } catch (error) {
        problems.push(messageOf(error));
      } finally {
        onRead();
      }
    }),
  );
  const [first] = problems;
  const notes =
    first === undefined
      ? []
      : [`The licences in use of ${counted(problems.length, "customer")} are not known: ${first}`];
  return { use, notes };
}
