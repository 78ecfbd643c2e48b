import { readFileSync } from "node:fs";
import { messageOf } from "../provider/text/errors";

/** The text of a file, or why it could not be had: what follows its name in a sentence, without a full stop. */
export type FileText = { readonly text: string } | { readonly problem: string; readonly isMissing?: true };

const NOT_UTF_8 = "is not text in UTF-8: save it as such";

const SAVE_SHEET = "save the sheet as CSV in UTF-8, and name that file";

/** What is often given in place of a text, by its first bytes as Latin-1. */
const OTHER_FILES = [
  { begins: /^PK\x03\x04/, problem: `is a spreadsheet (such as .xlsx or .ods) or another zip archive: ${SAVE_SHEET}` },
  {
    begins: /^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/,
    problem: `is an Excel workbook of the old form (.xls): ${SAVE_SHEET}`,
  },
  {
    begins: /^(?:\xff\xfe|\xfe\xff|(?:[^\0]\0){2}|(?:\0[^\0]){2})/,
    problem: "is not text in UTF-8 but in UTF-16: save it as UTF-8",
  },
] as const;

/** Reads a file of text in UTF-8, without its byte-order mark. */
export function readTextFile(whole: string): FileText {
  let bytes: Buffer;
  try {
    bytes = readFileSync(whole);
  } catch (error) {
    return describe(error);
  }
  const start = bytes.toString("latin1", 0, 8);
  const mistaken = OTHER_FILES.find(({ begins }) => begins.test(start));
  if (mistaken !== undefined) {
    return { problem: mistaken.problem };
  }
  if (bytes.includes(0)) {
    return { problem: NOT_UTF_8 };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { problem: NOT_UTF_8 };
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
