import { type ServiceKind } from "../../apis/service-kinds";
import { isPlainObject } from "../../plain-object";
import type { Changes } from "../../run/license-resource";
import type { Mistake, Path } from "../../run/mistake";
import type { Properties } from "../../run/properties";
import { holdsUnknown, UNKNOWN_VALUE } from "../../run/unknowns";
import { compareCodePoints } from "../../text/code-points";
import { described } from "../refused-value";
import { parseAllocation } from "./allocation-form";

/** A map as `check` or state wrote it; entries that are none are left out. */
export function readAllocations(map: unknown): ReadonlyMap<string, "unlimited" | number> {
  const entries = isPlainObject(map) ? Object.entries(map) : [];
  return new Map(
    entries.flatMap(([name, value]) => {
      const parsed = parseAllocation(value);
      return "allocation" in parsed ? [[name, parsed.allocation] as const] : [];
    }),
  );
}

/** How the services that are declared differ from those in state: one that is taken out is sent only under a policy that changes it. */
export function compareServices(
  declared: unknown,
  held: unknown,
  { onServiceRemoved = "retain" }: Properties,
): Changes {
  const [wanted, managed] = [declared, held].map((map): Properties => (isPlainObject(map) ? map : {}));
  if (Object.entries(wanted ?? {}).some(([name, to]) => managed?.[name] !== to)) {
    return "remote";
  }
  const isGone = Object.keys(managed ?? {}).some((name) => !(name in (wanted ?? {})));
  return !isGone ? "none" : onServiceRemoved === "retain" ? "local" : "remote";
}

/** The services of one kind as a map in its one normal form, and every mistake in them; no map where it would be empty, or is not known. */
export function checkServices(
  kind: ServiceKind,
  services: unknown,
): { readonly value: unknown; readonly mistakes: readonly Mistake[] } {
  if (holdsUnknownName(services)) {
    // Which services the list is about is not known yet.
    return { value: UNKNOWN_VALUE, mistakes: [] };
  }
  const mistakes: Mistake[] = [];
  const map: Properties = {};
  const found = new Set<string>();
  // The API's list may be in any order.
  for (const [name, value] of listServices(kind, services, mistakes).sort(([a], [b]) => compareCodePoints(a, b))) {
    const problem = found.has(name) ? "the service is named twice: keep one of the two" : problemWithName(name);
    found.add(name);
    if (problem !== undefined) {
      mistakes.push(mistakeAt([kind, name], problem));
    } else if (holdsUnknown(value)) {
      map[name] = UNKNOWN_VALUE;
    } else {
      const parsed = parseAllocation(value);
      if ("allocation" in parsed) {
        map[name] = parsed.allocation;
      } else {
        mistakes.push({ property: "", path: [kind, name], message: parsed.problem });
      }
    }
  }
  // An empty map is the default, and defaults are not written.
  return { value: Object.keys(map).length > 0 ? map : undefined, mistakes };
}

/** The engine would print a whole map with a mistake that names it, so these name no property. */
function mistakeAt(path: Path, problem: string): Mistake {
  return { property: "", path, message: `${problem}.` };
}

function listServices(kind: ServiceKind, services: unknown, mistakes: Mistake[]): (readonly [string, unknown])[] {
  if (isPlainObject(services)) {
    return Object.entries(services);
  }
  if (!Array.isArray(services)) {
    mistakes.push(
      mistakeAt(
        [kind],
        `must be a map from service name to allocation, or the API's list of {name, allocated}, not ${described(services)}`,
      ),
    );
    return [];
  }
  return services.flatMap((item: unknown, index) => {
    if (isPlainObject(item) && typeof item["name"] === "string" && "allocated" in item) {
      return [[item["name"], item["allocated"]] as const];
    }
    mistakes.push(
      mistakeAt([kind, index], `must be {name, allocated}${isPlainObject(item) ? "" : `, not ${described(item)}`}`),
    );
    return [];
  });
}

function holdsUnknownName(services: unknown): boolean {
  return (
    Array.isArray(services) &&
    services.some((item: unknown) => item === UNKNOWN_VALUE || (isPlainObject(item) && item["name"] === UNKNOWN_VALUE))
  );
}

const LONGEST_NAME = 200;

/**
 * Names that cannot be carried, and why: an object loses the first key on its way through protobuf (assigning it sets the prototype), and
 * with the second one Pulumi marks secrets and outputs, so that it takes the whole map for one of these.
 */
const UNUSABLE_NAMES = ["__proto__", "4dabf18193072939515e22adb298388d"];

function problemWithName(name: string): string | undefined {
  if (name.trim() === "") {
    return "a service's name must not be empty";
  }
  if (name.length > LONGEST_NAME) {
    return `a service's name has at most ${LONGEST_NAME} characters`;
  }
  if (UNUSABLE_NAMES.includes(name)) {
    return "Pulumi cannot carry a service of this name: remove it from the maps";
  }
  return /\p{Cc}/u.test(name) ? "a service's name must not hold control characters" : undefined;
}
