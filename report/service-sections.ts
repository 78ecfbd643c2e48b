import { type Bar, barChart } from "./bar-chart";
import { counted, remark, section } from "./markup";
import { PERCENT_IN_USE } from "./percent";
import { type Column, dataTable } from "./table";
import { NEARLY_EXHAUSTED, percentUsed, type ServiceUsage, shareUsed, type Usage, useOf } from "./usage";

const OF_ALLOCATED = { part: "in use", whole: "allocated" };
const PACKS_COUNT =
  "In packs is what service packs hand out of a service. Whether the figure in use includes it is not documented: " +
  "percentages, charts and lists count the larger of the two.";
const USAGE_COLUMNS: readonly Column[] = [
  { title: "Tenant" },
  { title: "Service" },
  { title: "Kind", isExact: true },
  { title: "Allocated", isNumber: true },
  { title: "In use", isNumber: true },
  { title: "In packs", isNumber: true },
  PERCENT_IN_USE,
];

/** How tenants use their services. */
export function serviceSections(usage: Usage): string {
  if (usage.services.length === 0) {
    return section(
      "services",
      "Services of tenants",
      remark("No service of a tenant was read: the gateway was not read, or it lists none."),
    );
  }
  return [
    ...(usage.services.some(({ inPacks }) => inPacks > 0) ? [remark(PACKS_COUNT)] : []),
    exhausted(usage.exhausted),
    nearlyExhausted(usage.nearlyExhausted),
    byService(usage.totals),
    byTenant(usage.tenants),
    unused(usage.unused),
    section("services", "All services of all tenants", usageTable("All services of all tenants", usage.services)),
  ].join("\n");
}

function exhausted(services: readonly ServiceUsage[]): string {
  return fullServices("exhausted", "Services exhausted", services, "No service of a tenant is in use to its limit.");
}

function nearlyExhausted(services: readonly ServiceUsage[]): string {
  const none = `No other service of a tenant is ${NEARLY_EXHAUSTED * 100} % in use or more.`;
  return fullServices("nearly-exhausted", "Services nearly exhausted", services, none);
}

function fullServices(id: string, title: string, services: readonly ServiceUsage[], none: string): string {
  if (services.length === 0) {
    return section(id, title, remark(none));
  }
  return section(
    id,
    title,
    barChart(
      { title: `${title}: in use of allocated`, unit: "licences", whole: OF_ALLOCATED, scale: "shares" },
      services.map(barOf),
    ),
    usageTable(title, services),
  );
}

function byService(totals: Usage["totals"]): string {
  const title = "Allocated and in use, by service";
  const limited = totals.filter(({ allocated }) => allocated > 0).sort((a, b) => b.allocated - a.allocated);
  return section(
    "by-service",
    title,
    remark("All tenants together. Tenants that have a service without a limit are counted separately."),
    barChart(
      { title, unit: "licences", whole: OF_ALLOCATED, scale: "numbers" },
      limited.map(({ service, kind, allocated, inUseOfAllocated }) => ({
        label: `${service} (${kindOf(kind)})`,
        value: inUseOfAllocated,
        of: allocated,
      })),
    ),
    dataTable(
      title,
      [
        { title: "Service" },
        { title: "Kind", isExact: true },
        { title: "Tenants", isNumber: true },
        { title: "Without a limit", isNumber: true },
        { title: "Allocated", isNumber: true },
        { title: "In use (limited)", isNumber: true },
        PERCENT_IN_USE,
        { title: "In use (total)", isNumber: true },
        { title: "In packs (total)", isNumber: true },
      ],
      totals.map((one) => [
        one.service,
        kindOf(one.kind),
        one.tenants,
        one.unlimitedTenants,
        one.allocated,
        one.inUseOfAllocated,
        percentUsed({ allocated: one.allocated, used: one.inUseOfAllocated }),
        one.inUse,
        one.inPacks,
      ]),
    ),
  );
}

function byTenant(tenants: Usage["tenants"]): string {
  const title = "Allocated and in use, by tenant";
  return section(
    "by-tenant",
    title,
    remark("All services of a tenant that have a limit, together; the fullest first."),
    barChart(
      { title, unit: "licences", whole: OF_ALLOCATED, scale: "shares" },
      tenants
        .filter(({ allocated }) => allocated > 0)
        .map((one) => ({ one, share: shareUsed({ allocated: one.allocated, used: one.inUseOfAllocated }) }))
        .sort((a, b) => b.share - a.share)
        .map(({ one }) => ({ label: one.tenantId, value: one.inUseOfAllocated, of: one.allocated })),
    ),
    dataTable(
      title,
      [
        { title: "Tenant" },
        { title: "Name" },
        { title: "Type", isExact: true },
        { title: "Services", isNumber: true },
        { title: "Without a limit", isNumber: true },
        { title: "Allocated", isNumber: true },
        { title: "In use (limited)", isNumber: true },
        PERCENT_IN_USE,
        { title: "Exhausted", isNumber: true, isBad: isSome },
        { title: "Nearly exhausted", isNumber: true, isBad: isSome },
        { title: "Unused", isNumber: true },
      ],
      tenants.map((one) => [
        one.tenantId,
        one.name,
        one.type,
        one.services,
        one.unlimitedServices,
        one.allocated,
        one.inUseOfAllocated,
        percentUsed({ allocated: one.allocated, used: one.inUseOfAllocated }),
        one.exhausted,
        one.nearlyExhausted,
        one.unused,
      ]),
    ),
  );
}

function unused(services: readonly ServiceUsage[]): string {
  const title = "Services licensed and unused";
  if (services.length === 0) {
    return section("unused", title, remark("Each service that has a limit is in use."));
  }
  const idle = services.reduce((sum, { allocated }) => sum + Number(allocated), 0);
  return section(
    "unused",
    title,
    remark(`${counted(idle, "licence")} in total; the most first.`),
    barChart({ title, unit: "licences", whole: OF_ALLOCATED, scale: "numbers" }, services.map(barOf)),
    usageTable(title, services),
  );
}

/** @param one with a limit */
function barOf(one: ServiceUsage): Bar {
  const { allocated, used } = useOf(one);
  return { label: `${one.tenantId}: ${one.service}`, value: used, of: Number(allocated) };
}

function usageTable(title: string, rows: readonly ServiceUsage[]): string {
  return dataTable(
    title,
    USAGE_COLUMNS,
    rows.map((one) => [
      one.tenantId,
      one.service,
      kindOf(one.kind),
      one.allocated,
      one.inUse,
      one.inPacks,
      percentUsed(useOf(one)),
    ]),
  );
}

function isSome(cell: string | number | null): boolean {
  return typeof cell === "number" && cell > 0;
}

function kindOf(kind: ServiceUsage["kind"]): string {
  return kind === "groupServices" ? "group" : "user";
}
