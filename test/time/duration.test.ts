import assert from "node:assert/strict";
import fc from "fast-check";
import { describeDuration, LONGEST_DURATION_MS, parseDuration } from "../../provider/time/duration";

const FACTORS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

describe("duration", () => {
  describe("read", () => {
    const taken: readonly (readonly [string, number])[] = [
      ["500ms", 500],
      ["1ms", 1],
      ["90s", 90_000],
      ["30m", 1_800_000],
      ["2h", 7_200_000],
      ["24h", LONGEST_DURATION_MS],
      ["1440m", LONGEST_DURATION_MS],
      ["1.5s", 1500],
      ["0.25m", 15_000],
      ["0.001s", 1],
      [" 10 s ", 10_000],
      ["007s", 7000],
    ];
    for (const [text, milliseconds] of taken) {
      it(`takes ${JSON.stringify(text)}`, () => {
        assert.equal(parseDuration(text), milliseconds);
      });
    }

    const refused = [
      "",
      " ",
      "s",
      "5",
      "30 minutes",
      "1d",
      "5S",
      "5M",
      "-5s",
      "+5s",
      "1e3s",
      "0x10s",
      ".5s",
      "5.s",
      "1.2345s",
      "1,5s",
      "0s",
      "0.0001s",
      "0.4ms",
      "25h",
      "24.001h",
      "86400001ms",
      "9999999999s",
      "Infinitys",
      "NaNs",
      "5s5s",
      "5s\n6s",
      "٥s",
      "５s",
      "5\u0000s",
      "constructors",
      "1constructor",
      "1toString",
    ];
    for (const text of refused) {
      it(`refuses ${JSON.stringify(text)}`, () => {
        assert.equal(parseDuration(text), undefined);
      });
    }

    it("multiplies by the unit, whatever the number", () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 86_400_000 }), fc.constantFrom("ms", "s", "m", "h"), (number, unit) => {
          const milliseconds = number * FACTORS[unit];
          const expected = milliseconds <= LONGEST_DURATION_MS ? milliseconds : undefined;
          assert.equal(parseDuration(`${number}${unit}`), expected);
        }),
      );
    });

    it("gives a whole number of milliseconds in bounds, or nothing, for any text", () => {
      const nearly = fc
        .tuple(fc.string(), fc.double(), fc.constantFrom("ms", "s", "m", "h", "d", ""))
        .map(([before, number, unit]) => `${before.slice(0, 1)}${number}${unit}`);
      fc.assert(
        fc.property(fc.oneof(fc.string({ unit: "binary" }), nearly), (text) => {
          const milliseconds = parseDuration(text);
          if (milliseconds !== undefined) {
            assert.ok(Number.isInteger(milliseconds) && milliseconds > 0 && milliseconds <= LONGEST_DURATION_MS);
          }
        }),
      );
    });
  });

  describe("for people", () => {
    const table: readonly (readonly [number, string])[] = [
      [0, "0 ms"],
      [1, "1 ms"],
      [850, "850 ms"],
      [-3_600_000, "0 ms"],
      [999, "999 ms"],
      [999.4, "999 ms"],
      [999.6, "1 s"],
      [1000, "1 s"],
      [1499, "1 s"],
      [42_000, "42 s"],
      [59_499, "59 s"],
      [59_500, "1 min"],
      [60_000, "1 min"],
      [185_000, "3 min 5 s"],
      [3_599_499, "59 min 59 s"],
      [3_599_500, "1 h"],
      [3_600_000, "1 h"],
      [5_400_000, "1 h 30 min"],
      [7_169_000, "1 h 59 min"],
      [7_170_000, "2 h"],
      [7_199_000, "2 h"],
      [86_400_000, "24 h"],
    ];
    for (const [milliseconds, text] of table) {
      it(`says ${text} for ${milliseconds}`, () => {
        assert.equal(describeDuration(milliseconds), text);
      });
    }

    it("never names sixty of a unit, and is never off by more than half of the smallest unit it names", () => {
      fc.assert(
        fc.property(fc.double({ min: 0, max: LONGEST_DURATION_MS, noNaN: true }), (milliseconds) => {
          const words = describeDuration(milliseconds).split(" ");
          const parts = words.flatMap((unit, index) =>
            index % 2 === 1 ? [{ unit, amount: Number(words[index - 1]) }] : [],
          );
          const sizes: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
          const most: Readonly<Record<string, number>> = { ms: 999, s: 59, min: 59, h: 24 };
          for (const { unit, amount } of parts) {
            assert.ok(amount <= (most[unit] ?? 0), `${amount} ${unit}`);
          }
          const said = parts.reduce((sum, { unit, amount }) => sum + amount * (sizes[unit] ?? Number.NaN), 0);
          const grain = milliseconds < 999.5 ? 1 : milliseconds < 3_599_500 ? 1000 : 60_000;
          assert.ok(Math.abs(said - milliseconds) <= grain / 2, `${milliseconds} became ${said}`);
        }),
        { numRuns: 500 },
      );
    });
  });
});
