import assert from "node:assert/strict";
import { Registrations } from "../../../provider/edges/native/registrations";
import type { Clock } from "../../../provider/time/clock";

const { signal } = new AbortController();

/** A clock that only sleeping moves, and what happens while somebody sleeps. */
function clockWith(onSleep: () => void): Clock {
  let now = 0;
  return {
    now: () => now,
    random: () => 0,
    sleep: (milliseconds) => {
      now += milliseconds;
      onSleep();
      return Promise.resolve();
    },
  };
}

describe("the registrations of a program", () => {
  it("have settled where none was made", async () => {
    const clock = clockWith(() => undefined);
    await new Registrations(clock).settled(signal);
    assert.equal(clock.now(), 0);
  });

  it("settle half a second after the last one, also where more come meanwhile", async () => {
    let more = 3;
    const clock = clockWith(() => {
      if (more > 0) {
        more -= 1;
        registrations.note();
      }
    });
    const registrations = new Registrations(clock);
    registrations.note();
    await registrations.settled(signal);
    assert.equal(clock.now(), 2000);
  });

  it("are not waited for longer than five seconds", async () => {
    const clock = clockWith(() => {
      registrations.note();
    });
    const registrations = new Registrations(clock);
    registrations.note();
    await registrations.settled(signal);
    assert.equal(clock.now(), 5000);
  });
});
