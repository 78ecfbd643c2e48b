import { escaped } from "./markup";

/** A column: its heading, and whether it holds numbers. */
export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A table that sorts by a click on a heading and filters as one types; without scripts it is simply a table. */
export function dataTable(
  id: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const headings = columns.map(
    ({ title, isNumber }, index) =>
      `<th scope="col"${isNumber === true ? ' class="number"' : ""}><button type="button" data-column="${index}">${escaped(title)}</button></th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, index) => {
          const isNumber = columns[index]?.isNumber === true;
          const text = cell === null ? "–" : String(cell);
          return `<td${isNumber ? ' class="number"' : ""}>${escaped(text)}</td>`;
        })
        .join("")}</tr>`,
  );
  return [
    `<label class="filter">Filter <input type="search" data-table="${id}"></label>`,
    `<div class="scroll"><table id="${id}"><thead><tr>${headings.join("")}</tr></thead>`,
    `<tbody>${body.join("\n")}</tbody></table></div>`,
  ].join("\n");
}
