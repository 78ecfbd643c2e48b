import assert from "node:assert/strict";
import fc from "fast-check";
import { fitsAny } from "../../cli/inventory/pattern";

describe("a pattern with * and ?", () => {
  for (const [pattern, text, fits] of [
    ["*", "", true],
    ["", "", true],
    ["", "a", false],
    ["?", "😀", true],
    ["a*", "a", true],
    ["*a*b", "xaxxb", true],
    ["*a*b", "xaxxbc", false],
    ["*ab*ab", "abxab", true],
    ["a.c", "abc", false],
    ["lab-[1]", "lab-[1]", true],
    ["tenants.lab-*", "tenants.lab-7", true],
    ["a*", "a\nb", true],
    ["**?", "x", true],
    ["?*?", "x", false],
  ] as const) {
    it(`${JSON.stringify(pattern)} ${fits ? "matches" : "does not match"} ${JSON.stringify(text)}`, () => {
      assert.equal(fitsAny([pattern])(text), fits);
    });
  }

  it("means what the same regular expression means", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "😀"), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (wanted, one) => {
        const expression = new RegExp(`^${wanted.replaceAll("?", ".").replaceAll("*", ".*")}$`, "su");
        assert.equal(fitsAny([wanted])(one), expression.test(one));
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  it("takes no longer for many stars", () => {
    const names = Array.from({ length: 200 }, () => "a".repeat(2000));
    const before = process.cpuUsage();
    assert.deepEqual(names.filter(fitsAny([`${"*a".repeat(30)}b`, "*a*a*a*ab"])), []);
    assert.ok(process.cpuUsage(before).user < 2_000_000);
  });
});
