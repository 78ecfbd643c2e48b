import type { LicenseResource } from "./license-resource";
import type { Properties } from "./properties";
import { UNKNOWN_VALUE } from "./unknowns";

/**
 * The same resource, whose secrets are hidden before it does anything with them: a system may repeat one that it was sent in any answer,
 * in this run or a later one.
 * @param redactor Is given each secret.
 */
export function hidingSecrets(
  resource: LicenseResource,
  redactor: { readonly add: (secret: string) => void },
): LicenseResource {
  const hideIn = (properties: Properties | undefined): void => {
    for (const name of resource.secrets) {
      const value = properties?.[name];
      if (typeof value === "string" && value !== UNKNOWN_VALUE) {
        redactor.add(value);
      }
    }
  };
  return {
    typeName: resource.typeName,
    system: resource.system,
    secrets: resource.secrets,
    check: (raw) => resource.check(raw),
    idOf: (inputs) => resource.idOf(inputs),
    claims: (inputs) => resource.claims(inputs),
    compare: (state, inputs) => resource.compare(state, inputs),
    readAhead: (id, run) => {
      resource.readAhead(id, run);
    },
    find: (id, run) => resource.find(id, run),
    preview: (inputs, state, run) => {
      [inputs, state].forEach(hideIn);
      return resource.preview(inputs, state, run);
    },
    apply: (inputs, state, run) => {
      [inputs, state].forEach(hideIn);
      return resource.apply(inputs, state, run);
    },
    read: (state, run) => {
      hideIn(state);
      return resource.read(state, run);
    },
    remove: (state, run) => {
      hideIn(state);
      return resource.remove(state, run);
    },
  };
}
