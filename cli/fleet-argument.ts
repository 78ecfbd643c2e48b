import { existsSync } from "node:fs";
import path from "node:path";
import type { CheckedFleet, DeclaredFleet } from "../fleet/check-fleet";
import { loadFleet } from "../fleet/load-fleet";
import { mistakeLines } from "../fleet/mistake";
import { noteLine } from "./output";
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
  const loaded = loadFleet(whole, file);
  if ("problem" in loaded) {
    throw new UserError(loaded.problem);
  }
  return loaded;
}

/** Whether a fleet declares nothing, which `pulumi up` takes for an order to remove everything from the stack. */
export function isEmpty({ customers, tenants }: DeclaredFleet): boolean {
  return customers.length === 0 && tenants.length === 0;
}

/**
 * The same for commands that have nothing to do where the file is wrong; warns of a file that declares nothing.
 * @throws {UserError} with all mistakes, a line each.
 */
export function fleetArgument(file: string): DeclaredFleet {
  const read = readFleetArgument(file);
  if ("mistakes" in read) {
    throw new UserError(
      [`${file} has mistakes; neither system was contacted.`, ...mistakeLines(file, read.mistakes)].join("\n"),
    );
  }
  if (isEmpty(read.fleet)) {
    noteLine(`warning: ${file} declares no customer and no tenant`);
  }
  return read.fleet;
}
