import assert from "node:assert/strict";
import { NO_LIMITS, ReductionBrake } from "../../provider/resource/reduction-brake";

const LOWERED = [{ property: "groupServices.Hunt Group", change: "9 → 5", units: 4 }];

function brakeOf(limits: { maxReductions?: number; maxLicensesRemoved?: number }): ReductionBrake {
  return new ReductionBrake(() => ({ ...NO_LIMITS, ...limits }));
}

describe("the brake on reductions", () => {
  it("lets everything through without a limit", () => {
    const brake = brakeOf({});
    for (let index = 0; index < 1000; index += 1) {
      assert.equal(brake.refusal(`tenant ${index}`, `t${index}`, LOWERED), undefined);
    }
  });

  it("lets through as many as the limit says, and whatever takes nothing away, then refuses with the list of all", () => {
    const brake = brakeOf({ maxReductions: 2 });
    assert.equal(brake.refusal("a", "alpha", LOWERED), undefined);
    assert.equal(brake.refusal("b", "beta", LOWERED), undefined);
    assert.equal(
      brake.refusal("c", "gamma", [...LOWERED, { property: "userServices.Fax", change: "unlimited → 0", units: 1 }]),
      "refused by voice-licenses:maxReductions: this run makes at least 4 reductions; the limit is 2. " +
        "If all of it is intended, raise the limit: `pulumi config set voice-licenses:maxReductions <number>`, " +
        "or in the provider instance that sets it.\n" +
        "  alpha: groupServices.Hunt Group 9 → 5\n  beta: groupServices.Hunt Group 9 → 5\n" +
        "  gamma: groupServices.Hunt Group 9 → 5\n  gamma: userServices.Fax unlimited → 0",
    );
    assert.equal(brake.refusal("d", "delta", []), undefined);
    assert.match(
      brake.refusal("e", "epsilon", LOWERED) ?? "",
      /makes at least 5 reductions; the limit is 2\. [^\n]+\n {2}epsilon: groupServices.Hunt Group 9 → 5$/,
    );
  });

  it("counts licences, so that a slip of one digit is not one reduction like any other", () => {
    const brake = brakeOf({ maxReductions: 5, maxLicensesRemoved: 20 });
    const slip = [{ property: "licensedUsersCount", change: "60 → 1", units: 59 }];
    assert.equal(brake.refusal("a", "alpha", LOWERED), undefined);
    assert.match(
      brake.refusal("b", "contoso", slip) ?? "",
      /^refused by voice-licenses:maxLicensesRemoved: this run removes at least 63 licences; the limit is 20\. .*`pulumi config set voice-licenses:maxLicensesRemoved <number>`[^]*\n {2}contoso: licensedUsersCount 60 → 1$/,
    );
    for (const object of ["c", "d", "e", "f"]) {
      assert.equal(brake.refusal(object, object, LOWERED), undefined, "4 licences each, 20 with the first");
    }
    assert.match(brake.refusal("g", "g", LOWERED) ?? "", /refused by voice-licenses:maxReductions/);
  });

  it("does not count what was refused: a plan that fits goes through after one that does not", () => {
    const brake = brakeOf({ maxReductions: 1 });
    const two = [...LOWERED, { property: "userServices.Fax", change: "3 → 0", units: 3 }];
    assert.match(brake.refusal("a", "alpha", two) ?? "", /makes at least 2 reductions; the limit is 1/);
    assert.equal(brake.refusal("b", "beta", LOWERED), undefined);
    assert.match(brake.refusal("a", "alpha", two) ?? "", /makes at least 3 reductions; the limit is 1/);
  });

  it("counts what is tried again once, and its licences as they are now", () => {
    const brake = brakeOf({ maxReductions: 1, maxLicensesRemoved: 10 });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      assert.equal(brake.refusal("a", "alpha", LOWERED), undefined);
    }
    assert.equal(brake.refusal("a", "alpha", [{ ...LOWERED[0]!, change: "9 → 0", units: 9 }]), undefined);
    assert.match(
      brake.refusal("a", "alpha", [{ ...LOWERED[0]!, change: "19 → 0", units: 19 }]) ?? "",
      /removes at least 19 licences; the limit is 10/,
    );
  });

  it("counts a second, smaller reduction of a property as no less than what has passed", () => {
    const brake = brakeOf({ maxLicensesRemoved: 60 });
    const lowered = (change: string, units: number): { property: string; change: string; units: number }[] => [
      { property: "licensedUsersCount", change, units },
    ];
    assert.equal(brake.refusal("a", "alpha", lowered("60 → 1", 59)), undefined);
    assert.equal(brake.refusal("a", "alpha", lowered("11 → 1", 10)), undefined);
    assert.match(
      brake.refusal("b", "beta", lowered("12 → 10", 2)) ?? "",
      /^refused by voice-licenses:maxLicensesRemoved: this run removes at least 61 licences; the limit is 60\./,
    );
    assert.equal(brake.refusal("b", "beta", lowered("11 → 10", 1)), undefined);
  });

  it("lists 50 reductions, and counts those beyond", () => {
    const linesOf = (count: number): string[] => {
      const many = Array.from({ length: count }, (_, index) => ({
        property: `userServices.S${index}`,
        change: "1 → 0",
        units: 1,
      }));
      return (brakeOf({ maxReductions: 0 }).refusal("a", "alpha", many) ?? "").split("\n");
    };
    assert.equal(linesOf(50).length, 51);
    assert.equal(linesOf(50).at(-1), "  alpha: userServices.S49 1 → 0");
    assert.equal(linesOf(230).length, 52);
    assert.equal(linesOf(230).at(-1), "  … and 180 more");
  });

  it("says what is wrong with its limit before anything is taken away", () => {
    const brake = new ReductionBrake(() => {
      throw new Error("must be a whole number");
    });
    assert.throws(() => brake.refusal("a", "alpha", []), /must be a whole number/);
  });
});
