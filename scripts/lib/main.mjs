// @ts-check
import process from "node:process";
import { SetUpError } from "./set-up-error.mjs";

/**
 * Runs a script's body and sets the exit code: what the body returns, or 1 after an error.
 * @param {() => Promise<number | void>} body
 */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    const text = error instanceof SetUpError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
