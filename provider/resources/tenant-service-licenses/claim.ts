import type { ServiceKind } from "../../apis/service-kinds";
import { pathOf } from "./allocation";

/** How a program's claim to a tenant's service is written, to find two resources that claim the same. */
export function claimOf(tenantId: string, kind: ServiceKind, name: string): string {
  return `tenant ${tenantId}: ${pathOf(kind, name)}`;
}
