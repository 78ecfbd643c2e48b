import assert from "node:assert/strict";
import process from "node:process";
import fc from "fast-check";
import {
  isWrite,
  judge,
  longestUntilGivenUp,
  mayBeDone,
  LONGEST_RETRY_AFTER_MS,
  type Outcome,
  parseRetryAfter,
  pauseAfter,
  retryPause,
  type Verdict,
  wasTurnedAway,
} from "../../../provider/systems/transport/retry-policy";

const NOW = Date.parse("2026-03-01T12:00:00Z");

describe("retry policy", () => {
  describe("verdict", () => {
    const answered = (status: number, retryAfterMs?: number): Outcome => ({ kind: "answered", status, retryAfterMs });
    const table: readonly (readonly [what: string, outcome: Outcome, repeatable: Verdict, once: Verdict])[] = [
      ["no connection", { kind: "neverSent" }, "again", "again"],
      ["a certificate that is not trusted", { kind: "impossible" }, "final", "final"],
      ["a proxy that refuses with 403", { kind: "proxyRefused", status: 403 }, "final", "final"],
      ["a proxy that refuses with 407", { kind: "proxyRefused", status: 407 }, "final", "final"],
      ["a proxy that refuses with 502", { kind: "proxyRefused", status: 502 }, "again", "again"],
      ["a proxy that refuses with 503", { kind: "proxyRefused", status: 503 }, "again", "again"],
      ...[520, 521, 522, 523, 524, 530].flatMap((status): readonly (readonly [string, Outcome, Verdict, Verdict])[] => [
        [String(status), answered(status), "again", "lost"],
        [`${status} with Retry-After`, answered(status, 1000), "again", "lost"],
      ]),
      ["an answer that is too large", { kind: "tooLarge" }, "final", "lost"],
      ["a dropped connection", { kind: "dropped" }, "again", "lost"],
      ["a time-out", { kind: "timedOut" }, "again", "lost"],
      ["408", answered(408), "again", "lost"],
      ["408 with Retry-After", answered(408, 1000), "again", "lost"],
      ["429", answered(429), "again", "again"],
      ["429 with Retry-After", answered(429, 1000), "again", "again"],
      ["429 with Retry-After 0", answered(429, 0), "again", "again"],
      ["500", answered(500), "final", "final"],
      ["500 with Retry-After", answered(500, 1000), "final", "final"],
      ["502", answered(502), "again", "lost"],
      ["502 with Retry-After", answered(502, 1000), "again", "lost"],
      ["503", answered(503), "again", "lost"],
      ["503 with Retry-After", answered(503, 1000), "again", "again"],
      ["503 with Retry-After 0", answered(503, 0), "again", "again"],
      ["504", answered(504), "again", "lost"],
      ["504 with Retry-After", answered(504, 1000), "again", "lost"],
    ];
    for (const [what, outcome, repeatable, once] of table) {
      it(`on ${what}: ${repeatable}, or ${once} where it must not arrive twice`, () => {
        assert.deepEqual([judge(outcome, "repeatable"), judge(outcome, "once")], [repeatable, once]);
        assert.equal(mayBeDone(outcome), once === "lost");
      });
    }

    it("on any other status: final", () => {
      const special = new Set([408, 429, 502, 503, 504, 520, 521, 522, 523, 524, 530]);
      for (let status = 200; status < 600; status += 1) {
        if (!special.has(status)) {
          assert.equal(judge(answered(status), "repeatable"), "final");
          assert.equal(judge(answered(status), "once"), "final");
          assert.equal(judge(answered(status, 1000), "once"), "final");
        }
      }
    });

    it("counts a PUT, a PATCH and a POST that must not arrive twice as writes", () => {
      for (const method of ["GET", "PUT", "PATCH", "POST"]) {
        for (const repetition of ["repeatable", "once"] as const) {
          const expected = method === "PUT" || method === "PATCH" || (method === "POST" && repetition === "once");
          assert.equal(isWrite({ method, repetition }), expected);
        }
      }
    });

    it("never asks again, without a look, for what may have been done and must not be done twice", () => {
      const mayHaveBeenDone: readonly Outcome[] = [
        { kind: "dropped" },
        { kind: "tooLarge" },
        { kind: "timedOut" },
        ...[408, 502, 503, 504, 520, 521, 522, 523, 524, 530].map((status) => answered(status)),
      ];
      for (const outcome of mayHaveBeenDone) {
        assert.equal(judge(outcome, "once"), "lost");
      }
    });
  });

  describe("next attempt", () => {
    const answered = (status: number, retryAfterMs?: number): Outcome => ({ kind: "answered", status, retryAfterMs });

    it("follows as often as maxRetries says, and never after a Retry-After that is too long", () => {
      const options = { maxRetries: 5, random: 0.5 };
      assert.notEqual(pauseAfter({ kind: "neverSent" }, 5, options), undefined);
      assert.equal(pauseAfter({ kind: "neverSent" }, 6, options), undefined);
      assert.equal(pauseAfter(answered(429, LONGEST_RETRY_AFTER_MS), 1, options), LONGEST_RETRY_AFTER_MS);
      assert.equal(pauseAfter(answered(429, LONGEST_RETRY_AFTER_MS + 1), 1, options), undefined);
    });

    const table: readonly (readonly [outcome: Outcome, pauseMs: number, holdsHost: boolean])[] = [
      [{ kind: "neverSent" }, 500, false],
      [{ kind: "dropped" }, 500, false],
      [{ kind: "proxyRefused", status: 503 }, 500, false],
      [{ kind: "proxyRefused", status: 429 }, 500, false],
      [answered(429), 500, true],
      [answered(429, 3000), 3000, true],
      [answered(503), 500, false],
      [answered(503, 3000), 3000, true],
      [answered(503, 100), 500, true],
      [answered(502, 3000), 3000, false],
      [answered(408, 3000), 3000, false],
    ];
    for (const [outcome, pauseMs, holdsHost] of table) {
      it(`after ${JSON.stringify(outcome)} comes in ${pauseMs} ms, for ${holdsHost ? "the whole host" : "this call"}`, () => {
        assert.equal(pauseAfter(outcome, 1, { maxRetries: 5, random: 0.5 }), pauseMs);
        assert.equal(wasTurnedAway(outcome), holdsHost);
      });
    }

    const longest: readonly (readonly [outcome: Outcome, attempt: number, milliseconds: number])[] = [
      // The pauses before attempts 2 to 4 are half a second, one and two, each with the longest jitter.
      [{ kind: "neverSent" }, 1, 625 + 1250 + 2500],
      [{ kind: "neverSent" }, 3, 2500],
      [{ kind: "neverSent" }, 4, 0],
      [{ kind: "neverSent" }, 5, 0],
      [{ kind: "timedOut" }, 2, 1250 + 2500 + 2 * 30_000],
      [answered(503, 2000), 1, 2000 + 2000 + 2500],
      [answered(503), 1, 625 + 1250 + 2500],
    ];
    for (const [outcome, attempt, milliseconds] of longest) {
      it(`after attempt ${attempt} of 4 with ${JSON.stringify(outcome)} leaves at most ${milliseconds} ms`, () => {
        const limits = { maxRetries: 3, requestTimeoutMs: 30_000 };
        assert.equal(longestUntilGivenUp(outcome, attempt, limits), milliseconds);
      });
    }

    it("is the last one before the time that progress names", () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 12 }),
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          fc.constantFrom<Outcome>({ kind: "neverSent" }, { kind: "timedOut" }, answered(429, 4000), answered(502)),
          (maxRetries, random, outcome) => {
            const limits = { maxRetries, requestTimeoutMs: 30_000 };
            let passed = 0;
            for (let attempt = 1; ; attempt += 1) {
              const pauseMs = pauseAfter(outcome, attempt, { maxRetries, random });
              if (pauseMs === undefined) {
                break;
              }
              passed += pauseMs + (outcome.kind === "timedOut" ? 30_000 : 0);
            }
            assert.ok(passed <= longestUntilGivenUp(outcome, 1, limits));
          },
        ),
      );
    });
  });

  describe("hold of a host", () => {
    it("comes with a 429, and with a 503 that has a Retry-After", () => {
      for (let status = 200; status < 600; status += 1) {
        const held = status === 429 || status === 503;
        assert.equal(wasTurnedAway({ kind: "answered", status, retryAfterMs: 0 }), held);
        assert.equal(wasTurnedAway({ kind: "answered", status }), status === 429);
      }
      assert.equal(wasTurnedAway({ kind: "neverSent" }), false);
      assert.equal(wasTurnedAway({ kind: "proxyRefused", status: 429 }), false);
    });
  });

  describe("pause before the next attempt", () => {
    it("doubles from half a second, up to half a minute", () => {
      const pauses = Array.from({ length: 9 }, (_, index) => retryPause(index + 1, 0.5));
      assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    });

    it("varies by at most a quarter, and is a whole number for any attempt", () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 10_000 }),
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          (attempt, random) => {
            const pause = retryPause(attempt, random);
            const middle = retryPause(attempt, 0.5);
            assert.ok(Number.isInteger(pause));
            assert.ok(pause >= middle * 0.75 - 1 && pause <= middle * 1.25 + 1);
          },
        ),
      );
    });
  });

  describe("Retry-After", () => {
    const table: readonly (readonly [header: string | undefined, milliseconds: number | undefined])[] = [
      [undefined, undefined],
      ["0", 0],
      ["1", 1000],
      [" 120 ", 120_000],
      ["007", 7000],
      // An HTTP date in each of the three forms of RFC 9110, 5.6.7.
      ["Sun, 01 Mar 2026 12:01:30 GMT", 90_000],
      ["Sunday, 01-Mar-26 12:01:30 GMT", 90_000],
      ["Sun Mar  1 12:01:30 2026", 90_000],
      ["Sun, 01 Mar 2026 12:01:30 UTC", 90_000],
      ["Sun, 01 Mar 2026 07:01:30 EST", 90_000],
      ["Sun, 01 Mar 2026 13:01:30 +0100", 90_000],
      // What lies in the past asks for nothing.
      ["Sun, 01 Mar 2026 11:59:59 GMT", 0],
      ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
      // Rubbish says nothing: above all it must not look like a wish to be called again at once.
      ["", undefined],
      [" ", undefined],
      ["-1", undefined],
      ["+1", undefined],
      ["1.5", undefined],
      ["1e3", undefined],
      ["0x10", undefined],
      ["soon", undefined],
      ["5 s", undefined],
      ["5 seconds", undefined],
      ["120 sec", undefined],
      ["after 5", undefined],
      ["in 3 minutes", undefined],
      ["PT5S", undefined],
      ["5, 10", undefined],
      ["May", undefined],
      ["Sun, 32 Mar 2026 12:01:30 GMT", undefined],
      ["Sun, 01 Mar 2026", undefined],
      ["NaN", undefined],
      ["Infinity", undefined],
      ["٥", undefined],
      ["null", undefined],
    ];
    for (const [header, milliseconds] of table) {
      it(`${header === undefined ? "that is not there" : JSON.stringify(header)} asks for ${milliseconds ?? "nothing"}`, () => {
        assert.equal(parseRetryAfter(header, NOW), milliseconds);
      });
    }

    describe("on a machine in another time zone", () => {
      const { TZ } = process.env;
      before(() => {
        process.env["TZ"] = "America/New_York";
      });
      after(() => {
        if (TZ === undefined) {
          delete process.env["TZ"];
        } else {
          process.env["TZ"] = TZ;
        }
      });

      it("reads a date without a zone as GMT", () => {
        assert.notEqual(new Date(NOW).getTimezoneOffset(), 0);
        assert.equal(parseRetryAfter("Sun Mar  1 12:01:30 2026", NOW), 90_000);
      });
    });

    it("of absurd length is a finite time, too long to be waited for", () => {
      for (const header of ["9".repeat(20), "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"]) {
        const milliseconds = parseRetryAfter(header, NOW) ?? 0;
        assert.ok(Number.isSafeInteger(milliseconds) && milliseconds > LONGEST_RETRY_AFTER_MS, header);
      }
    });

    it("is what it was made from, in seconds and as a date", () => {
      fc.assert(
        fc.property(fc.nat({ max: 10_000_000 }), (seconds) => {
          assert.equal(parseRetryAfter(String(seconds), NOW), seconds * 1000);
          assert.equal(parseRetryAfter(new Date(NOW + seconds * 1000).toUTCString(), NOW), seconds * 1000);
        }),
      );
    });

    it("is a whole number from 0, or nothing, for any text", () => {
      const words = fc
        .array(fc.constantFrom("Sun,", "01", "Mar", "2026", "12:01:30", "GMT", "5", "-5", "s", ":", "T", "Z", "99999"))
        .map((parts) => parts.join(" "));
      fc.assert(
        fc.property(fc.oneof(fc.string({ unit: "binary" }), words), (header) => {
          const milliseconds = parseRetryAfter(header, NOW);
          assert.ok(milliseconds === undefined || (Number.isSafeInteger(milliseconds) && milliseconds >= 0));
        }),
        { numRuns: 500 },
      );
    });
  });
});
