import assert from "node:assert/strict";
import fc from "fast-check";
import { isInShard, parseShard } from "../../fleet/shard";

describe("a shard", () => {
  it("of an id is the same on every machine and in every version", () => {
    const parts = ["foo", "bar", "d5253892-1c1e-4b23-89d7-29d86734c31b", "テナント"].map((id) =>
      [1, 2, 3, 4, 5, 6, 7].find((index) => isInShard(id, { index, count: 7 })),
    );
    assert.deepEqual(parts, [4, 7, 4, 4]);
  });

  it("holds each object exactly once", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (id, count) => {
        const parts = Array.from({ length: count }, (_, index) => ({ index: index + 1, count }));
        assert.equal(parts.filter((part) => isInShard(id, part)).length, 1);
      }),
    );
  });

  it("is about as large as any other", () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8].map(
      (index) =>
        Array.from({ length: 8000 }, (_, n) => `tenant-${n}`).filter((id) => isInShard(id, { index, count: 8 })).length,
    );
    assert.ok(Math.min(...sizes) > 900 && Math.max(...sizes) < 1100, sizes.join(" "));
  });

  it("is written i/n", () => {
    assert.deepEqual(parseShard(" 2/8 "), { index: 2, count: 8 });
    for (const wrong of ["", "2", "0/8", "9/8", "-1/8", "1/0", "1/8/2", "a/b", "1/10001"]) {
      assert.equal(parseShard(wrong), undefined, wrong);
    }
  });
});
