import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { messageOf } from "../../provider/text/errors";
import type { RewrittenFile } from "../rightsize/edits/rewritten-fleet";
import { UserError } from "./user-error";
import { writeWhole } from "./whole-file";

const BYTE_ORDER_MARK = "\ufeff";

/**
 * Writes new texts of files that exist, all or none, each with the byte-order mark that it had.
 * @throws {UserError} naming the file that cannot be written; all are as they were then.
 */
export function writeFiles(files: readonly RewrittenFile[]): void {
  const before = files.map((file) => ({ ...file, old: readable(file) }));
  const written: typeof before = [];
  for (const file of before) {
    try {
      written.push(file);
      writeWhole(file.whole, (file.old.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "") + file.text);
    } catch (error) {
      for (const { whole, old } of written) {
        restore(whole, old);
      }
      throw new UserError(`${file.shown} cannot be written (${messageOf(error)}); no file was changed.`);
    }
  }
}

/** Before anything is written: a file that its owner made read-only is not replaced, though that may be possible. */
function readable({ whole, shown }: RewrittenFile): string {
  try {
    accessSync(whole, constants.W_OK);
    if ((statSync(whole).mode & 0o222) === 0) {
      throw new Error("it is read-only");
    }
    return readFileSync(whole, "utf8");
  } catch (error) {
    throw new UserError(`${shown} cannot be written (${messageOf(error)}); no file was changed.`);
  }
}

function restore(whole: string, old: string): void {
  try {
    if (readFileSync(whole, "utf8") !== old) {
      writeWhole(whole, old);
    }
  } catch {
    // The error that is about to be reported names the cause.
  }
}
