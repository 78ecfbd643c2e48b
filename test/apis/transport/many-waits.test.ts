import assert from "node:assert/strict";
import { HostGate } from "../../../provider/systems/transport/host-gate";
import { LONGEST_PAUSE_MS, waitUntil } from "../../../provider/time/wait-until";
import { SharedClock } from "../../support/shared-clock";

const TASKS = 1000;
const RATE = 50;
const LATENCY_MS = 40;
const FIRST_PAUSE_MS = 2000;

interface Task {
  readonly durationMs: number;
  readonly looks: number[];
  noticedAt: number;
}

/** A thousand tasks of one to ten minutes, all begun at once, and looked at through one gate. */
async function waitForAll(requestsPerSecond: number | undefined): Promise<{ tasks: Task[]; arrivals: number[] }> {
  const clock = new SharedClock(0);
  const gate = new HostGate({ maxConcurrency: 16, requestsPerSecond }, clock);
  const arrivals: number[] = [];
  const tasks = Array.from({ length: TASKS }, (_, index) => ({
    durationMs: 60_000 + (index % 10) * 60_000,
    looks: [] as number[],
    noticedAt: Number.NaN,
  }));
  await clock.passUntil(
    Promise.all(
      tasks.map(async (task) => {
        const look = (): Promise<{ done: true; result: string } | { done: false; progress: string }> =>
          gate.run(async () => {
            arrivals.push(clock.now());
            task.looks.push(clock.now());
            await clock.sleep(LATENCY_MS);
            return clock.now() >= task.durationMs ? { done: true, result: "" } : { done: false, progress: "" };
          });
        const options = { clock, timeoutMs: 1_800_000, firstPauseMs: FIRST_PAUSE_MS, lookFirst: false };
        const waited = await waitUntil(look, options);
        assert.ok(waited.done);
        task.noticedAt = clock.now();
      }),
    ),
  );
  return { tasks, arrivals };
}

function longestGap(times: readonly number[]): number {
  return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}

describe("a thousand waits at a time", () => {
  it("keep the rate in each second, use it to nine tenths while all are due, and starve nobody", async () => {
    const { tasks, arrivals } = await waitForAll(RATE);
    const perSecond = new Map<number, number>();
    for (const at of arrivals) {
      const second = Math.floor(at / 1000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    assert.ok(Math.max(...perSecond.values()) <= RATE * 1.1);
    const early = arrivals.filter((at) => at >= FIRST_PAUSE_MS && at < 32_000).length;
    assert.ok(early >= 30 * RATE * 0.9, `${early} looks in the first half minute`);
    // A round of all takes so long; nobody waits longer for a turn.
    const roundMs = (TASKS / RATE) * 1000;
    for (const { looks, durationMs, noticedAt } of tasks) {
      assert.ok(longestGap(looks) <= LONGEST_PAUSE_MS + roundMs * 1.1, `${longestGap(looks)} ms between two looks`);
      assert.ok(noticedAt - durationMs <= durationMs / 5 + roundMs * 1.1, `${noticedAt} for ${durationMs}`);
    }
  });

  it("cost nothing but their own pauses where there is no limit", async () => {
    const { tasks } = await waitForAll(undefined);
    for (const { looks, durationMs, noticedAt } of tasks) {
      // All begin in the same moment here, so that the last of a round waits until all others have had their turn.
      const roundMs = (TASKS / 16) * LATENCY_MS;
      assert.ok(noticedAt - durationMs <= durationMs / 5 + roundMs, `${noticedAt} for ${durationMs}`);
      assert.ok(looks.length <= 30, `${looks.length} looks`);
    }
    const overheads = tasks.map(({ durationMs, noticedAt }) => noticedAt / durationMs - 1);
    const mean = overheads.reduce((sum, one) => sum + one, 0) / TASKS;
    assert.ok(mean <= 0.1, `${mean}`);
  });
});
