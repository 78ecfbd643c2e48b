import assert from "node:assert/strict";
import { signalFor } from "../../../provider/systems/transport/attempt-signal";

describe("an attempt under way when the run is cancelled", () => {
  for (const [method, isOver] of [
    ["GET", true],
    ["PUT", false],
  ] as const) {
    it(`${isOver ? "is given up at once" : "goes on for now"}: ${method}`, () => {
      const run = new AbortController();
      const { signal, timedOut, release } = signalFor({ method, signal: run.signal }, 60_000);
      run.abort();
      assert.equal(signal.aborted, isOver);
      assert.equal(timedOut(), false);
      release();
    });
  }
});
