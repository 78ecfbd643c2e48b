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
    assert.equal(await readBack(read, (seen) => seen === 7, { clock, signal, timeoutMs: 30_000 }), 7);
    assert.deepEqual([count(), clock.pauses], [1, []]);
  });

  it("reads until the effect shows", async () => {
    const clock = new VirtualClock();
    const { read, count } = reads(1, 1, 7, 1);
    assert.equal(await readBack(read, (seen) => seen === 7, { clock, signal, timeoutMs: 30_000 }), 7);
    assert.equal(count(), 3);
  });

  it("reads with growing pauses until the time is up, and returns what was read last", async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const { read, count } = reads(1, 2, 3, 4, 5);
    assert.equal(await readBack(read, () => false, { clock, signal, timeoutMs: 30_000 }), 5);
    assert.equal(clock.now() - start, 30_000);
    assert.ok(count() <= 15, `${count()} reads`);
    const growing = clock.pauses.slice(0, -1);
    assert.deepEqual(
      [...growing].sort((a, b) => a - b),
      growing,
    );
  });

  it("ends in time where the clock of this machine is set back an hour", async () => {
    const clock = new VirtualClock();
    clock.in(2000, () => {
      clock.setBack(3_600_000);
    });
    const { read } = reads(1);
    await readBack(read, () => false, { clock, signal, timeoutMs: 30_000 });
    assert.equal(
      clock.pauses.reduce((sum, pause) => sum + pause, 0),
      30_000,
    );
  });

  it("reads once more when the time is up, so that an effect which shows at the end is seen", async () => {
    const clock = new VirtualClock();
    const { read, count } = reads(1, 1, 7);
    assert.equal(await readBack(read, (seen) => seen === 7, { clock, signal, timeoutMs: 700 }), 7);
    assert.equal(count(), 3);
  });

  it("ends with the error of a read, and with the reason of its signal", async () => {
    const clock = new VirtualClock();
    await assert.rejects(
      readBack(
        () => Promise.reject(new Error("no answer")),
        () => false,
        { clock, signal, timeoutMs: 30_000 },
      ),
      /no answer/,
    );
    const { read, count } = reads(1);
    await assert.rejects(
      readBack(read, () => false, { clock, signal: AbortSignal.abort(new Error("stop")), timeoutMs: 30_000 }),
      /stop/,
    );
    assert.equal(count(), 1);
  });
});
