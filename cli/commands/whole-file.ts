import {
  chmodSync,
  lstatSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { messageOf } from "../../provider/text/errors";
import { errorCode, UserError } from "./user-error";

/** Whether `--output` means standard output. */
export function isStandardOutput(file: string): boolean {
  return file === "-" || /^\/(?:dev\/(?:stdout|fd\/1)|proc\/self\/fd\/1)$/.test(file);
}

/**
 * The file that `--output` names; `undefined` for standard output.
 * @throws {UserError} where it names nothing.
 */
export function outputFile(output: string | undefined): string | undefined {
  if (output === "") {
    throw new UserError("--output is empty: give the path of a file, or - for standard output.");
  }
  return output === undefined || isStandardOutput(output) ? undefined : output;
}

/**
 * What is where an option says that something is to be written; `undefined` for nothing yet.
 * @throws {UserError} where nothing can ever be there.
 */
export function thereAlready(option: string, file: string, part = file): Stats | undefined {
  try {
    return statSync(part, { throwIfNoEntry: false });
  } catch (error) {
    if (errorCode(error) === "ENOTDIR") {
      // A part of its path is a file: callers look at what is above.
      return undefined;
    }
    throw new UserError(`${option} ${file} cannot be written: ${WHY_NOT[errorCode(error) ?? ""] ?? messageOf(error)}.`);
  }
}

const WHY_NOT: Readonly<Record<string, string>> = {
  ELOOP: "its symbolic links lead to each other and to no file",
  EACCES: "a directory on its path may not be entered by this user",
  ENAMETOOLONG: "its name is too long",
};

/**
 * Writes a file whole or not at all, with the mode that it had; through a symbolic link, to what the link leads to. A pipe or device is
 * written to, and so is a file that cannot be replaced, as one that is mounted.
 */
export function writeWhole(file: string, text: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !isReplaceable(file, there)) {
    // At its end: another process may have opened it already.
    writeFileSync(file, text, there.isFile() ? {} : { flag: "a" });
    return;
  }
  const target = targetOf(file);
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}`);
  try {
    writeFileSync(beside, text);
    if (there !== undefined) {
      chmodSync(beside, there.mode & 0o7777);
    }
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    if (there === undefined || !["EACCES", "EBUSY", "EPERM", "EROFS", "EXDEV"].includes(errorCode(error) ?? "")) {
      throw error;
    }
    writeFileSync(target, text);
  }
}

/** What a symbolic link leads to in the end, whether that exists or not; any other path itself. */
function targetOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const folder = path.dirname(file);
    const link = lstatSync(file, { throwIfNoEntry: false });
    return link?.isSymbolicLink() === true ? targetOf(path.resolve(folder, readlinkSync(file))) : file;
  }
}

/** Another name of the same file would keep the old text. */
function isReplaceable(file: string, there: Stats): boolean {
  return there.isFile() && there.nlink === 1 && !/^\/(?:dev|proc)\//.test(path.resolve(file));
}
