import { CsvError, parse } from "csv-parse/sync";
import { shownExactly } from "../provider/text/shown";
import type { Mistake, Position } from "./mistake";
import { otherText } from "./other-text";

/** A row of a table: its cells without space around them, and where each begins. */
export interface TableRow {
  readonly cells: readonly string[];
  readonly places: readonly Position[];
}

/** The rows of a table that hold anything, or the first thing in it that is not CSV. */
export type CsvTable = { readonly rows: readonly TableRow[] } | Mistake;

interface ParsedRow {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/** Excel's own first line, which names the delimiter. */
const SEPARATOR_LINE = /^\ufeff?"?sep=([,;\t|])"?[ ,;\t|]*(?:\r\n|\r|\n|$)/i;

/** Reads a table as spreadsheets write it: by commas, semicolons or tabs. */
export function readCsvTable(text: string, file: string): CsvTable {
  const other = otherText(text, file);
  if (other !== undefined) {
    return other;
  }
  const separatorLine = SEPARATOR_LINE.exec(text);
  const skippedLines = separatorLine === null ? 0 : 1;
  const body = separatorLine === null ? text : text.slice(separatorLine[0].length);
  const delimiter = separatorLine?.[1] ?? likelyDelimiter(body);
  const quote = faultyQuote(body, delimiter);
  if (quote !== undefined) {
    return { at: placeOf(body, quote.offset, skippedLines, file), path: "", message: quote.message };
  }
  try {
    const rows = parse(body, {
      bom: true,
      delimiter,
      info: true,
      raw: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as ParsedRow[];
    return {
      rows: rows
        .map((row) => ({ cells: row.record, places: placesOf(row, delimiter, skippedLines, file) }))
        .filter(({ cells }) => cells.some((cell) => cell !== "")),
    };
  } catch (error) {
    const line = error instanceof CsvError && typeof error["lines"] === "number" ? error["lines"] : 1;
    return { at: { file, line: line + skippedLines, column: 1 }, path: "", message: "this cannot be read as CSV." };
  }
}

/** What follows the first cell, which holds none of them in a table of tenants. */
function likelyDelimiter(text: string): string {
  return /^\ufeff?(?:\s*"[^"]*"|[^,;\t]*?)[^\S\t]*([,;\t])/.exec(text)?.[1] ?? ",";
}

/** The first quote that is not written as CSV wants it: it belongs around a whole cell, and doubled inside. */
function faultyQuote(
  text: string,
  delimiter: string,
): { readonly offset: number; readonly message: string } | undefined {
  let start = text.startsWith("\ufeff") ? 1 : 0;
  while (start < text.length) {
    const cell = /[^\S\r\n]*/y;
    cell.lastIndex = start;
    cell.exec(text);
    const opening = delimiter === "\t" ? start : cell.lastIndex;
    if (text[opening] === '"') {
      const closing = closingQuote(text, opening);
      if (closing === undefined) {
        return { offset: opening, message: 'this double quote is not closed: write " at the end of the cell.' };
      }
      const end = endOfCell(text, closing + 1, delimiter);
      if (text.slice(closing + 1, end).trim() !== "") {
        return { offset: closing, message: rewrite(text.slice(opening, end)) };
      }
      start = end + 1;
    } else {
      const end = endOfCell(text, start, delimiter);
      const quote = text.slice(start, end).indexOf('"');
      if (quote >= 0) {
        return { offset: start + quote, message: rewrite(text.slice(start, end)) };
      }
      start = end + 1;
    }
  }
  return undefined;
}

function closingQuote(text: string, opening: number): number | undefined {
  const rest = /(?:[^"]|"")*/y;
  rest.lastIndex = opening + 1;
  rest.exec(text);
  return rest.lastIndex < text.length ? rest.lastIndex : undefined;
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") {
    end += 1;
  }
  return end;
}

function rewrite(cell: string): string {
  const plain = cell.trim().replace(/^"/, "").replaceAll('""', '"');
  const shortened = shownExactly(plain, 100).replaceAll('"', '""');
  return `a cell that holds a double quote stands in double quotes, and each in it is doubled: "${shortened}".`;
}

function placeOf(text: string, offset: number, skippedLines: number, file: string): Position {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { file, line: before.length + skippedLines, column: (before.at(-1)?.replace(/^\ufeff/, "").length ?? 0) + 1 };
}

/** Where each cell of a row begins. A row that is broken within quotes counts as if it stood on its first line. */
function placesOf({ raw, info }: ParsedRow, delimiter: string, skippedLines: number, file: string): Position[] {
  const skipped = /^[^\S\t]*\n/.exec(raw)?.[0].length ?? 0;
  const row = raw.slice(skipped).replace(/\r?\n$/, "");
  const line = info.lines - (row.match(/\n/g)?.length ?? 0) + skippedLines;
  const starts = [0];
  let quoted = false;
  for (let index = 0; index < row.length; index += 1) {
    const character = row[index];
    if (character === '"') {
      quoted = !quoted;
    } else if (character === delimiter && !quoted) {
      starts.push(index + 1);
    }
  }
  return starts.map((start) => ({ file, line, column: start + 1 }));
}
