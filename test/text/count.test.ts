import assert from "node:assert/strict";
import { enumerated } from "../../provider/text/count";

describe("texts in a sentence", () => {
  it("are divided by commas, and the last two by a word", () => {
    assert.equal(enumerated([], "and"), "");
    assert.equal(enumerated(["a"], "and"), "a");
    assert.equal(enumerated(["a", "b"], "or"), "a or b");
    assert.equal(enumerated(["a", "b", "c"], "and"), "a, b and c");
  });
});
