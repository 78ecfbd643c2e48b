import { customerFields } from "../provider/resources/customer-service-license/fields";
import { tenantFields } from "../provider/resources/tenant-service-licenses/fields";

/** The key by which a customer or tenant takes over profiles; the resource itself does not know it. */
export const PROFILE_KEY = "profile";

/** What may stand in a fleet file, at each of its levels. */
export const FLEET_KEYS: Readonly<Record<"file" | "customer" | "tenant", readonly string[]>> = {
  file: ["include", "csv", "defaults", "profiles", "customers", "tenants"],
  customer: Object.keys(customerFields),
  tenant: Object.keys(tenantFields),
};
