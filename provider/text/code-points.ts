/** Orders texts by code point, which the order of JavaScript's own strings is not beyond the basic plane. */
export function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));
}
