import type { Usage } from "./usage";

type Cell = string | number | null;

/** Customers as CSV by RFC 4180. */
export function customersCsv({ customers }: Usage): string {
  return csv(
    ["guid", "name", "license", "licensedUsers", "activeUsers", "secretExpiresAt"],
    customers.map((one) => [one.guid, one.name, one.license, one.licensedUsers, one.activeUsers, one.secretExpiresAt]),
  );
}

/** Services of tenants as CSV by RFC 4180. */
export function servicesCsv({ services }: Usage): string {
  return csv(
    ["tenant", "kind", "service", "allocated", "inUse"],
    services.map((one) => [one.tenantId, one.kind, one.service, one.allocated, one.inUse]),
  );
}

function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(cell: Cell): string {
  if (typeof cell !== "string") {
    return cell === null ? "" : String(cell);
  }
  // A spreadsheet takes what begins like this for a formula.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
