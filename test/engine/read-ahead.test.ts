import assert from "node:assert/strict";
import fc from "fast-check";
import { ReadAhead } from "../../provider/engine/read-ahead";

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `o${n}`);

describe("reading ahead", () => {
  it("gives twice as many with each new resource, up to 64 beyond it", () => {
    const ahead = new ReadAhead();
    const all = names(300);
    ahead.announce(all);
    const given = all.slice(0, 9).map((id) => ahead.afterNew(id));
    assert.deepEqual(given.slice(0, 4), [["o1"], ["o2", "o3"], ["o4", "o5", "o6"], ["o7", "o8", "o9", "o10", "o11"]]);
    assert.deepEqual(
      given.map((ids) => ids.at(-1)),
      ["o1", "o3", "o6", "o11", "o20", "o37", "o70", "o71", "o72"],
    );
  });

  it("begins anew after a resource that is there already", () => {
    const ahead = new ReadAhead();
    ahead.announce(names(100));
    for (const id of ["o0", "o1", "o2"]) {
      ahead.afterNew(id);
    }
    ahead.afterKnown();
    assert.deepEqual(ahead.afterNew("o50"), ["o51"]);
  });

  it("knows nothing of what was not announced, and takes what comes later", () => {
    const ahead = new ReadAhead();
    assert.deepEqual(ahead.afterNew("o0"), []);
    ahead.announce(["o0", "o1"]);
    ahead.announce(["o1", "o2"]);
    assert.deepEqual(ahead.afterNew("o1"), ["o2"]);
    assert.deepEqual(ahead.afterNew("o2"), []);
    ahead.announce(["o3"]);
    assert.deepEqual(ahead.afterNew("o2"), ["o3"]);
  });

  it("gives no object twice, none but announced ones, and wastes no more than it has seen new ones in a row", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), (isNew) => {
        const ahead = new ReadAhead();
        const all = names(isNew.length);
        ahead.announce(all);
        const given: string[] = [];
        let inARow = 0;
        isNew.forEach((one, place) => {
          if (!one) {
            ahead.afterKnown();
            inARow = 0;
            return;
          }
          inARow += 1;
          const now = ahead.afterNew(all[place]!);
          given.push(...now);
          const beyond = Math.max(-1, ...now.map((id) => all.indexOf(id) - place));
          assert.ok(beyond <= Math.min(64, 2 ** (inARow - 1)), `${beyond} beyond after ${inARow}`);
        });
        assert.equal(new Set(given).size, given.length);
        assert.ok(given.every((id) => all.includes(id)));
      }),
    );
  });
});
