import { existsSync } from "node:fs";
import path from "node:path";

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/**
 * The whole path of a fleet file. A relative one starts at the project's folder, or at `start` where there is no project.
 *
 * @param file Path of the file.
 * @param start Where the search for the project begins: the working directory, which may be a folder below the project's.
 */
export function fleetFilePath(file: string, start: string): string {
  return path.resolve(findProjectFolder(start) ?? start, file);
}

/** The nearest folder, from `start` upwards, that holds Pulumi.yaml; `undefined` where there is none. */
function findProjectFolder(start: string): string | undefined {
  const folder = path.resolve(start);
  if (PROJECT_FILES.some((name) => existsSync(path.join(folder, name)))) {
    return folder;
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : findProjectFolder(parent);
}
