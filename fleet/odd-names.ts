import { controlCharacterIn, oddSpaceIn, withoutOddSpace } from "../provider/text/odd-space";
import { shown, shownExactly } from "../provider/text/shown";
import { SERVICE_KINDS } from "../provider/apis/service-kinds";
import { below, type Mistake } from "./mistake";
import { asServiceMap } from "./service-maps";
import type { Mapping } from "./tree";

/**
 * Names of tenants and services that hold white space which is hard to see: allowed, because a system may have such a name, but
 * mostly a slip that comes from copying.
 */
export function oddNames(file: Mapping["entries"]): Mistake[] {
  const tenants = file.get("tenants")?.value;
  return [...(tenants?.kind === "map" ? tenants.entries : [])].flatMap(([tenant, { at, value }]) => {
    const path = below("tenants", tenant);
    const inputs = value.kind === "map" ? value.entries : new Map<string, never>();
    const id = inputs.get("tenantId");
    const services = SERVICE_KINDS.flatMap((kind) => {
      const entry = inputs.get(kind);
      return [...(entry === undefined ? [] : (asServiceMap(entry.value) ?? []))].map(
        ([name, service]) => [name, service.at, below(below(path, kind), name)] as const,
      );
    });
    const names = [
      id?.value.kind === "scalar"
        ? ([id.value.text, id.at, below(path, "tenantId")] as const)
        : ([tenant, at, path] as const),
      ...services,
    ];
    return names.flatMap(([name, where, what]) => {
      const problem = problemWithSpace(name);
      return problem === undefined ? [] : [{ at: where, path: what, message: problem }];
    });
  });
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
