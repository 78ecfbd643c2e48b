import { accessSync, constants } from "node:fs";
import path from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** What a browser without a window is started with beside what playwright gives, so that it calls nobody of its own accord. */
export const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The browser that tests use: what `CHROMIUM_PATH` names, else the first Chromium on the PATH, else `undefined`.
 * @throws {Error} where `CHROMIUM_PATH` names something that cannot be run: who sets it does not want the tests skipped.
 */
export function findBrowser(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") {
    if (!canRun(named)) {
      throw new Error(`CHROMIUM_PATH is ${named}, which is no file that can be run. Name a Chromium, or leave it out.`);
    }
    return named;
  }
  const folders = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(canRun);
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
