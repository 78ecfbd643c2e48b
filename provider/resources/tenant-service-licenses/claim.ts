import type { ServiceKind } from "../../apis/service-kinds";
import type { Claim } from "../../run/claim";
import { pathOf } from "./allocation";

/** The claim to a tenant's service; `null` for an id or a name that is not known yet. */
export function claimOf(tenantId: string | null, kind: ServiceKind, name: string | null): Claim {
  return ["tenant", tenantId, name === null ? null : pathOf(kind, name)];
}
