import { readCsvTable, type TableRow } from "../../../fleet/csv-table";
import type { Position } from "../../../fleet/mistake";
import { SERVICE_KINDS } from "../../../provider/systems/gateway/service-kinds";
import { pathOf } from "../../../provider/tenant/allocation";
import type { Override, PlacedValue } from "./places";
import type { TextEdit } from "./text-edit";
import { UneditableError } from "./yaml-edits";

/**
 * The edits that put values and overrides into one table of tenants × services. A service for which it has no column gets one at the end,
 * which the other rows do without.
 *
 * @param file As positions name it.
 */
export function csvEdits(
  text: string,
  file: string,
  values: readonly PlacedValue[],
  overrides: readonly Override[],
): TextEdit[] {
  const table = readCsvTable(text, file);
  if (!("rows" in table)) {
    throw new UneditableError(table.at, table.message);
  }
  const [header, ...rows] = table.rows;
  if (header === undefined) {
    return [];
  }
  const source = new TableSource(text, header);
  const titles = [...header.cells];
  const rowsByLine = new Map(rows.map((row) => [row.places[0]?.line, row]));
  const edits: TextEdit[] = values.flatMap(({ at, value }) => {
    const [start, end] = source.cellAt(at);
    const cell = text.slice(start, end);
    return cell.replace(/^"(.*)"$/s, "$1").trim() === String(value) ? [] : [{ start, end, text: String(value) }];
  });
  for (const { at, services } of overrides) {
    const row = rowsByLine.get(at.line);
    if (row === undefined) {
      throw new UneditableError(at, "is not a row of the table");
    }
    const cells = SERVICE_KINDS.flatMap((kind) =>
      [...services[kind]].map(([name, value]) => {
        const title = pathOf(kind, name);
        const known = titles.indexOf(title);
        return { column: known < 0 ? titles.push(title) - 1 : known, text: String(value) };
      }),
    );
    edits.push(...source.filled(row, cells));
  }
  const added = titles.slice(header.cells.length).map((title, index) => ({
    column: header.cells.length + index,
    text: source.quoted(title),
  }));
  return [...edits, ...source.filled(header, added)];
}

/** Where the cells of a table are in its text. */
class TableSource {
  private readonly lineStarts: readonly number[];
  private readonly delimiter: string;

  public constructor(
    private readonly text: string,
    header: TableRow,
  ) {
    this.lineStarts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ index, 0: eol }) => index + eol.length)];
    const second = header.places[1];
    this.delimiter = second === undefined ? "," : (text[this.offsetOf(second) - 1] ?? ",");
  }

  /** A cell without the space around it. */
  public cellAt(at: Position): readonly [start: number, end: number] {
    const start = this.offsetOf(at);
    const end = this.endOfCell(start);
    const cell = this.text.slice(start, end);
    const content = cell.trim();
    const first = start + cell.indexOf(content);
    return [first, first + content.length];
  }

  /** Texts for cells of a row that are empty, or that it lacks. */
  public filled(
    { places }: TableRow,
    cells: readonly { readonly column: number; readonly text: string }[],
  ): TextEdit[] {
    const last = places.at(-1);
    if (last === undefined || cells.length === 0) {
      return [];
    }
    const sorted = [...cells].sort((a, b) => a.column - b.column);
    const end = this.endOfCell(this.offsetOf(last));
    let at = places.length - 1;
    let appended = "";
    const edits: TextEdit[] = [];
    for (const { column, text } of sorted) {
      const place = places[column];
      if (place === undefined) {
        appended += this.delimiter.repeat(column - at) + text;
        at = column;
      } else {
        const [start, contentEnd] = this.cellAt(place);
        edits.push({ start, end: contentEnd, text });
      }
    }
    return appended === "" ? edits : [...edits, { start: end, end, text: appended }];
  }

  public quoted(cell: string): string {
    return cell.includes(this.delimiter) || /["\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }

  private offsetOf({ line, column }: Position): number {
    return (this.lineStarts[line - 1] ?? this.text.length) + column - 1;
  }

  private endOfCell(start: number): number {
    let quoted = false;
    for (let index = start; index < this.text.length; index += 1) {
      const character = this.text[index];
      if (character === '"') {
        quoted = !quoted;
      } else if (!quoted && (character === this.delimiter || character === "\n" || character === "\r")) {
        return index;
      }
    }
    return this.text.length;
  }
}
