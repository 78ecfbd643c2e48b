import { createHash } from "node:crypto";
import { barChart } from "./bar-chart";
import { escaped } from "./markup";
import { SCRIPT, STYLE } from "./page-assets";
import { dataTable } from "./table";
import { EXPIRY_NOTICE_DAYS, type ServiceUsage, shareInUse, type Usage } from "./usage";

/** How many bars a chart holds; the tables have everything. */
const MOST_BARS = 30;

/** The report as one page that needs nothing else: no network, no fonts, no other files. */
export function reportPage(usage: Usage, title: string, at: Date): string {
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${hash(SCRIPT)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p class="faint">As read at ${escaped(at.toISOString())}.</p>
${figures(usage)}
${customers(usage)}
${services(usage)}
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function figures({ customers: all, services: each, nearlyExhausted, unused, expiring }: Usage): string {
  const tenants = new Set(each.map(({ tenantId }) => tenantId)).size;
  const list: readonly (readonly [string, number])[] = [
    ["customers", all.length],
    ["tenants", tenants],
    ["services nearly exhausted", nearlyExhausted.length],
    ["services licensed and unused", unused.length],
    [`secrets that expire within ${EXPIRY_NOTICE_DAYS} days`, expiring.length],
  ];
  return `<ul class="figures">${list.map(([what, count]) => `<li><b>${count}</b> ${escaped(what)}</li>`).join("")}</ul>`;
}

function customers({ customers: all, licenses, expiring }: Usage): string {
  if (all.length === 0) {
    return "";
  }
  const byUsers = all
    .filter(({ licensedUsers }) => licensedUsers !== null)
    .sort((a, b) => (b.licensedUsers ?? 0) - (a.licensedUsers ?? 0))
    .slice(0, MOST_BARS);
  return [
    "<h2>Customers by licence</h2>",
    barChart(
      "Customers by licence",
      licenses.map(({ license, customers: count }) => ({ label: license, value: count, note: String(count) })),
    ),
    "<h2>Users: licensed and active</h2>",
    barChart(
      "Active users of licensed ones, by customer",
      byUsers.map(({ name, licensedUsers, activeUsers }) => ({
        label: name,
        value: activeUsers ?? 0,
        of: licensedUsers ?? 0,
        note: `${activeUsers ?? "?"} of ${licensedUsers ?? "?"}`,
      })),
    ),
    ...(expiring.length === 0
      ? []
      : [
          "<h2>App Registration secrets that expire soon</h2>",
          dataTable(
            "expiring",
            [{ title: "Customer" }, { title: "Expires" }, { title: "Days left", isNumber: true }],
            expiring.map((one) => [one.name, day(one.secretExpiresAt), one.secretDaysLeft]),
          ),
        ]),
    "<h2>All customers</h2>",
    dataTable(
      "customers",
      [
        { title: "Customer" },
        { title: "GUID" },
        { title: "Licence" },
        { title: "Licensed", isNumber: true },
        { title: "Active", isNumber: true },
        { title: "Secret expires" },
      ],
      all.map((one) => [one.name, one.guid, one.license, one.licensedUsers, one.activeUsers, day(one.secretExpiresAt)]),
    ),
  ].join("\n");
}

/** The day of a time in ISO 8601. */
function day(time: string | null): string | null {
  return time?.slice(0, 10) ?? null;
}

function services({ services: each, totals, nearlyExhausted, unused }: Usage): string {
  if (each.length === 0) {
    return "";
  }
  const limited = totals.filter(({ allocated }) => allocated > 0).sort((a, b) => b.allocated - a.allocated);
  return [
    "<h2>Services: allocated and in use, all tenants together</h2>",
    barChart(
      "In use of allocated, by service",
      limited.slice(0, MOST_BARS).map(({ service, allocated, inUseOfAllocated }) => ({
        label: service,
        value: inUseOfAllocated,
        of: allocated,
        note: `${inUseOfAllocated} of ${allocated}`,
      })),
    ),
    ...(nearlyExhausted.length === 0 ? [] : ["<h2>Nearly exhausted</h2>", usageTable("exhausted", nearlyExhausted)]),
    ...(unused.length === 0 ? [] : ["<h2>Licensed and unused</h2>", usageTable("unused", unused)]),
    "<h2>All services of all tenants</h2>",
    usageTable("services", each),
  ].join("\n");
}

function usageTable(id: string, rows: readonly ServiceUsage[]): string {
  return dataTable(
    id,
    [
      { title: "Tenant" },
      { title: "Kind" },
      { title: "Service" },
      { title: "Allocated", isNumber: true },
      { title: "In use", isNumber: true },
      { title: "%", isNumber: true },
    ],
    rows.map((one) => [
      one.tenantId,
      one.kind === "groupServices" ? "group" : "user",
      one.service,
      one.allocated,
      one.inUse,
      one.allocated === "unlimited" || one.allocated === 0 ? null : Math.round(shareInUse(one) * 100),
    ]),
  );
}
