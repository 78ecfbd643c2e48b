import { counted, escaped, grouped } from "./markup";

type Cell = string | number | null;

/** A column: its heading, and what it holds. */
export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
  /** A date or a word, that no line break may cut. */
  readonly isExact?: boolean;
  /** Whether a cell stands out: it needs someone to look at it. */
  readonly isBad?: (cell: Cell) => boolean;
}

/** A table of so many rows is seen at a glance. */
const MOST_AT_A_GLANCE = 5;

/**
 * A table that sorts by a click on a heading; a longer one filters as one types, and shows its first rows until more are asked for.
 * On a narrow screen each row is a few lines that name their figures. Without scripts it is simply the whole table.
 */
export function dataTable(title: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const name = escaped(title);
  const headings = columns.map(
    ({ title: heading, isNumber }) =>
      `<th scope="col"${isNumber === true ? ' class="number"' : ""}><button type="button">${escaped(heading)}</button></th>`,
  );
  const body = rows.map((row) => `<tr>${row.map((cell, index) => cellOf(cell, columns[index])).join("")}</tr>`);
  return [
    '<div class="data">',
    ...(rows.length <= MOST_AT_A_GLANCE
      ? []
      : [
          `<div class="controls" hidden><label>Filter <input type="search" aria-label="Filter ${name}" placeholder="words in any column"></label>`,
          `<button type="button" class="more">Show more rows</button></div>`,
          `<p class="faint" role="status">${counted(rows.length, "row")}</p>`,
        ]),
    `<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table aria-label="${name}"><thead><tr>${headings.join("")}</tr></thead>`,
    `<tbody>${body.join("\n")}</tbody></table></div>`,
    "</div>",
  ].join("\n");
}

function cellOf(cell: Cell, column: Column | undefined): string {
  const text = typeof cell === "number" ? grouped(cell) : (cell ?? "–");
  const classes = [
    ...(column?.isNumber === true ? ["number"] : column?.isExact === true ? ["exact"] : []),
    ...(column?.isBad?.(cell) === true ? ["bad"] : []),
  ];
  return `<td${classes.length === 0 ? "" : ` class="${classes.join(" ")}"`}>${escaped(text)}</td>`;
}
