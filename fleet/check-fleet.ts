import { didYouMean, nearest } from "../provider/text/nearest";
import { checkDeclaredCustomer, type DeclaredCustomer } from "./check-customer";
import { type Declaration, problemWithName } from "./check-inputs";
import { checkDeclaredTenant, type DeclaredTenant } from "./check-tenant";
import { type CheckedDeclaration, conflictingClaims } from "./claims";
import { below, FILE_START, type Mistake } from "./mistake";
import { oddNames } from "./odd-names";
import { placeKey, resolveProfiles } from "./profiles";
import { type ReadTree, readTree } from "./read-tree";
import { FLEET_KEYS } from "./keys";
import type { LookUpSecret } from "./secret-reference";
import { insteadOfMap, strayName } from "./slips";
import type { Entry, Mapping } from "./tree";

/** What a fleet file declares, in the order of the file. */
export interface DeclaredFleet {
  readonly customers: readonly DeclaredCustomer[];
  readonly tenants: readonly DeclaredTenant[];
}

/** A fleet file as checked: the fleet, or all that is wrong with the file. */
export type CheckedFleet =
  | {
      readonly fleet: DeclaredFleet;
      /** What is allowed, but probably not meant. */
      readonly warnings: readonly Mistake[];
    }
  | { readonly mistakes: readonly Mistake[] };

/**
 * Checks the text of a fleet file, without looking at any API; needs no Pulumi. Other files that it names are not read.
 *
 * @param lookUpSecret How a key stands in the stack's configuration; without it, keys are taken on trust.
 */
export function checkFleet(text: string, lookUpSecret?: LookUpSecret): CheckedFleet {
  return checkRead(readTree(text), lookUpSecret);
}

/** The same for what has been read already; its mistakes are reported with those that are found here. */
export function checkRead({ tree, mistakes }: ReadTree, lookUpSecret?: LookUpSecret): CheckedFleet {
  if (tree === undefined || tree.kind === "faulty") {
    return { mistakes };
  }
  if (tree.kind !== "map" && tree.kind !== "empty") {
    const message = insteadOfMap(tree, "must be a map with customers and tenants.");
    return { mistakes: [...mistakes, { at: FILE_START, path: "", message }] };
  }
  const resolved = resolveProfiles(tree.kind === "map" ? tree.entries : new Map<string, Entry>());
  const { entries } = resolved;
  const customers = checkEach("customers", entries, (declaration) => checkDeclaredCustomer(declaration, lookUpSecret));
  const tenants = checkEach("tenants", entries, checkDeclaredTenant);
  const inherited = resolved.inheritedPaths;
  const all = reportedOnce(
    [
      ...mistakes,
      ...strayKeys(entries),
      ...resolved.mistakes,
      ...customers.mistakes,
      ...tenants.mistakes,
      ...conflictingClaims([...customers.claims, ...tenants.claims]),
    ],
    inherited,
  );
  return all.length > 0
    ? { mistakes: all }
    : {
        fleet: { customers: customers.declared, tenants: tenants.declared },
        warnings: reportedOnce(oddNames(entries), inherited),
      };
}

/** A mistake in a profile is one, however many take it over, and its place is in the profile. */
function reportedOnce(mistakes: readonly Mistake[], inheritedPaths: ReadonlyMap<string, string>): Mistake[] {
  const reported = new Map<string, Mistake>();
  for (const mistake of mistakes) {
    const place = placeKey(mistake.at);
    const path = inheritedPaths.get(place);
    reported.set(
      `${place} ${path ?? mistake.path} ${mistake.message}`,
      path === undefined ? mistake : { ...mistake, path },
    );
  }
  return [...reported.values()];
}

interface CheckedMap<T> extends Omit<CheckedDeclaration<T>, "declared"> {
  readonly declared: readonly T[];
}

function checkEach<T>(
  key: string,
  file: Mapping["entries"],
  check: (declaration: Declaration) => CheckedDeclaration<T>,
): CheckedMap<T> {
  const { claims, mistakes } = readClaims(key, file.get(key));
  const checked = claims.map(check);
  return {
    declared: checked.flatMap(({ declared }) => (declared === undefined ? [] : [declared])),
    claims: checked.flatMap(({ claims }) => claims),
    mistakes: [...mistakes, ...checked.flatMap((one) => one.mistakes)],
  };
}

function readClaims(
  key: string,
  entry: Entry | undefined,
): { readonly claims: Declaration[]; readonly mistakes: Mistake[] } {
  if (entry === undefined || entry.value.kind === "empty" || entry.value.kind === "faulty") {
    return { claims: [], mistakes: [] };
  }
  const { at, value } = entry;
  if (value.kind !== "map") {
    return {
      claims: [],
      mistakes: [
        { at, path: key, message: insteadOfMap(value, "must be a map from a resource's name to its inputs.") },
      ],
    };
  }
  const claims = [...value.entries].map(([name, one]) => ({ ...one, name, path: below(key, name) }));
  const mistakes = claims.flatMap(({ name, at: where, path }) => {
    const message = problemWithName(name);
    return message === undefined ? [] : [{ at: where, path, message }];
  });
  return { claims, mistakes };
}

function strayKeys(entries: Mapping["entries"]): Mistake[] {
  return [...entries]
    .filter(([key]) => !FLEET_KEYS.file.includes(key))
    .map(([key, { at }]) => ({
      at,
      path: below("", key),
      message: strayName(key, `is not a part of a fleet file${didYouMean(nearest(key, FLEET_KEYS.file))}`),
    }));
}
