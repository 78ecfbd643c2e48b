/**
 * How much the tests try, loaded before all of them: `npm test` draws the same random cases each time, and a sample of the sweeps; the
 * nightly form (`npm run test:nightly`) draws new ones and runs every sweep in full.
 */
import process from "node:process";
import fc from "fast-check";

/** Whether this is the nightly form. */
export const isNightly = process.env["NIGHTLY"] === "1";

/** Where all random cases come from; `VOICE_LICENSES_SEED` repeats those of another run. */
const seed = Number(process.env["VOICE_LICENSES_SEED"] ?? "20261126");

fc.configureGlobal({ seed, ...(isNightly ? { numRuns: 1000 } : {}) });
