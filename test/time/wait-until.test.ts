import assert from "node:assert/strict";
import fc from "fast-check";
import { LONGEST_PAUSE_MS, type Look, nextPause, waitUntil, type WaitOptions } from "../../provider/time/wait-until";
import { VirtualClock } from "../support/virtual-clock";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Wait {
  readonly clock: VirtualClock;
  /** When each look happened, in milliseconds after the start. */
  readonly looks: number[];
  readonly told: (readonly [string, number])[];
  readonly done: boolean;
  /** How long it took in all. */
  readonly tookMs: number;
}

/** Waits for something that is over `durationMs` after the start. */
async function waitFor(
  durationMs: number,
  options: Partial<WaitOptions> = {},
  chance: () => number = () => 0,
  retryAfterMs?: (lookNumber: number) => number | undefined,
): Promise<Wait> {
  const clock = new VirtualClock();
  clock.random = chance;
  const start = clock.now();
  const looks: number[] = [];
  const told: (readonly [string, number])[] = [];
  const look = (): Promise<Look<string>> => {
    const elapsed = clock.now() - start;
    looks.push(elapsed);
    assert.ok(looks.length < 10_000, "a wait that never ends");
    return Promise.resolve(
      elapsed >= durationMs
        ? { done: true, result: "over" }
        : { done: false, progress: `look ${looks.length}`, retryAfterMs: retryAfterMs?.(looks.length) },
    );
  };
  const waited = await waitUntil(look, {
    clock,
    timeoutMs: 30 * MINUTE,
    firstPauseMs: 2 * SECOND,
    lookFirst: false,
    onProgress: (progress, waitedMs) => told.push([progress, waitedMs]),
    ...options,
  });
  if (waited.done) {
    assert.equal(waited.result, "over");
  } else {
    assert.equal(waited.waitedMs, clock.now() - start);
  }
  return { clock, looks, told, done: waited.done, tookMs: clock.now() - start };
}

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The next one of a stream that has no end. */
function nextOf<T>(stream: fc.Stream<T>): T {
  const next = stream.next();
  return next.done === true ? assert.fail("the stream has an end") : next.value;
}

