import { SERVICE_KINDS } from "../provider/systems/gateway/service-kinds";
import { parseAllocation } from "../provider/tenant/fields";
import { withoutOddSpace } from "../provider/text/odd-space";
import { didYouMean, nearest } from "../provider/text/nearest";
import { shownExactly } from "../provider/text/shown";
import { readCsvTable, type TableRow } from "./csv-table";
import { below, type Mistake, onLine, type Position } from "./mistake";
import { problemWithSpace } from "./odd-names";
import { inputNames, PROFILE_KEY } from "./keys";
import { holdsServices } from "./service-maps";
import { coreValue, type Entry, LEADING_ZERO, type Mapping, type Scalar, type Tree } from "./tree";

/** A table of tenants × services as the entries of `tenants`, and what is wrong with it. */
export interface ReadTable {
  readonly tenants: Mapping["entries"];
  readonly mistakes: readonly Mistake[];
}

/** The column that names the tenant, always the first. */
const NAME_COLUMN = "tenant";

/** The other columns that are no services. */
const INPUT_COLUMNS = [PROFILE_KEY, ...inputNames("tenants").filter((name) => !holdsServices(name))];

/** A column: an input by itself, or one service of a kind. */
interface Column {
  readonly input: string;
  readonly service: string | undefined;
}

/**
 * Reads a table: the first column, `tenant`, gives the resource's name, each other is an input of a tenant such as `profile`, or a
 * service as `groupServices.Hunt Group`. An empty cell says nothing, and so does one that a shorter row lacks.
 */
export function readTenantsCsv(text: string, file: string): ReadTable {
  const table = readCsvTable(text, file);
  if (!("rows" in table)) {
    return { tenants: new Map(), mistakes: [table] };
  }
  const [header, ...others] = table.rows;
  if (header === undefined) {
    return { tenants: new Map(), mistakes: [] };
  }
  const [title = ""] = header.cells;
  if (title !== NAME_COLUMN) {
    const at = header.places[0] ?? { file, line: 1, column: 1 };
    const meant = title.trim().toLowerCase() === NAME_COLUMN ? [NAME_COLUMN] : nearest(title, [NAME_COLUMN]);
    const message =
      meant.length > 0
        ? `the first column must be ${NAME_COLUMN}, not ${shownExactly(title, 100)}${didYouMean(meant)}`
        : `must begin with a line of columns, ${NAME_COLUMN} first: ${NAME_COLUMN},${PROFILE_KEY},groupServices.Hunt Group.`;
    return { tenants: new Map(), mistakes: [{ at, path: "", message }] };
  }
  const mistakes: Mistake[] = [];
  const columns = readColumns(header, mistakes);
  const hasFaultyTitle = mistakes.length > 0;
  const tenants = new Map<string, Entry>();
  for (const row of others) {
    const [name = ""] = row.cells;
    const at = row.places[0] ?? { file, line: 1, column: 1 };
    const earlier = tenants.get(name);
    const stray = row.cells.findIndex((cell, index) => cell !== "" && (header.cells[index] ?? "") === "");
    if (stray >= 0) {
      const message = `the cell "${shownExactly(row.cells[stray] ?? "", 100)}" stands in a column without a title: give the column one, or remove the cell.`;
      mistakes.push({ at: row.places[stray] ?? at, path: below("tenants", name), message });
    } else if (earlier !== undefined) {
      const message = `already has a row ${onLine(earlier.at, at)}: keep one of the two.`;
      mistakes.push({ at, path: below("tenants", name), message });
    } else {
      const entries = readRow(row, columns, below("tenants", name), mistakes);
      if (hasFaultyTitle) {
        // Which services the row gives is not known, so none is missing.
        for (const kind of SERVICE_KINDS.filter((one) => !entries.has(one))) {
          entries.set(kind, { at, value: { kind: "faulty" } });
        }
      }
      tenants.set(name, { at, value: { kind: "map", entries } });
    }
  }
  return { tenants, mistakes };
}

function readColumns({ cells, places }: TableRow, mistakes: Mistake[]): (Column | undefined)[] {
  const seen = new Set<string>();
  return cells.map((written, index) => {
    if (index === 0 || written === "") {
      return undefined;
    }
    const at = places[index] ?? { line: 1, column: 1 };
    const problem = problemWithSpace(written) ?? problemWithSpace(written.slice(written.indexOf(".") + 1));
    if (problem !== undefined) {
      mistakes.push({ at, path: "", message: `the title ${problem}` });
    }
    // The rows are checked as if it were right: one slip is one mistake.
    const title = problem === undefined ? written : withoutOddSpace(written);
    const kind = SERVICE_KINDS.find((one) => title.startsWith(`${one}.`));
    if (seen.has(title)) {
      mistakes.push({ at, path: below("", title), message: "is a column twice: keep one of the two." });
      return undefined;
    }
    seen.add(title);
    if (kind !== undefined) {
      return { input: kind, service: title.slice(kind.length + 1).trimStart() };
    }
    if (!INPUT_COLUMNS.includes(title)) {
      const meant = nearest(title, INPUT_COLUMNS);
      const fix = meant.length > 0 ? didYouMean(meant) : ": a service is written groupServices.… or userServices.….";
      mistakes.push({ at, path: below("", title), message: `is not a column of tenants${fix}` });
      return undefined;
    }
    return { input: title, service: undefined };
  });
}

function readRow(
  { cells, places }: TableRow,
  columns: readonly (Column | undefined)[],
  path: string,
  mistakes: Mistake[],
): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const services = new Map<string, Map<string, Entry>>();
  for (const [index, column] of columns.entries()) {
    const text = cells[index] ?? "";
    const at = places[index];
    if (column === undefined || text === "" || at === undefined) {
      continue;
    }
    const cell: Entry = { at, value: column.input === PROFILE_KEY ? profiles(text, at) : scalar(text) };
    if (column.service === undefined) {
      entries.set(column.input, cell);
      continue;
    }
    const ofKind = services.get(column.input) ?? new Map<string, Entry>();
    const parsed = parseAllocation(coreValue(cell.value, 1));
    if ("problem" in parsed) {
      // What stands for "none" in a spreadsheet: `-`, `n/a`, `#NV`.
      const message = /\d/.test(text) ? parsed.problem : `${parsed.problem} An empty cell declares nothing.`;
      mistakes.push({ at, path: below(below(path, column.input), column.service), message });
    }
    const read: Entry = "problem" in parsed ? { at, value: { kind: "faulty" } } : cell;
    services.set(column.input, ofKind.set(column.service, read));
    if (!entries.has(column.input)) {
      entries.set(column.input, { at, value: { kind: "map", entries: ofKind } });
    }
  }
  return entries;
}

/** One profile, or several as `a,b` or `[a, b]`. */
function profiles(text: string, at: Position): Tree {
  const names = text.replace(/^\[ *(.*?) *\]$/, "$1").split(/ *[,;] */);
  const [first = text, ...others] = names.filter((name) => name !== "");
  return others.length === 0
    ? scalar(first)
    : { kind: "list", items: [first, ...others].map((name) => ({ at, value: scalar(name) })) };
}

/** Spreadsheets write `TRUE`. */
function scalar(text: string): Scalar {
  const isNumber = /^[-+]?\d{1,15}$/.test(text) && !LEADING_ZERO.test(text);
  const word = text.toLowerCase();
  const core = isNumber ? Number(text) : word === "true" ? true : word === "false" ? false : text;
  return { kind: "scalar", text, core, quoted: false };
}
