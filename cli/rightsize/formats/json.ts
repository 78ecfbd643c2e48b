import { mostInUse } from "../../../provider/tenant/allocation";
import { jsonText } from "../../../provider/text/json-text";
import { type Headroom, headroomText } from "../headroom";
import { propertyOf, type Sizing, totalsOf, unitsOf } from "../sizing";

/** How the sizes of a JSON document came about. */
export interface SizesOrigin {
  readonly headroom: Headroom;
  /** Of how many days the highest use was taken; `null` where it is that of one moment. */
  readonly days: number | null;
  /** The files that were changed. */
  readonly written: readonly string[];
}

/** Suggestions for programs, in the order of the file; with all values, also those that stay. */
export function sizesJson(sizes: readonly Sizing[], { headroom, days, written }: SizesOrigin): string {
  const { changes, freed, added, limited } = totalsOf(sizes);
  return jsonText({
    version: 1,
    headroom: headroomText(headroom),
    days,
    changes,
    freed,
    added,
    limited,
    sizes: sizes.map((sizing) => {
      const { kind, id, name, declared, use, suggested, kept } = sizing;
      return {
        kind,
        id,
        name,
        property: propertyOf(sizing),
        declared,
        inUse: use?.inUse ?? null,
        inPacks: use?.inPacks ?? null,
        // What the headroom is added to.
        use: use === undefined ? null : mostInUse(use),
        suggested,
        change: unitsOf(sizing) ?? null,
        kept: kept ?? null,
      };
    }),
    written,
  });
}
