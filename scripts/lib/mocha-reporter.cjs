// @ts-check
"use strict";

// CommonJS, because mocha loads reporters with require() on every Node that this package supports.
const { writeFileSync } = require("node:fs");
const path = require("node:path");
const { reporters, Runner } = require("mocha");

/** A test that takes longer than this gets a line of its own, in milliseconds. */
const SLOW_MS = 3_000;

const PATIENCE_MS = 10_000;

/**
 * One line a test file, a line for each slow or failing test, the details of all failures at the end, and the counts as
 * JSON (`{passed, failed, skipped}`) in the file that the reporter option `output` names. The option `patience` is how
 * many milliseconds mocha may take to end after the last test (default 10 000).
 */
class FileReporter extends reporters.Base {
  /**
   * @param {import("mocha").Runner} runner
   * @param {import("mocha").MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Runner.constants;
    const color = reporters.Base.color;
    /** @type {{ file: string, passed: number, failed: number, skipped: number, since: number, tests: number } | undefined} */
    let current;
    const closeFile = () => {
      if (current === undefined) {
        return;
      }
      const { file, passed, failed, skipped, since, tests } = current;
      // With --parallel the events of a file come all at once, after it; without, the time of its hooks counts too.
      const elapsed = Math.max(tests, performance.now() - since);
      const counts = [
        `${passed} passed`,
        ...(failed ? [`${failed} failed`] : []),
        ...(skipped ? [`${skipped} skipped`] : []),
      ];
      const word = failed > 0 ? color("fail", "FAIL") : color("green", "ok  ");
      console.log(`  ${word} ${file}  ${color("light", `${counts.join(", ")}, ${seconds(elapsed)}`)}`);
      current = undefined;
    };
    const fileOf = (/** @type {import("mocha").Runnable} */ test) => {
      const file = test.file === undefined ? "(hooks)" : path.relative(process.cwd(), test.file);
      if (current?.file !== file) {
        closeFile();
        // The first event comes when its test has ended.
        current = { file, passed: 0, failed: 0, skipped: 0, since: performance.now() - (test.duration ?? 0), tests: 0 };
      }
      current.tests += test.duration ?? 0;
      return current;
    };
    runner.on(EVENT_TEST_PASS, (test) => {
      fileOf(test).passed += 1;
      if ((test.duration ?? 0) > SLOW_MS) {
        console.log(color("light", `       ${test.fullTitle()} (${seconds(test.duration ?? 0)})`));
      }
    });
    runner.on(EVENT_TEST_PENDING, (test) => {
      fileOf(test).skipped += 1;
    });
    runner.on(EVENT_TEST_FAIL, (test) => {
      fileOf(test).failed += 1;
      console.log(color("fail", `       failed: ${test.fullTitle()}`));
    });
    runner.once(EVENT_RUN_END, () => {
      closeFile();
      if (this.failures.length > 0) {
        reporters.Base.list(this.failures);
      }
      const output = options.reporterOptions?.output;
      if (output !== undefined) {
        const { passes, failures, pending } = this.stats;
        writeFileSync(output, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
      }
      endWhatHangs(Number(options.reporterOptions?.patience ?? PATIENCE_MS));
    });
  }
}

/**
 * mocha waits for ever where a test leaves a server or a timer behind: says so, and ends as failed. Where nothing was
 * left behind, this timer alone keeps nothing alive.
 * @param {number} patience in milliseconds
 */
function endWhatHangs(patience) {
  const giveUp = () => {
    const held = process.getActiveResourcesInfo().filter((name) => !["TTYWrap", "PipeWrap"].includes(name));
    console.log(`  FAIL the tests are over, but something was left open: ${held.join(", ")}`);
    // mocha sets the exit code itself while the process ends; this listener comes after its own.
    process.on("exit", () => {
      process.exitCode = 1;
    });
    process.exit();
  };
  setTimeout(giveUp, patience).unref();
}

/**
 * @param {number} milliseconds
 * @returns {string}
 */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

module.exports = FileReporter;
