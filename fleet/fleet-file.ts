import { existsSync, readFileSync } from "node:fs";
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

/** The text of a file, or why it could not be had: what follows its name in a sentence. */
export type FileText = { readonly text: string } | { readonly problem: string };

/** Reads a file of text in UTF-8. */
export function readTextFile(whole: string): FileText {
  let bytes: Buffer;
  try {
    bytes = readFileSync(whole);
  } catch (error) {
    return { problem: describe(error) };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { problem: "is not text in UTF-8: save it as such" };
  }
}

function describe(error: unknown): string {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "does not exist. Make one, or name another with `pulumi config set voice-licenses:file <path>`; a relative path starts at the folder of Pulumi.yaml";
    case "EISDIR":
      return "is a folder";
    default:
      return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
