import fc from "fast-check";
import { UNKNOWN_VALUE } from "../../../provider/resource/unknowns";

const NASTY = [
  "__proto__",
  "constructor",
  "toString",
  "../..",
  "..",
  "%2f",
  "%2e%2e",
  "a/b",
  "\u0000",
  "\u001b[31m",
  "\ud800",
  "\u202e",
  "\uff0f\uff0e",
  " ",
  "",
  "unlimited",
  "Unlimited",
  UNKNOWN_VALUE,
  "x".repeat(100_000),
];
const NUMBERS = [0, -0, 1, -1, 0.5, 2 ** 31 - 1, 2 ** 31, 2 ** 53, 1e300, Number.NaN, Infinity, -Infinity];

/** Texts that have done harm somewhere. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "binary" }));

/** Any value, nasty ones more often than chance would. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.constantFrom<unknown>(...NUMBERS),
  fc.constantFrom<unknown>(undefined, null, true, false),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
    maxDepth: 3,
  }),
);
