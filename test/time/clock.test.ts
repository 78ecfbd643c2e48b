import assert from "node:assert/strict";
import { getEventListeners, setMaxListeners } from "node:events";
import { systemClock, throwIfAborted, unlessAborted } from "../../provider/time/clock";

class Stopped extends Error {}

describe("clock of this machine", () => {
  it("tells the time and gives chances in [0, 1)", () => {
    const before = Date.now();
    const now = systemClock.now();
    assert.ok(now >= before && now <= Date.now());
    for (let throws = 0; throws < 100; throws += 1) {
      const chance = systemClock.random();
      assert.ok(chance >= 0 && chance < 1);
    }
  });

  it("counts what has passed, whatever the time on the wall", () => {
    const { now } = Date;
    const before = systemClock.elapsed();
    try {
      Date.now = () => now() - 3_600_000;
      const passed = systemClock.elapsed() - before;
      assert.ok(passed >= 0 && passed < 60_000);
    } finally {
      Date.now = now;
    }
  });

  it("sleeps about as long as it is told", async () => {
    const before = performance.now();
    await systemClock.sleep(20);
    assert.ok(performance.now() - before >= 18);
  });

  it("wakes at once when its signal is aborted, with the signal's reason", async () => {
    const controller = new AbortController();
    const sleep = systemClock.sleep(3_600_000, controller.signal);
    controller.abort(new Stopped("enough"));
    await assert.rejects(sleep, Stopped);
  });

  it("does not fall asleep under an aborted signal", async () => {
    await assert.rejects(systemClock.sleep(3_600_000, AbortSignal.abort(new Stopped())), Stopped);
    assert.throws(() => {
      throwIfAborted(AbortSignal.abort(new Stopped()));
    }, Stopped);
  });

  it("makes an error of a reason that is none", async () => {
    await assert.rejects(systemClock.sleep(1000, AbortSignal.abort("a text")), /^Error: The run was cancelled\.$/);
  });

  it("goes on without a signal, or with one that is quiet", async () => {
    const { signal } = new AbortController();
    throwIfAborted(undefined);
    throwIfAborted(signal);
    await systemClock.sleep(1, signal);
  });

  it("ends a wait for shared work when its signal is aborted, with the signal's reason, and not the work", async () => {
    let finish: (result: number) => void = () => undefined;
    const work = new Promise<number>((resolve) => {
      finish = resolve;
    });
    const [cancelled, quiet] = [new AbortController(), new AbortController()];
    const waits = [
      unlessAborted(work, cancelled.signal),
      unlessAborted(work, quiet.signal),
      unlessAborted(work, undefined),
    ];
    cancelled.abort(new Stopped("enough"));
    await assert.rejects(waits[0] ?? work, Stopped);
    finish(7);
    assert.deepEqual(await Promise.all(waits.slice(1)), [7, 7]);
    await assert.rejects(unlessAborted(work, cancelled.signal), Stopped);
    await assert.rejects(unlessAborted(Promise.reject(new Error("broken")), quiet.signal), /broken/);
    assert.equal(getEventListeners(quiet.signal, "abort").length, 0);
  });

  it("leaves nothing behind at a signal that outlives many sleeps", async () => {
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const sleeps = Array.from({ length: 20 }, () => systemClock.sleep(1, signal));
    assert.equal(getEventListeners(signal, "abort").length, 20);
    await Promise.all(sleeps);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});
