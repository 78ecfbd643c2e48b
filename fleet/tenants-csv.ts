import { CsvError, parse } from "csv-parse/sync";
import { SERVICE_KINDS } from "../provider/apis/service-kinds";
import { didYouMean, nearest } from "../provider/text/nearest";
import { below, type Mistake, onLine, type Position } from "./mistake";
import { FLEET_KEYS, PROFILE_KEY } from "./schema";
import { holdsServices } from "./service-maps";
import type { Entry, Mapping, Scalar } from "./tree";

/** A table of tenants × services as the entries of `tenants`, and what is wrong with it. */
export interface ReadTable {
  readonly tenants: Mapping["entries"];
  readonly mistakes: readonly Mistake[];
}

/** The column that names the tenant, always the first. */
const NAME_COLUMN = "tenant";

/** The other columns that are no services. */
const INPUT_COLUMNS = [PROFILE_KEY, ...FLEET_KEYS.tenant.filter((name) => !holdsServices(name))];

/** What stands between cells, told by what follows the first: spreadsheets of many countries write semicolons. */
const HEADER_START = /^\uFEFF?"?tenant"?[ ]*([,;\t])/;

interface Row {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/** A column: an input by itself, or one service of a kind. */
interface Column {
  readonly input: string;
  readonly service: string | undefined;
}

/**
 * Reads a table: the first column, `tenant`, gives the resource's name, each other is an input of a tenant such as `profile`, or a
 * service as `groupServices.Hunt Group`. An empty cell says nothing.
 */
export function readTenantsCsv(text: string, file: string): ReadTable {
  const delimiter = HEADER_START.exec(text)?.[1] ?? ",";
  let rows: Row[];
  try {
    rows = parse(text, {
      bom: true,
      delimiter,
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Row[];
  } catch (error) {
    return { tenants: new Map(), mistakes: [syntaxMistake(error, file)] };
  }
  const [header, ...others] = rows.map((row) => ({ ...row, places: placesOf(row, delimiter, file) }));
  if (header?.record[0] !== NAME_COLUMN) {
    const message = `must begin with a line of columns, ${NAME_COLUMN} first: ${NAME_COLUMN},${PROFILE_KEY},groupServices.Hunt Group.`;
    return { tenants: new Map(), mistakes: [{ at: { file, line: 1, column: 1 }, path: "", message }] };
  }
  const mistakes: Mistake[] = [];
  const columns = readColumns(header, mistakes);
  const tenants = new Map<string, Entry>();
  for (const row of others) {
    const [name = ""] = row.record;
    const at = row.places[0] ?? { file, line: row.info.lines, column: 1 };
    const earlier = tenants.get(name);
    if (row.record.length !== header.record.length) {
      const message = `has ${row.record.length} cells, where the first line has ${header.record.length}.`;
      mistakes.push({ at, path: below("tenants", name), message });
    } else if (earlier !== undefined) {
      const message = `has a row ${onLine(earlier.at, at)} already: keep one of the two.`;
      mistakes.push({ at, path: below("tenants", name), message });
    } else {
      tenants.set(name, { at, value: { kind: "map", entries: readRow(row, columns) } });
    }
  }
  return { tenants, mistakes };
}

interface PlacedRow extends Row {
  readonly places: readonly Position[];
}

function readColumns({ record, places }: PlacedRow, mistakes: Mistake[]): (Column | undefined)[] {
  const seen = new Set<string>();
  return record.map((title, index) => {
    const kind = SERVICE_KINDS.find((one) => title.startsWith(`${one}.`));
    const at = places[index] ?? { line: 1, column: 1 };
    if (index === 0) {
      return undefined;
    }
    if (seen.has(title)) {
      mistakes.push({ at, path: below("", title), message: "is a column twice: keep one of the two." });
      return undefined;
    }
    seen.add(title);
    if (kind !== undefined) {
      return { input: kind, service: title.slice(kind.length + 1) };
    }
    if (!INPUT_COLUMNS.includes(title)) {
      const fix = didYouMean(nearest(title, INPUT_COLUMNS)).replace(
        /\.$/,
        ": a service is written groupServices.… or userServices.….",
      );
      mistakes.push({ at, path: below("", title), message: `is not a column of tenants${fix}` });
      return undefined;
    }
    return { input: title, service: undefined };
  });
}

function readRow({ record, places }: PlacedRow, columns: readonly (Column | undefined)[]): Mapping["entries"] {
  const entries = new Map<string, Entry>();
  const services = new Map<string, Map<string, Entry>>();
  for (const [index, column] of columns.entries()) {
    const text = record[index] ?? "";
    const at = places[index];
    if (column === undefined || text === "" || at === undefined) {
      continue;
    }
    const cell: Entry = { at, value: scalar(text) };
    if (column.service === undefined) {
      entries.set(column.input, cell);
      continue;
    }
    const ofKind = services.get(column.input) ?? new Map<string, Entry>();
    services.set(column.input, ofKind.set(column.service, cell));
    if (!entries.has(column.input)) {
      entries.set(column.input, { at, value: { kind: "map", entries: ofKind } });
    }
  }
  return entries;
}

function scalar(text: string): Scalar {
  const core = /^[-+]?\d{1,15}$/.test(text) ? Number(text) : text === "true" ? true : text === "false" ? false : text;
  return { kind: "scalar", text, core, quoted: false };
}

/** Where each cell of a row begins. A row that is broken within quotes counts as if it stood on its first line. */
function placesOf({ raw, info }: Row, delimiter: string, file: string): Position[] {
  const skipped = /^\s*\n/.exec(raw)?.[0].length ?? 0;
  const row = raw.slice(skipped).replace(/\r?\n$/, "");
  const line = info.lines - (row.match(/\n/g)?.length ?? 0);
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

function syntaxMistake(error: unknown, file: string): Mistake {
  const line = error instanceof CsvError && typeof error["lines"] === "number" ? error["lines"] : 1;
  const what = error instanceof CsvError ? error.message.replace(/ at line \d+.*$/, "") : "it cannot be read";
  return { at: { file, line, column: 1 }, path: "", message: `this is not CSV: ${what}.` };
}
