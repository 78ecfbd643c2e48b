import { readFileSync } from "node:fs";
import { messageOf } from "../provider/errors";

/** The text of a file, or why it could not be had: what follows its name in a sentence, without a full stop. */
export type FileText = { readonly text: string } | { readonly problem: string; readonly isMissing?: true };

/** Reads a file of text in UTF-8, without its byte-order mark. */
export function readTextFile(whole: string): FileText {
  let bytes: Buffer;
  try {
    bytes = readFileSync(whole);
  } catch (error) {
    return describe(error);
  }
  // What is written in UTF-16 may be UTF-8 as well, with a NUL in each letter.
  if (bytes.includes(0)) {
    return { problem: "is not text in UTF-8: save it as such" };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { problem: "is not text in UTF-8: save it as such" };
  }
}

function describe(error: unknown): Exclude<FileText, { readonly text: string }> {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return { problem: "does not exist", isMissing: true };
    case "EISDIR":
      return { problem: "is a directory" };
    default:
      return { problem: `cannot be read (${messageOf(error)})` };
  }
}
