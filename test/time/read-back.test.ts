import assert from "node:assert/strict";
import { readBack } from "../../provider/time/read-back";
import { VirtualClock } from "../support/virtual-clock";

const { signal } = new AbortController();

/** What is read one after the other; the last for ever. */
function reads(...values: readonly number[]): { read: () => Promise<number>; count: () => number } {
  let count = 0;
  return {
    read: () => {
      count += 1;
      return Promise.resolve(values[Math.min(count, values.length) - 1] ?? Number.NaN);
    },
    count: () => count,
  };
}

describe("reading back", () => {
  it("reads once where the effect shows at once", async () => {
    const clock = new VirtualClock();
    const { read, count } = reads(7);
    assert.equal(await readBack(read, (seen) => seen === 7, clock, signal), 7);
    assert.deepEqual([count(), clock.pauses], [1, []]);
  });

  it("reads until the effect shows", async () => {
    const clock = new VirtualClock();
    const { read, count } = reads(1, 1, 7, 1);
    assert.equal(await readBack(read, (seen) => seen === 7, clock, signal), 7);
    assert.equal(count(), 3);
  });

  it("reads again at most three times within five seconds, and gives what was read last", async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const { read, count } = reads(1, 2, 3, 4, 5);
    assert.equal(await readBack(read, () => false, clock, signal), 4);
    assert.equal(count(), 4);
    assert.ok(clock.now() - start <= 5000);
  });

  it("ends with the error of a read, and with the reason of its signal", async () => {
    const clock = new VirtualClock();
    await assert.rejects(
      readBack(
        () => Promise.reject(new Error("no answer")),
        () => false,
        clock,
        signal,
      ),
      /no answer/,
    );
    const { read, count } = reads(1);
    await assert.rejects(
      readBack(read, () => false, clock, AbortSignal.abort(new Error("stop"))),
      /stop/,
    );
    assert.equal(count(), 1);
  });
});
