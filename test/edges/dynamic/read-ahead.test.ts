import assert from "node:assert/strict";
import fc from "fast-check";
import { ReadAhead } from "../../../provider/hosts/dynamic/read-ahead";

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `o${n}`);

/** The order in which Pulumi 3.255.0 checked sixty resources of a program, by their places in it. */
const AS_SEEN =
  "12 27 0 1 14 15 16 18 19 20 21 17 13 22 23 24 25 26 3 4 5 6 7 8 10 11 28 37 38 39 40 44 41 29 42 30 2 32 52 33 45 46 34 35 47 36 48 49 50 59 51 56 53 54 55 58 57 31 43 9"
    .split(" ")
    .map(Number);

function readerOf(count: number): ReadAhead {
  const ahead = new ReadAhead();
  ahead.announce(names(count));
  return ahead;
}

describe("reading ahead", () => {
  it("keeps twice as many read with each new resource, up to 256", () => {
    const ahead = readerOf(1000);
    const given = names(11).map((id) => ahead.afterNew(id));
    assert.deepEqual(given.slice(0, 4), [["o1"], ["o2", "o3"], ["o4", "o5", "o6"], ["o7", "o8", "o9", "o10", "o11"]]);
    assert.deepEqual(
      given.map((ids) => ids.at(-1)),
      ["o1", "o3", "o6", "o11", "o20", "o37", "o70", "o135", "o264", "o265", "o266"],
    );
  });

  it("begins anew after a resource that is there already", () => {
    const ahead = readerOf(100);
    for (const id of ["o0", "o1", "o2", "o3", "o4", "o5", "o6"]) {
      ahead.afterNew(id);
    }
    for (let n = 7; n < 90; n += 1) {
      ahead.afterKnown(`o${n}`);
    }
    assert.deepEqual(ahead.afterNew("o90"), ["o91"]);
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

  it("is not led astray by resources that were not announced", () => {
    const ahead = readerOf(3);
    for (const id of ["x", "y", "z"]) {
      ahead.afterKnown(id);
    }
    assert.deepEqual(ahead.afterNew("o0"), ["o1"]);
  });

  it("is ahead of almost all in whatever order the engine takes them, where each brings only some near it", () => {
    const backwards = [...AS_SEEN].sort((a, b) => b - a);
    for (const order of [AS_SEEN, backwards]) {
      const all = names(order.length);
      const ahead = new ReadAhead();
      const given = new Set<string>();
      let late = 0;
      for (const place of order) {
        ahead.announce([...all.slice(place, place + 17), ...all.slice(Math.max(0, place - 16), place).reverse()]);
        late += given.has(`o${place}`) ? 0 : 1;
        for (const id of ahead.afterNew(`o${place}`)) {
          given.add(id);
        }
      }
      assert.ok(late <= 8, `${late} of ${order.length} were not read ahead`);
    }
  });

  it("gives no object twice, none but announced ones, and no more in vain than were new in a row", () => {
    const worlds = fc
      .array(fc.boolean(), { minLength: 1, maxLength: 400 })
      .chain((isNew) =>
        fc.tuple(fc.constant(isNew), fc.shuffledSubarray([...isNew.keys()], { minLength: isNew.length })),
      );
    fc.assert(
      fc.property(worlds, ([isNew, order]) => {
        const ahead = readerOf(isNew.length);
        const given = new Set<string>();
        const over = new Set<string>();
        let inARow = 0;
        for (const place of order) {
          const id = `o${place}`;
          over.add(id);
          if (isNew[place] === false) {
            ahead.afterKnown(id);
            inARow = 0;
            continue;
          }
          inARow += 1;
          for (const next of ahead.afterNew(id)) {
            assert.ok(!given.has(next) && !over.has(next), next);
            given.add(next);
            const waiting = [...given].filter((one) => !over.has(one)).length;
            assert.ok(waiting <= Math.min(256, 2 ** (inARow - 1)), `${waiting} read ahead after ${inARow}`);
          }
        }
        assert.ok([...given].every((id) => over.has(id)));
      }),
    );
  });
});