describe("waiting", () => {
  it("goes on as before where the clock of this machine is set back an hour", async () => {
    const clock = new VirtualClock();
    clock.in(30 * SECOND, () => {
      clock.setBack(60 * MINUTE);
    });
    const told: number[] = [];
    const waited = await waitUntil(() => Promise.resolve({ done: false, progress: "In Progress" }), {
      clock,
      timeoutMs: 2 * MINUTE,
      firstPauseMs: 10 * SECOND,
      lookFirst: true,
      onProgress: (_progress, waitedMs) => told.push(waitedMs / SECOND),
    });
    assert.deepEqual(waited, { done: false, waitedMs: 2 * MINUTE });
    assert.deepEqual(told, [0, 10, 20, 30, 40, 50, 60, 72, 86.4, 103.68, 120]);
  });

  describe("pauses", () => {
    const table: readonly (readonly [waitedMs: number, firstPauseMs: number, random: number, pause: number])[] = [
      [0, 2000, 0, 2000],
      [10_000, 2000, 0, 2000],
      [15_000, 2000, 0, 3000],
      [100_000, 2000, 0, 20_000],
      [300_000, 2000, 0, 60_000],
      [3_600_000, 2000, 0, 60_000],
      [0, 120_000, 0, 120_000],
      [3_600_000, 120_000, 0, 120_000],
      [0, 1, 0, 1],
    ];
    for (const [waitedMs, firstPauseMs, random, pause] of table) {
      it(`are ${pause} after ${waitedMs} with a first of ${firstPauseMs}`, () => {
        assert.equal(nextPause(waitedMs, firstPauseMs, random), pause);
      });
    }

    it("are a fifth of the time waited, at least the first and at most a minute, less a little jitter", () => {
      fc.assert(
        fc.property(
          fc.nat({ max: 86_400_000 }),
          fc.integer({ min: 1, max: 86_400_000 }),
          chance,
          (waited, first, random) => {
            const pause = nextPause(waited, first, random);
            const plain = nextPause(waited, first, 0);
            assert.ok(Number.isInteger(pause));
            assert.ok(pause <= plain && pause >= Math.floor(plain * 0.96));
            assert.ok(plain >= Math.min(first, LONGEST_PAUSE_MS) && plain <= Math.max(first, LONGEST_PAUSE_MS));
            assert.ok(plain <= Math.max(first, waited / 5 + 1));
          },
        ),
      );
    });
  });

  describe("for a task", () => {
    it("asks at most 16 times in a minute and 30 times in ten, whatever the jitter", async () => {
      for (const random of [0, 0.25, 0.5, 0.75, 0.999_999]) {
        assert.ok((await waitFor(MINUTE, {}, () => random)).looks.length <= 16, `a minute with ${random}`);
        assert.ok((await waitFor(10 * MINUTE, {}, () => random)).looks.length <= 30, `ten minutes with ${random}`);
      }
      await fc.assert(
        fc.asyncProperty(fc.infiniteStream(chance), async (chances) => {
          const next = (): number => nextOf(chances);
          assert.ok((await waitFor(MINUTE, {}, next)).looks.length <= 16);
          assert.ok((await waitFor(10 * MINUTE, {}, next)).looks.length <= 30);
        }),
      );
    });

    it("takes at most a fifth longer than the task, from ten seconds on", async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 10 * SECOND, max: 5 * MINUTE }), chance, async (durationMs, random) => {
          const { tookMs, done } = await waitFor(durationMs, {}, () => random);
          assert.ok(done);
          assert.ok(tookMs <= durationMs * 1.2 + 1, `${tookMs} for ${durationMs}`);
        }),
      );
    });

    it("takes at most a tenth longer on average, for tasks of thirty seconds and more", async () => {
      let overhead = 0;
      const durations = Array.from({ length: 200 }, (_, index) => 30 * SECOND + index * 4567);
      for (const durationMs of durations) {
        overhead += (await waitFor(durationMs, {}, () => 0.5)).tookMs / durationMs - 1;
      }
      assert.ok(overhead / durations.length <= 0.1, `${overhead / durations.length}`);
    });

    it("sees the end of a short task within one first pause, of a long one within a minute", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: 29 * MINUTE }), chance, async (durationMs, random) => {
          const { tookMs } = await waitFor(durationMs, {}, () => random);
          assert.ok(tookMs - durationMs <= (durationMs < 10 * SECOND ? 2 * SECOND : MINUTE));
        }),
      );
    });
  });

  describe("for what was begun", () => {
    it("a moment ago pauses first, and else looks at once", async () => {
      assert.deepEqual((await waitFor(0, { lookFirst: true })).looks, [0]);
      assert.deepEqual((await waitFor(0, { lookFirst: false })).looks, [2000]);
    });

    it("tells each look that does not end it, with the time waited", async () => {
      const { told } = await waitFor(5 * SECOND);
      assert.deepEqual(told, [
        ["look 1", 2000],
        ["look 2", 4000],
      ]);
    });
  });

  describe("in vain", () => {
    it("ends exactly when its time is up, with a last look", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 60 * MINUTE }),
          fc.integer({ min: 1, max: 5 * MINUTE }),
          fc.boolean(),
          chance,
          async (timeoutMs, firstPauseMs, lookFirst, random) => {
            const { done, tookMs, looks } = await waitFor(
              Infinity,
              { timeoutMs, firstPauseMs, lookFirst },
              () => random,
            );
            assert.equal(done, false);
            assert.equal(tookMs, timeoutMs);
            assert.equal(looks.at(-1), timeoutMs);
          },
        ),
      );
    });

    it("looks once where there is no time at all", async () => {
      assert.deepEqual((await waitFor(Infinity, { timeoutMs: 0, lookFirst: true })).looks, [0]);
      assert.deepEqual((await waitFor(Infinity, { timeoutMs: 0, lookFirst: false })).looks, [0]);
    });

    it("sees what ended at the last moment", async () => {
      assert.equal((await waitFor(10 * SECOND, { timeoutMs: 10 * SECOND })).done, true);
    });
  });

  describe("by the server's wish", () => {
    it("pauses for Retry-After instead of its own pause, longer or shorter", async () => {
      const { looks } = await waitFor(
        MINUTE,
        {},
        () => 0,
        (number) => (number === 1 ? 30_000 : number === 2 ? 500 : undefined),
      );
      assert.deepEqual(looks.slice(0, 4), [2000, 32_000, 32_500, 39_000]);
    });

    it("pauses its own time where Retry-After is over already", async () => {
      const { looks } = await waitFor(
        MINUTE,
        {},
        () => 0,
        () => 0,
      );
      assert.deepEqual(looks, (await waitFor(MINUTE)).looks);
    });

    it("never looks before Retry-After is over, and never waits longer than its time", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 20 * MINUTE }),
          fc.infiniteStream(fc.option(fc.integer({ min: 1000, max: 15 * MINUTE }), { nil: undefined })),
          async (timeoutMs, wishes) => {
            const asked: (number | undefined)[] = [];
            const { looks, tookMs } = await waitFor(
              Infinity,
              { timeoutMs },
              () => 0,
              () => {
                const wish = nextOf(wishes);
                asked.push(wish);
                return wish;
              },
            );
            assert.ok(tookMs <= timeoutMs);
            looks.slice(1).forEach((at, index) => {
              assert.ok(at - (looks[index] ?? 0) >= (asked[index] ?? 0));
            });
          },
        ),
      );
    });

    it("sleeps out its time where Retry-After goes beyond it, so that no one is told too early that it was in vain", async () => {
      const { looks, tookMs, done } = await waitFor(
        Infinity,
        { timeoutMs: MINUTE },
        () => 0,
        () => 5 * MINUTE,
      );
      assert.deepEqual([looks, tookMs, done], [[2000], MINUTE, false]);
    });
  });

  describe("ends with", () => {
    it("the error of a look", async () => {
      const clock = new VirtualClock();
      await assert.rejects(
        waitUntil(() => Promise.reject(new Error("no such task")), {
          clock,
          timeoutMs: MINUTE,
          firstPauseMs: SECOND,
          lookFirst: true,
        }),
        /no such task/,
      );
      assert.deepEqual(clock.pauses, []);
    });

    it("the reason of its signal, at the next pause at the latest", async () => {
      const controller = new AbortController();
      const clock = new VirtualClock();
      clock.in(5500, () => {
        controller.abort(new Error("Ctrl-C"));
      });
      let looks = 0;
      await assert.rejects(
        waitUntil(
          () => {
            looks += 1;
            return Promise.resolve({ done: false, progress: "" });
          },
          { clock, timeoutMs: MINUTE, firstPauseMs: 2 * SECOND, lookFirst: true, signal: controller.signal },
        ),
        /Ctrl-C/,
      );
      assert.equal(looks, 3);
      await assert.rejects(waitFor(MINUTE, { signal: controller.signal }), /Ctrl-C/);
    });
  });
});
