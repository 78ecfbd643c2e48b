import assert from "node:assert/strict";
import fc from "fast-check";
import { HeldTooLong, HostGate, type HostLimits } from "../../../provider/systems/transport/host-gate";
import { LONGEST_RETRY_AFTER_MS } from "../../../provider/systems/transport/retry-policy";
import { SharedClock } from "../../support/shared-clock";
import { VirtualClock } from "../../support/virtual-clock";

/** What the host behind a gate saw. */
class Host {
  public readonly clock = new SharedClock(0);
  public readonly gate: HostGate;
  /** When each request arrived, and which one it was. */
  public readonly arrivals: { readonly at: number; readonly name: string }[] = [];
  public inFlight = 0;
  public mostInFlight = 0;

  public constructor(limits: Partial<HostLimits> = {}) {
    this.gate = new HostGate({ maxConcurrency: 16, ...limits }, this.clock);
  }

  /** One request that takes this long. */
  public request(
    name: string,
    latencyMs = 0,
    { signal, work }: { signal?: AbortSignal; work?: () => void } = {},
  ): Promise<string> {
    return this.gate.run(async () => {
      this.arrivals.push({ at: this.clock.now(), name });
      this.inFlight += 1;
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
      await this.clock.sleep(latencyMs);
      this.inFlight -= 1;
      work?.();
      return name;
    }, signal);
  }

  public requests(count: number, latencyMs = 0): Promise<string[]> {
    return this.clock.passUntil(
      Promise.all(Array.from({ length: count }, (_, index) => this.request(String(index), latencyMs))),
    );
  }

  public get times(): number[] {
    return this.arrivals.map(({ at }) => at);
  }

  public get names(): string[] {
    return this.arrivals.map(({ name }) => name);
  }
}

