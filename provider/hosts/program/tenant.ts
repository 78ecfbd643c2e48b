import * as pulumi from "@pulumi/pulumi";
import { SERVICE_KINDS } from "../../systems/gateway/service-kinds";
import { claimOf } from "../../tenant/allocation";
import type { ProgramResource } from "./registration";

/** What is particular to tenants in a program. */
export const tenant: ProgramResource = {
  system: "tenantGateway",
  plainValues: (given) => {
    const tenantId = typeof given["tenantId"] === "string" ? given["tenantId"] : null;
    return {
      claims: SERVICE_KINDS.flatMap((kind) => namesIn(given[kind]).map((name) => claimOf(tenantId, kind, name))),
      readAhead: tenantId ?? undefined,
    };
  },
  idOf: (id) => id,
};

/** The names of services in either form; `null` for those that are not known yet. */
function namesIn(services: unknown): (string | null)[] {
  if (services === undefined || services === null) {
    return [];
  }
  if (Array.isArray(services)) {
    return services.map((item: unknown) => {
      const name: unknown = typeof item === "object" && item !== null ? Reflect.get(item, "name") : undefined;
      return typeof name === "string" ? name : null;
    });
  }
  const isPlain = typeof services === "object" && !pulumi.Output.isInstance(services) && !(services instanceof Promise);
  return isPlain ? Object.keys(services) : [null];
}
