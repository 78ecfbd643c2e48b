import { csv } from "./csv";
import type { Usage } from "./usage";

/** Customers as CSV. */
export function customersCsv({ customers }: Usage): string {
  return csv(
    ["guid", "name", "license", "licensedUsers", "activeUsers", "secretExpiresAt", "acquired", "inUse", "inUseAt"],
    customers,
  );
}
