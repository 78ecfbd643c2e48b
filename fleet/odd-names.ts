import { controlCharacterIn, oddSpaceIn, withoutOddSpace } from "../provider/text/odd-space";
import { shown, shownExactly } from "../provider/text/shown";
import { SERVICE_KINDS } from "../provider/systems/gateway/service-kinds";
import { below, type Mistake, onLine, type Position } from "./mistake";
import { asServiceMap } from "./service-maps";
import { spreadsheetSlip } from "./spreadsheet-ids";
import type { Mapping } from "./tree";

/**
 * Names of tenants and services that are allowed, because a system may have them, but are mostly slips: white space that is hard to see,
 * what a spreadsheet has made of an id, and ids that differ in case only.
 */
export function oddNames(file: Mapping["entries"]): Mistake[] {
  const tenants = file.get("tenants")?.value;
  const byFoldedId = new Map<string, TenantId>();
  return [...(tenants?.kind === "map" ? tenants.entries : [])].flatMap(([tenant, { at, value }]) => {
    const path = below("tenants", tenant);
    const inputs = value.kind === "map" ? value.entries : new Map<string, never>();
    const given = inputs.get("tenantId");
    const id: TenantId =
      given?.value.kind === "scalar"
        ? { id: given.value.text, at: given.at, path: below(path, "tenantId") }
        : { id: tenant, at, path };
    const alike = byFoldedId.get(id.id.toLowerCase()) ?? id;
    byFoldedId.set(id.id.toLowerCase(), alike);
    const services = SERVICE_KINDS.flatMap((kind) => {
      const entry = inputs.get(kind);
      return [...(entry === undefined ? [] : (asServiceMap(entry.value) ?? []))].map(([name, service]) =>
        warning(service.at, below(below(path, kind), name), problemWithSpace(name)),
      );
    });
    return [
      warning(id.at, id.path, problemWithSpace(id.id) ?? spreadsheetSlip(id.id) ?? problemWithCase(id, alike)),
      ...services,
    ].flat();
  });
}

/** A tenant's id, and where it stands: in the resource's name, where it is not given. */
interface TenantId {
  readonly id: string;
  readonly at: Position;
  readonly path: string;
}

function warning(at: Position, path: string, message: string | undefined): Mistake[] {
  return message === undefined ? [] : [{ at, path, message }];
}

function problemWithCase({ id, at }: TenantId, alike: TenantId): string | undefined {
  return id === alike.id
    ? undefined
    : `"${shown(id, 200)}" differs only in case from the id of ${alike.path} ${onLine(alike.at, at)}: are they two tenants?`;
}

/** What is wrong with a name that holds white space which is hard to see. */
export function problemWithSpace(name: string): string | undefined {
  const odd = oddSpaceIn(name) ?? controlCharacterIn(name);
  const what =
    odd !== undefined
      ? `holds ${odd.name}`
      : name.trim() !== name
        ? "begins or ends with a space"
        : / {2}/.test(name)
          ? "holds two spaces in a row"
          : undefined;
  if (what === undefined) {
    return undefined;
  }
  const plain = withoutOddSpace(name);
  return `"${shownExactly(name, 200)}" ${what}: is ${plain === "" ? "that" : `"${shown(plain, 200)}"`} meant?`;
}
