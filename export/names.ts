/** A customer, as far as its name in a program depends on it. */
export interface NamedCustomer {
  readonly guid: string;
  readonly shortName: string | null;
  readonly fullName: string | null;
}

/** How much of a GUID tells two customers of one name apart. */
const GUID_START = 8;

/**
 * Names for resources, by GUID: from the short name, else the full name, else the GUID, in small ASCII letters, digits and hyphens.
 * Customers whose names come to the same all take the beginning of their GUID with it, so that none depends on the order of a list;
 * a new namesake renames the one that had the name alone.
 */
export function resourceNames(customers: readonly NamedCustomer[]): ReadonlyMap<string, string> {
  const bases = customers.map(({ guid, shortName, fullName }) => ({
    guid,
    base: asName(shortName) || asName(fullName) || guid,
  }));
  const counts = countOf(bases.map(({ base }) => base));
  const first = bases.map(({ guid, base }) => ({
    guid,
    name: (counts.get(base) ?? 0) > 1 ? `${base}-${guid.slice(0, GUID_START)}` : base,
  }));
  // Beginnings may be the same too, or make a name that another customer has; whole GUIDs are not.
  const taken = countOf(first.map(({ name }) => name));
  return new Map(
    first.map(({ guid, name }, index) => [
      guid,
      (taken.get(name) ?? 0) > 1 ? `${bases[index]?.base ?? ""}-${guid}` : name,
    ]),
  );
}

/** The key of the stack's configuration for a customer's App Registration secret: `contosoAppSecret`. */
export function secretKey(name: string): string {
  const [first = "", ...rest] = name.split("-").filter((part) => part !== "");
  return `${[first, ...rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1))].join("")}AppSecret`;
}

/** `contoso-ltd` of `Contoso Ltd.`; empty where nothing is left. */
function asName(text: string | null): string {
  return (text ?? "")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
}

function countOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
