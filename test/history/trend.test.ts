import assert from "node:assert/strict";
import { dailyHighs, exhaustionOf, type UsePoint } from "../../cli/history/trend";

const DAY = 86_400_000;
const START = Date.parse("2026-11-01T06:00:00Z");

/** A use a day, from the first day on; `undefined` for a day without a look. */
function days(...uses: readonly (number | undefined)[]): UsePoint[] {
  return uses.flatMap((inUse, day) => (inUse === undefined ? [] : [{ at: START + day * DAY, inUse }]));
}

describe("the trend of a use", () => {
  const reached: readonly [string, UsePoint[], number, number][] = [
    ["by a straight line", days(1, 2, 3), 10, 9],
    ["over days without a look", days(10, undefined, undefined, 13, undefined, 15), 20, 10],
    ["in any order", days(1, 2, 3).reverse(), 10, 9],
    [
      "by the high of each day",
      [...days(1, 2, 3), { at: START + 1000, inUse: 0 }, { at: START + 2 * DAY + 1, inUse: 1 }],
      10,
      9,
    ],
    ["not before the last look", days(1, 1, 1, 8), 9, 4],
  ];
  for (const [what, points, maximum, day] of reached) {
    it(`reaches a maximum ${what}`, () => {
      const exhaustion = exhaustionOf(points, maximum);
      assert.ok(exhaustion !== undefined);
      assert.equal(Math.round((exhaustion.at - START) / DAY), day);
    });
  }

  const silent: readonly [string, UsePoint[], number][] = [
    ["no look", [], 10],
    ["two days", days(1, 5), 10],
    ["three looks on one day", [0, 1, 2].map((hour) => ({ at: START + hour * 3_600_000, inUse: hour })), 10],
    ["a use that stays", days(5, 5, 5), 10],
    ["a use that falls", days(7, 6, 5), 10],
    ["a use that is back where it began", days(5, 9, 5, 5, 5), 10],
    ["a maximum that is reached already", days(8, 9, 10), 10],
    ["a rise that takes more than a year", days(1, 1, 1, 2), 1000],
  ];
  for (const [what, points, maximum] of silent) {
    it(`says nothing of ${what}`, () => {
      assert.equal(exhaustionOf(points, maximum), undefined);
    });
  }

  it("knows the highest use of each day, by time", () => {
    const points = [...days(1, 2), { at: START + 5, inUse: 4 }, { at: START + 6, inUse: 3 }];
    assert.deepEqual(dailyHighs(points.reverse()), [
      { at: START + 5, inUse: 4 },
      { at: START + DAY, inUse: 2 },
    ]);
  });
});
