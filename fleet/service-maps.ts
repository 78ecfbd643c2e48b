import { SERVICE_KINDS } from "../provider/systems/gateway/service-kinds";
import type { Entry, Mapping, Tree } from "./tree";

/** Whether an input of a tenant holds services, which are merged one by one where others are taken as a whole. */
export function holdsServices(key: string): boolean {
  return SERVICE_KINDS.some((kind) => kind === key);
}

/**
 * Services by their names, whichever form they are written in, so that they can be merged. `undefined` where they are in no form that
 * can be, or name one twice: whoever checks them reports what is wrong.
 */
export function asServiceMap(services: Tree): Mapping["entries"] | undefined {
  switch (services.kind) {
    case "map":
      return services.entries;
    case "empty":
      return new Map();
    case "list": {
      const entries = new Map<string, Entry>();
      for (const { at, value: item } of services.items) {
        const parts = item.kind === "map" ? item.entries : new Map<string, Entry>();
        const name = parts.get("name")?.value;
        const allocated = parts.get("allocated")?.value;
        if (name?.kind !== "scalar" || allocated === undefined || parts.size !== 2 || entries.has(name.text)) {
          return undefined;
        }
        entries.set(name.text, { at, value: allocated });
      }
      return entries;
    }
    case "scalar":
    case "faulty":
      return undefined;
  }
}
