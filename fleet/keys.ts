import { KINDS, type Section, SECTIONS } from "../provider/kinds";

/** The key by which an object takes over profiles; the resource itself does not know it. */
export const PROFILE_KEY = "profile";

/** What a file that is included may hold. */
export const PART_KEYS: readonly string[] = [...SECTIONS, "profiles"];

/** What a fleet file may hold. */
export const FILE_KEYS: readonly string[] = ["include", "csv", "defaults", "profiles", ...SECTIONS];

/** What may be written about one object of a section, its profiles apart. */
export function inputNames(section: Section): string[] {
  return Object.keys(KINDS[section].fields);
}
