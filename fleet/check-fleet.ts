import { nearest } from "../provider/engine/nearest";
import { checkDeclaredCustomer, type DeclaredCustomer } from "./check-customer";
import { type Declaration, didYouMean, problemWithName } from "./check-inputs";
import { checkDeclaredTenant, type DeclaredTenant } from "./check-tenant";
import { type CheckedDeclaration, conflictingClaims } from "./claims";
import { below, FILE_START, type Mistake } from "./mistake";
import { readTree } from "./read-tree";
import { FLEET_KEYS } from "./schema";
import type { LookUpSecret } from "./secret-reference";
import type { Entry, Mapping } from "./tree";

/** What a fleet file declares, in the order of the file. */
export interface DeclaredFleet {
  readonly customers: readonly DeclaredCustomer[];
  readonly tenants: readonly DeclaredTenant[];
}

/** A fleet file as checked: the fleet, or all that is wrong with the file. */
export type CheckedFleet = { readonly fleet: DeclaredFleet } | { readonly mistakes: readonly Mistake[] };

/**
 * Checks the text of a fleet file, without looking at any API; needs no Pulumi.
 *
 * @param lookUpSecret How a key stands in the stack's configuration; without it, keys are taken on trust.
 */
export function checkFleet(text: string, lookUpSecret?: LookUpSecret): CheckedFleet {
  const { tree, mistakes } = readTree(text);
  if (tree === undefined || tree.kind === "faulty") {
    return { mistakes };
  }
  if (tree.kind !== "map" && tree.kind !== "empty") {
    const message = `must be a map with ${FLEET_KEYS.file.join(" and ")}.`;
    return { mistakes: [...mistakes, { at: FILE_START, path: "", message }] };
  }
  const entries: Mapping["entries"] = tree.kind === "map" ? tree.entries : new Map<string, Entry>();
  const customers = checkEach("customers", entries, (declaration) => checkDeclaredCustomer(declaration, lookUpSecret));
  const tenants = checkEach("tenants", entries, checkDeclaredTenant);
  const all = [
    ...mistakes,
    ...strayKeys(entries),
    ...customers.mistakes,
    ...tenants.mistakes,
    ...conflictingClaims([...customers.claims, ...tenants.claims]),
  ];
  return all.length > 0 ? { mistakes: all } : { fleet: { customers: customers.declared, tenants: tenants.declared } };
}

interface CheckedMap<T> extends Omit<CheckedDeclaration<T>, "declared"> {
  readonly declared: readonly T[];
}

function checkEach<T>(
  key: string,
  file: Mapping["entries"],
  check: (declaration: Declaration) => CheckedDeclaration<T>,
): CheckedMap<T> {
  const { declarations, mistakes } = readDeclarations(key, file.get(key));
  const checked = declarations.map(check);
  return {
    declared: checked.flatMap(({ declared }) => (declared === undefined ? [] : [declared])),
    claims: checked.flatMap(({ claims }) => claims),
    mistakes: [...mistakes, ...checked.flatMap((one) => one.mistakes)],
  };
}

function readDeclarations(
  key: string,
  entry: Entry | undefined,
): { readonly declarations: Declaration[]; readonly mistakes: Mistake[] } {
  if (entry === undefined || entry.value.kind === "empty" || entry.value.kind === "faulty") {
    return { declarations: [], mistakes: [] };
  }
  const { at, value } = entry;
  if (value.kind !== "map") {
    return {
      declarations: [],
      mistakes: [{ at, path: key, message: "must be a map from a resource's name to its inputs." }],
    };
  }
  const declarations = [...value.entries].map(([name, one]) => ({ ...one, name, path: below(key, name) }));
  const mistakes = declarations.flatMap(({ name, at: where, path }) => {
    const message = problemWithName(name);
    return message === undefined ? [] : [{ at: where, path, message }];
  });
  return { declarations, mistakes };
}

function strayKeys(entries: Mapping["entries"]): Mistake[] {
  return [...entries]
    .filter(([key]) => !FLEET_KEYS.file.includes(key))
    .map(([key, { at }]) => ({
      at,
      path: below("", key),
      message: `is not a part of a fleet file${didYouMean(nearest(key, FLEET_KEYS.file))}`,
    }));
}
