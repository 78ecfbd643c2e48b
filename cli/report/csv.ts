import { shown } from "../../provider/text/shown";

type Cell = string | number | null;

/** Without it, a spreadsheet takes UTF-8 for the character set of its country, and shows `Łódź` as `ÅÃ³dÅº`. */
const BYTE_ORDER_MARK = "\ufeff";

/** Rows as CSV by RFC 4180, with the names of the columns first. */
export function csv<Name extends string>(
  columns: readonly Name[],
  rows: readonly Readonly<Record<Name, Cell>>[],
): string {
  const cells = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return BYTE_ORDER_MARK + cells.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** With these, in their wide forms too, a spreadsheet's formula begins. */
const FORMULA = "[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20\\u2212\\ufe62\\ufe63\\ufe66\\ufe6b]";
/** At the start of the cell, or of what a spreadsheet that divides by another character takes for one. */
const FORMULA_START = new RegExp(`((?:^|[;,|\\t\\r\\n])["'\\s]*)(?=${FORMULA})`, "gu");

function field(cell: Cell): string {
  if (typeof cell !== "string") {
    return cell === null ? "" : String(cell);
  }
  const text = shown(cell, Infinity).replaceAll(FORMULA_START, "$1'");
  // A spreadsheet may drop what stands before a formula and is not seen.
  const neutral = /^[\p{C}\p{Z}]/u.test(cell) && !text.startsWith("'") ? `'${text}` : text;
  return /[",\r\n;]/.test(neutral) ? `"${neutral.replaceAll('"', '""')}"` : neutral;
}
