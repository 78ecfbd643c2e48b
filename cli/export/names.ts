import { cutOff } from "../../provider/text/shown";

/** A customer, as far as its name in a program depends on it. */
export interface NamedCustomer {
  readonly guid: string;
  readonly shortName: string | null;
  readonly fullName: string | null;
}

/** How much of a GUID distinguishes two customers of one name. */
const GUID_START = 8;
/** So much of a name that, with a whole GUID, its secret's key is still one that a fleet file takes. */
const BASE_LENGTH = 50;

/**
 * Names for resources, by GUID: from the short name, else the full name, else the GUID, in small letters of any script, digits and hyphens.
 * Customers whose names come to the same all take the beginning of their GUID with it, and all of it where that is the same too; so
 * none depends on the order of a list. A new namesake renames the one that had the name alone.
 */
export function resourceNames(customers: readonly NamedCustomer[]): ReadonlyMap<string, string> {
  let candidates = customers.map(({ guid, shortName, fullName }) => {
    const base = asName(shortName) || asName(fullName) || guid;
    return { guid, name: base, longer: [`${base}-${guid.slice(0, GUID_START)}`, `${base}-${guid}`] };
  });
  for (;;) {
    const counts = countOf(candidates.map(({ name }) => name));
    // A longer name may be one that another customer has already, so look again until nobody has to give way.
    const mustGiveWay = ({ name, longer }: (typeof candidates)[number]): boolean =>
      (counts.get(name) ?? 0) > 1 && longer.length > 0;
    if (!candidates.some(mustGiveWay)) {
      return new Map(candidates.map(({ guid, name }) => [guid, name]));
    }
    candidates = candidates.map((candidate) => {
      const [next = candidate.name, ...longer] = candidate.longer;
      return mustGiveWay(candidate) ? { guid: candidate.guid, name: next, longer } : candidate;
    });
  }
}

/**
 * The key of the stack's configuration for a customer's App Registration secret: `contosoLtdAppSecret` of `contoso-ltd`. Two names never
 * give one key, or two customers would share a secret: `site1AppSecret` of `site1`, `site_1AppSecret` of `site-1`.
 */
export function secretKey(name: string): string {
  return `${name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()).replaceAll("-", "_")}AppSecret`;
}

/** `contoso-ltd` of `Contoso Ltd.`, `株式会社-コントソ` of `株式会社 コントソ`; empty where no letter and no digit is left. */
function asName(text: string | null): string {
  const letters = (text ?? "")
    .normalize("NFKD")
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "")
    // An accent may go, but the marks of other scripts make another letter, or the vowel.
    .replaceAll(/(\p{Script=Latin})\p{M}+/gu, "$1")
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/(?:[^\p{L}\p{M}\p{N}]\p{M}*)+/gu, "-")
    .replace(/^[-\p{M}]+/u, "");
  return cutOff(letters, BASE_LENGTH).replace(/-+$/, "");
}

function countOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
