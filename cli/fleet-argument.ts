import { existsSync } from "node:fs";
import path from "node:path";
import { checkFleet, type CheckedFleet, type DeclaredFleet } from "../fleet/check-fleet";
import { readFleetText } from "../fleet/fleet-file";
import { mistakeLines } from "../fleet/mistake";
import { UserError } from "./user-error";

/**
 * What the fleet file that a command was given declares, or all that is wrong with it. A relative path starts at the working directory.
 * @throws {UserError} where it cannot be read at all.
 */
export function readFleetArgument(file: string): CheckedFleet {
  const whole = path.resolve(file);
  if (!existsSync(whole)) {
    throw new UserError(`${file} does not exist: give the path of a fleet file, such as licenses.yaml.`);
  }
  const read = readFleetText(whole, process.cwd());
  if ("problem" in read) {
    throw new UserError(read.problem);
  }
  return checkFleet(read.text);
}

/**
 * The same for commands that have nothing to do where the file is wrong.
 * @throws {UserError} with all mistakes, a line each.
 */
export function fleetArgument(file: string): DeclaredFleet {
  const read = readFleetArgument(file);
  if ("mistakes" in read) {
    throw new UserError([`${file} has mistakes; nothing was asked.`, ...mistakeLines(file, read.mistakes)].join("\n"));
  }
  return read.fleet;
}
