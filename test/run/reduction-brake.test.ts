import assert from "node:assert/strict";
import { ReductionBrake } from "../../provider/run/reduction-brake";

const LOWERED = [{ property: "groupServices.Hunt Group", change: "9 → 5", units: 4 }];

describe("the brake on reductions", () => {
  it("lets everything through without a limit", () => {
    const brake = new ReductionBrake(() => undefined);
    for (let index = 0; index < 1000; index += 1) {
      assert.equal(brake.refusal(`tenant ${index}`, `t${index}`, LOWERED), undefined);
    }
  });

  it("lets through as many as the limit says, and whatever takes nothing away, then refuses with the list of all", () => {
    const brake = new ReductionBrake(() => 2);
    assert.equal(brake.refusal("a", "alpha", LOWERED), undefined);
    assert.equal(brake.refusal("b", "beta", LOWERED), undefined);
    assert.equal(
      brake.refusal("c", "gamma", [...LOWERED, { property: "userServices.Fax", change: "unlimited → 0", units: 1 }]),
      "refused by voice-licenses:maxReductions: with this, the run takes away at least 4 licences, of 2 that it may. " +
        "If all of it is meant, run `pulumi config set voice-licenses:maxReductions <number>` first.\n" +
        "  alpha: groupServices.Hunt Group 9 → 5\n  beta: groupServices.Hunt Group 9 → 5\n" +
        "  gamma: groupServices.Hunt Group 9 → 5\n  gamma: userServices.Fax unlimited → 0",
    );
    assert.equal(brake.refusal("d", "delta", []), undefined);
    assert.match(
      brake.refusal("e", "epsilon", LOWERED) ?? "",
      /takes away at least 5 licences, of 2 that it may\. [^\n]+\n {2}epsilon: groupServices.Hunt Group 9 → 5$/,
    );
  });

  it("counts what is tried again once", () => {
    const brake = new ReductionBrake(() => 1);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      assert.equal(brake.refusal("a", "alpha", LOWERED), undefined);
    }
  });

  it("shortens a list that nobody would read", () => {
    const brake = new ReductionBrake(() => 0);
    const many = Array.from({ length: 230 }, (_, index) => ({
      property: `userServices.S${index}`,
      change: "1 → 0",
      units: 1,
    }));
    const lines = (brake.refusal("a", "alpha", many) ?? "").split("\n");
    assert.equal(lines.length, 52);
    assert.equal(lines.at(-1), "  … and 180 more");
  });

  it("says what is wrong with its limit before anything is taken away", () => {
    const brake = new ReductionBrake(() => {
      throw new Error("must be a whole number");
    });
    assert.throws(() => brake.refusal("a", "alpha", []), /must be a whole number/);
  });
});
