import { existsSync } from "node:fs";
import path from "node:path";
import { Option } from "commander";
import type { CheckedFleet } from "../../fleet/check-fleet";
import { type DeclaredFleet, isEmptyFleet } from "../../fleet/kinds";
import { loadFleet } from "../../fleet/load-fleet";
import { mistakeLines } from "../../fleet/mistake";
import { NO_OBJECT } from "../../provider/kinds";
import { noteLine } from "./output";
import { UserError } from "./user-error";

/** `--allow-empty`, as a command's options hold it. */
export interface AllowEmpty {
  readonly allowEmpty?: true;
}

/** `--allow-empty`, for commands that show what `pulumi up` would do. */
export function allowEmptyOption(): Option {
  return new Option("--allow-empty", "accept a fleet file, included file or table that declares nothing");
}

/**
 * What the fleet file that a command was given declares, or all that is wrong with it. A relative path starts at the working directory.
 * @throws {UserError} where it cannot be read at all.
 */
export function readFleetArgument(file: string, { allowEmpty }: AllowEmpty): CheckedFleet {
  const whole = path.resolve(file);
  if (!existsSync(whole)) {
    throw new UserError(`${file} does not exist: give the path of a fleet file, such as licenses.yaml.`);
  }
  const loaded = loadFleet(whole, file, { allowEmpty });
  if ("problem" in loaded) {
    throw new UserError(loaded.problem);
  }
  return loaded;
}

/**
 * The same for commands that have nothing to do where the file is wrong; warns of a file that declares nothing.
 * @throws {UserError} with all mistakes, a line each.
 */
export function fleetArgument(file: string, options: AllowEmpty): DeclaredFleet {
  const read = readFleetArgument(file, options);
  if ("mistakes" in read) {
    throw new UserError(
      [`${file} has mistakes; neither system was contacted.`, ...mistakeLines(file, read.mistakes)].join("\n"),
    );
  }
  if (isEmptyFleet(read.fleet)) {
    noteLine(`warning: ${file} declares ${NO_OBJECT}`);
  }
  return read.fleet;
}
