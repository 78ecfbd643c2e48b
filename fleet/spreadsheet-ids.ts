/** Months as spreadsheets in English and German shorten them; a letter more makes it `Sept` and `mars`. */
const MONTH = "(?:jan|feb|m[aä]r|mrz|apr|ma[iy]|ju[nl]|aug|sep|o[ck]t|nov|de[cz])\\p{L}?\\.?";

const AS_TEXT = "in a column formatted as text";

/** What a spreadsheet makes of an id, or puts where one is expected. Each may be an id, so it is only warned of. */
const SLIPS = [
  {
    // 4,92212E+11: people seldom write the sign and two digits.
    looks: /^\d(?:[.,]\d+)?E[-+]\d{2,}$/i,
    as: `a number that a spreadsheet has shortened: write all its digits, ${AS_TEXT}`,
  },
  {
    // Spreadsheets keep 15 digits.
    looks: /^[1-9]\d{14}0+$/,
    as: `a number whose last digits a spreadsheet has replaced by zeros: write all its digits, ${AS_TEXT}`,
  },
  {
    // 01-Mar, 01. Mrz, Mar-01, 01.03.2026, 2026-03-01
    looks: new RegExp(
      `^(?:\\d{1,2}[-. ]{1,2}${MONTH}|${MONTH}[- ]\\d{2}|\\d{1,2}[-.]\\d{1,2}[-.]20\\d{2}|20\\d{2}-\\d{2}-\\d{2})$`,
      "iu",
    ),
    as: `a date that a spreadsheet has made of an id: write the id, ${AS_TEXT}`,
  },
  { looks: /^(?:grand |sub-?)?(?:total|sum|summe|gesamt)s?:?$/i, as: "a row of totals, not a tenant: remove it" },
] as const;

/** What is probably wrong with a tenant's id that went through a spreadsheet. */
export function spreadsheetSlip(id: string): string | undefined {
  const slip = SLIPS.find(({ looks }) => looks.test(id));
  return slip === undefined ? undefined : `"${id}" looks like ${slip.as}.`;
}