/** The most arrivals in any second, its end left out; sums of fractions are not exact. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 999.999).length));
}

describe("host gate", () => {
  it("gives what the work gives, and its error", async () => {
    const { gate } = new Host();
    assert.equal(await gate.run(() => Promise.resolve(7)), 7);
    await assert.rejects(
      gate.run(() => Promise.reject(new Error("broken"))),
      /broken/,
    );
  });

  it("frees the place of work that failed", async () => {
    const host = new Host({ maxConcurrency: 1 });
    await assert.rejects(host.gate.run(() => Promise.reject(new Error("broken"))));
    assert.deepEqual(await host.requests(2), ["0", "1"]);
  });

  describe("concurrency", () => {
    it("is used to the full and never exceeded, and all get through in the order in which they came", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 20 }),
          fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 60 }),
          async (maxConcurrency, latencies) => {
            const host = new Host({ maxConcurrency });
            await host.clock.passUntil(
              Promise.all(latencies.map((latencyMs, index) => host.request(String(index), latencyMs))),
            );
            assert.equal(host.mostInFlight, Math.min(maxConcurrency, latencies.length));
            assert.deepEqual(
              host.names,
              latencies.map((_, index) => String(index)),
            );
          },
        ),
      );
    });
  });

  describe("rate", () => {
    it("stays the same where the clock of this machine is set back an hour", async () => {
      const clock = new VirtualClock();
      const gate = new HostGate({ maxConcurrency: 16, requestsPerSecond: 2 }, clock);
      const starts: number[] = [];
      for (let request = 0; request < 4; request += 1) {
        await gate.run(() => Promise.resolve(starts.push(clock.elapsed())));
        clock.setBack(3_600_000);
      }
      assert.deepEqual(starts, [0, 500, 1000, 1500]);
    });

    for (const requestsPerSecond of [0.5, 1, 2, 5, 10, 16, 33, 100, 250]) {
      it(`of ${requestsPerSecond} is kept in every second, and used to nine tenths at least`, async () => {
        const host = new Host({ requestsPerSecond, maxConcurrency: 64 });
        const count = Math.ceil(Math.max(requestsPerSecond * 4, 5));
        await host.requests(count, 50);
        assert.ok(mostInASecond(host.times) <= Math.max(1, requestsPerSecond * 1.1), `${mostInASecond(host.times)}`);
        const seconds = (host.times.at(-1) ?? 0) / 1000;
        assert.ok((count - 1) / seconds >= requestsPerSecond * 0.9, `${count} in ${seconds} s`);
      });
    }

    it("is kept whenever the requests come and however often the host asks to be left alone", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 40 }),
          fc.integer({ min: 1, max: 20 }),
          fc.array(fc.tuple(fc.nat({ max: 3000 }), fc.nat({ max: 400 }), fc.option(fc.nat({ max: 3000 }))), {
            minLength: 1,
            maxLength: 60,
          }),
          async (requestsPerSecond, maxConcurrency, plan) => {
            const host = new Host({ requestsPerSecond, maxConcurrency });
            await host.clock.passUntil(
              Promise.all(
                plan.map(async ([startMs, latencyMs, holdMs], index) => {
                  await host.clock.sleep(startMs);
                  await host.request(String(index), latencyMs, {
                    work: () => {
                      if (holdMs !== null) {
                        host.gate.hold(holdMs);
                      }
                    },
                  });
                }),
              ),
            );
            assert.equal(host.arrivals.length, plan.length);
            assert.ok(host.mostInFlight <= maxConcurrency);
            assert.ok(mostInASecond(host.times) <= Math.max(1, requestsPerSecond * 1.1), host.times.join());
          },
        ),
      );
    });

    it("is kept on a machine whose timers are late, and still used to nine tenths", async () => {
      for (const requestsPerSecond of [10, 50, 200]) {
        const host = new Host({ requestsPerSecond, maxConcurrency: 64 });
        const punctual = host.clock.sleep.bind(host.clock);
        let late = 0;
        host.clock.sleep = (milliseconds, signal) => punctual(milliseconds + ((late += 7) % 13) / 4, signal);
        const count = requestsPerSecond * 4;
        await host.requests(count, 20);
        assert.ok(mostInASecond(host.times) <= requestsPerSecond * 1.1);
        assert.ok((count - 1) / ((host.times.at(-1) ?? 0) / 1000) >= requestsPerSecond * 0.9, `${requestsPerSecond}`);
      }
    });

    for (const requestsPerSecond of [5, 50, 200]) {
      it(`of ${requestsPerSecond} is kept to the letter where timers are punctual: nothing is saved up while it is not used`, async () => {
        const host = new Host({ requestsPerSecond, maxConcurrency: 64 });
        await host.requests(requestsPerSecond * 2, 20);
        await host.clock.passUntil(host.clock.sleep(60_000));
        await host.requests(requestsPerSecond * 2, 20);
        assert.equal(mostInASecond(host.times), requestsPerSecond);
      });
    }

    it("of a real host is kept as that host sees it, where requests arrive later than others", async () => {
      for (const requestsPerSecond of [50, 200]) {
        const host = new Host({ requestsPerSecond, maxConcurrency: 64 });
        const punctual = host.clock.sleep.bind(host.clock);
        let late = 0;
        host.clock.sleep = (milliseconds, signal) => punctual(milliseconds + ((late += 7) % 13) / 4, signal);
        await host.requests(requestsPerSecond * 4, 20);
        // A way of up to 20 ms, another one for each.
        const arrivals = host.times.map((at, index) => at + ((index * 7) % 20)).sort((a, b) => a - b);
        const most = mostInASecond(arrivals);
        assert.ok(most <= requestsPerSecond * 1.1, `${most} of ${requestsPerSecond}`);
      }
    });
  });

  describe("a hold", () => {
    it("keeps everyone back until it is over, and nobody longer than needed", async () => {
      const host = new Host();
      host.gate.hold(5000);
      await host.requests(10);
      assert.deepEqual(new Set(host.times), new Set([5000]));
    });

    it("is only ever made longer, also while it is waited for", async () => {
      const host = new Host();
      host.gate.hold(5000);
      host.gate.hold(3000);
      const requests = host.requests(3);
      void host.clock.sleep(4000).then(() => {
        host.gate.hold(5000);
      });
      await requests;
      assert.deepEqual(host.times, [9000, 9000, 9000]);
    });

    it("stops those too that wait for their turn", async () => {
      const host = new Host({ requestsPerSecond: 1, maxConcurrency: 4 });
      const requests = host.requests(6);
      void host.clock.sleep(1500).then(() => {
        host.gate.hold(8500);
      });
      await requests;
      assert.deepEqual(host.times, [0, 1000, 10_000, 11_000, 12_000, 13_000]);
    });

    it("is followed by few at first, and soon by as many as ever", async () => {
      const host = new Host({ maxConcurrency: 16 });
      host.gate.hold(1000);
      await host.requests(200, 100);
      const atOnce = [1000, 1100, 1200, 1300, 1400, 1500].map((from) => host.times.filter((at) => at === from).length);
      assert.deepEqual(atOnce, [1, 2, 4, 8, 16, 16]);
    });

    it("longer than anyone waits ends the wait of all at once, and is kept nevertheless", async () => {
      const host = new Host();
      host.gate.hold(LONGEST_RETRY_AFTER_MS + 1);
      await assert.rejects(host.request("too early"), (error) => {
        assert.ok(error instanceof HeldTooLong);
        assert.equal(error.leftMs, LONGEST_RETRY_AFTER_MS + 1);
        return true;
      });
      await host.clock.passUntil(host.clock.sleep(2));
      await host.clock.passUntil(host.request("in time"));
      assert.deepEqual(host.times, [LONGEST_RETRY_AFTER_MS + 1]);
    });

    it("made longer than anyone waits ends the wait of those who wait for it", async () => {
      const host = new Host();
      host.gate.hold(5000);
      const waiting = assert.rejects(host.clock.passUntil(host.request("waiting")), HeldTooLong);
      host.gate.hold(LONGEST_RETRY_AFTER_MS * 2);
      await waiting;
      assert.deepEqual(host.arrivals, []);
    });
  });

  describe("under a limit of the host's own", () => {
    const limits: readonly (readonly [perWindow: number, windowMs: number])[] = [
      [10, 10_000],
      [10, 1000],
      [5, 1000],
      [1, 1000],
    ];
    for (const [perWindow, windowMs] of limits) {
      for (const latencyMs of [20, 200]) {
        it(`of ${perWindow} in ${windowMs} ms, ${latencyMs} ms away, nobody is sent away more than five times`, async () => {
          const host = new Host();
          const { clock, gate } = host;
          const attempts: number[] = [];
          const windows = new Map<number, number>();
          let toldToWaitUntil = 0;
          /** Gives how long to wait, where the host takes no more in this window. */
          const serve = async (): Promise<number | undefined> => {
            assert.ok(clock.now() >= toldToWaitUntil, "called again before the time that the host gave");
            await clock.sleep(latencyMs / 2);
            const window = Math.floor(clock.now() / windowMs);
            const used = windows.get(window) ?? 0;
            windows.set(window, used + 1);
            const seconds = Math.ceil(((window + 1) * windowMs - clock.now()) / 1000);
            await clock.sleep(latencyMs / 2);
            return used < perWindow ? undefined : seconds * 1000;
          };
          const send = async (): Promise<void> => {
            const place = gate.takePlace();
            for (let attempt = 1; ; attempt += 1) {
              const isServed = await gate.run(
                async () => {
                  const retryAfterMs = await serve();
                  if (retryAfterMs !== undefined) {
                    toldToWaitUntil = Math.max(toldToWaitUntil, clock.now() + retryAfterMs);
                    gate.hold(retryAfterMs);
                  }
                  return retryAfterMs === undefined;
                },
                undefined,
                place,
              );
              if (isServed) {
                attempts.push(attempt);
                return;
              }
            }
          };
          await clock.passUntil(Promise.all(Array.from({ length: 100 }, send)));
          assert.ok(Math.max(...attempts) <= 6, `${Math.max(...attempts)} attempts`);
          const ideal = (100 / perWindow) * windowMs;
          assert.ok(clock.now() <= ideal * 2.5, `${clock.now()} ms of at least ${ideal}`);
        });
      }
    }
  });

  describe("a cancelled call", () => {
    const stop = new Error("stop");

    it("is not begun", async () => {
      const host = new Host();
      await assert.rejects(host.request("late", 0, { signal: AbortSignal.abort(stop) }), stop);
      assert.deepEqual(host.arrivals, []);
    });

    for (const [what, limits] of [
      ["for a free place", { maxConcurrency: 1 }],
      ["for its turn", { requestsPerSecond: 0.1 }],
      ["for the end of a hold", {}],
    ] as const) {
      it(`stops waiting ${what} at once, and is in nobody's way`, async () => {
        const host = new Host(limits);
        const controller = new AbortController();
        if (what.includes("hold")) {
          host.gate.hold(60_000);
        }
        const first = host.request("first", 60_000);
        const cancelled = host.request("cancelled", 0, { signal: controller.signal });
        const last = host.request("last");
        void host.clock.sleep(100).then(() => {
          controller.abort(stop);
        });
        const stoppedAt = host.clock.passUntil(
          cancelled.then(
            () => Number.NaN,
            (error: unknown) => {
              assert.equal(error, stop);
              return host.clock.now();
            },
          ),
        );
        assert.equal(await stoppedAt, 100);
        await host.clock.passUntil(Promise.all([first, last]));
        assert.deepEqual(host.names, ["first", "last"]);
      });
    }

    it("is not begun where it is cancelled in the moment in which it is admitted, and takes nobody's place with it", async () => {
      const host = new Host({ maxConcurrency: 1 });
      const controller = new AbortController();
      let answer = (): void => undefined;
      const first = host.gate.run(() => new Promise<void>((resolve) => (answer = resolve)));
      const cancelled = assert.rejects(host.request("cancelled", 0, { signal: controller.signal }), stop);
      const last = host.request("last");
      await new Promise((resolve) => setImmediate(resolve));
      answer();
      void Promise.resolve().then(() => {
        controller.abort(stop);
      });
      await host.clock.passUntil(Promise.all([first, cancelled, last]));
      assert.deepEqual(host.names, ["last"]);
    });

    it("leaves nobody asleep behind it", async () => {
      const host = new Host();
      host.gate.hold(60_000);
      const controller = new AbortController();
      const cancelled = assert.rejects(host.request("cancelled", 0, { signal: controller.signal }), stop);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(host.clock.asleep, 1);
      controller.abort(stop);
      await cancelled;
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(host.clock.asleep, 0);
    });
  });
});
