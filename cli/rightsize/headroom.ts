/** What is kept free above the use: a share of it, or a number of licences. */
export type Headroom = { readonly percent: number } | { readonly licenses: number };

/** The greatest value that both systems hold. */
const LARGEST = 2_147_483_647;

/** Reads `20%`, or a number of licences such as `5`; `undefined` where it is neither. */
export function parseHeadroom(text: string): Headroom | undefined {
  const [, digits, sign] = /^\s*(\d{1,9})\s*(%?)\s*$/.exec(text) ?? [];
  const value = Number(digits);
  if (digits === undefined) {
    return undefined;
  }
  return sign === "%" ? { percent: value } : { licenses: value };
}

/** `20%` or `5`, as it is written. */
export function headroomText(headroom: Headroom): string {
  return "percent" in headroom ? `${headroom.percent}%` : String(headroom.licenses);
}

/** The use and its headroom, rounded up to whole licences: 50 and 10% are 55. */
export function withHeadroom(inUse: number, headroom: Headroom): number {
  // Whole numbers throughout: 50 * 1.1 is 55.00000000000001.
  const share =
    "percent" in headroom ? Number((BigInt(inUse) * BigInt(headroom.percent) + 99n) / 100n) : headroom.licenses;
  return Math.max(inUse, Math.min(inUse + share, LARGEST));
}
