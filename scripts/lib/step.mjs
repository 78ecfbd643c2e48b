// @ts-check

/**
 * @typedef {object} StepResult
 * @property {string} name
 * @property {boolean} ok
 * @property {number} seconds
 * @property {string} [note] a few words beside the result
 */

/**
 * Times one step of the test command.
 * @param {string} name
 * @param {() => Promise<{ ok: boolean, note?: string }>} work
 * @returns {Promise<StepResult>}
 */
export async function step(name, work) {
  const started = performance.now();
  const result = await work();
  return { name, ...result, seconds: (performance.now() - started) / 1000 };
}

/**
 * The steps as a table: result, name, seconds, note.
 * @param {readonly StepResult[]} results
 * @returns {string}
 */
export function stepTable(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results
    .map(({ name, ok, seconds, note }) => {
      const time = `${seconds.toFixed(1)} s`.padStart(8);
      return `  ${ok ? "ok  " : "FAIL"}  ${name.padEnd(width)} ${time}${note === undefined ? "" : `  ${note}`}`;
    })
    .join("\n");
}
