import type { TenantEntry } from "../inventory/tenants";
import { SERVICE_KINDS } from "../../provider/systems/gateway/service-kinds";
import type { GatewayServicePack } from "../../provider/systems/gateway/client";
import { type Allocation, byKind, claimOf, eachService, fromGateway } from "../../provider/tenant/allocation";
import { checkServices } from "../../provider/tenant/fields";
import { claimText } from "../../provider/resource/claim";
import { shownPath } from "../../provider/resource/mistake";
import { asComment } from "./comments";
import type { ExportChoice, ExportedKind, ExportedObject, LeftOut } from "./exported-object";

/** Tenants as they are to be declared, without those of which nothing is left. */
export function exportTenants(tenants: readonly TenantEntry[], choice: ExportChoice): ExportedKind {
  const exported = tenants
    .filter(({ tenantId, name }) => choice.isWanted([tenantId, name ?? ""]))
    .map((tenant) => exportTenant(tenant, choice));
  const objects = exported.flatMap(({ tenant }) => tenant ?? []);
  return {
    objects,
    undeclarable: [],
    leftOut: exported.flatMap(({ leftOut }) => leftOut),
    notes:
      objects.length === 0
        ? []
        : ["Tenants are those that the gateway's user may see: a reseller's user sees only its own."],
  };
}

function exportTenant(
  tenant: TenantEntry,
  choice: ExportChoice,
): { readonly tenant: ExportedObject | undefined; readonly leftOut: readonly LeftOut[] } {
  const { tenantId, services, odd } = tenant;
  const kept = byKind(() => new Map<string, Allocation>());
  for (const [kind, service, { allocation }] of eachService(services)) {
    const isLeftOut =
      (choice.onlyLicensed && allocation === 0) || choice.isClaimed(claimText(claimOf(tenantId, kind, service)));
    if (!isLeftOut) {
      kept[kind].set(service, allocation);
    }
  }
  const leftOut: LeftOut[] = odd.map(({ kind, name: service, problem }) => ({
    what: `tenant ${tenantId}, ${shownPath([kind, service])}`,
    why: `the gateway's row cannot be read (${problem})`,
  }));
  for (const { path, message } of SERVICE_KINDS.flatMap(
    (kind) => checkServices(kind, Object.fromEntries(kept[kind])).mistakes,
  )) {
    const [kind, service] = path;
    if (typeof service === "string" && (kind === "groupServices" || kind === "userServices")) {
      kept[kind].delete(service);
      leftOut.push({ what: `tenant ${tenantId}, ${shownPath(path)}`, why: message });
    }
  }
  const held = SERVICE_KINDS.filter((kind) => kept[kind].size > 0);
  const inputs = [["tenantId", tenantId] as const, ...held.map((kind) => [kind, kept[kind]] as const)];
  return { tenant: held.length === 0 ? undefined : { name: tenantId, comments: commentsOn(tenant), inputs }, leftOut };
}

/** What people call a tenant, and its service packs. */
function commentsOn({ tenantId, name, type, servicePacks }: TenantEntry): string[] {
  const title = [name, type].filter((text) => text !== null && text !== "" && text !== tenantId).join(", ");
  return [
    ...(title === "" ? [] : [asComment(title)]),
    ...(servicePacks.length === 0
      ? []
      : ["Service packs, which are not managed:", ...servicePacks.map((pack) => `  ${asComment(packInWords(pack))}`)]),
  ];
}

function packInWords({ name, allocated, currentlyAllocated }: GatewayServicePack): string {
  const inUse = currentlyAllocated === undefined ? "" : `, ${currentlyAllocated} in use`;
  const amount = fromGateway(allocated);
  return `${name}: ${amount === 0 ? "not licensed" : amount === "unlimited" ? "unlimited" : `${amount} allocated`}${inUse}`;
}
