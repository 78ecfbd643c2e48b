import { type Bar, barChart } from "./bar-chart";
import { counted, figure, remark, type Section } from "./markup";
import { type ServiceUsage, useOf } from "./service-usage";
import { NEARLY_EXHAUSTED, PERCENT_IN_USE, percentUsed, shareUsed } from "./share";
import { dataTable } from "./table";
import type { Usage } from "./usage";

const OF_ALLOCATED = { part: "in use", whole: "allocated" };
const PACKS_COUNT =
  "In packs is what service packs hand out of a service. Whether the figure in use includes it is not documented: " +
  "percentages, charts and lists count the larger of the two.";
const UNUSED = "Services licensed and unused";
const ALL_SERVICES = "the table of all services";

/** How tenants use their services. */
export function serviceSections({ services, exhausted, nearlyExhausted, totals, tenants, unused }: Usage): Section[] {
  if (services.length === 0) {
    return [
      {
        id: "services",
        title: "Services of tenants",
        content: [remark("No service of a tenant was read: the gateway was not read, or it lists none.")],
      },
    ];
  }
  const idle = unused.reduce((sum, { allocated }) => sum + Number(allocated), 0);
  return [
    servicesInUse("exhausted", "Services exhausted", exhausted, "No service of a tenant is in use to its limit."),
    servicesInUse(
      "nearly-exhausted",
      "Services nearly exhausted",
      nearlyExhausted,
      `No other service of a tenant is ${NEARLY_EXHAUSTED * 100} % in use or more.`,
    ),
    byService(totals),
    byTenant(tenants),
    unused.length === 0
      ? { id: "unused", title: UNUSED, content: [remark("Each service that has a limit is in use.")] }
      : {
          id: "unused",
          title: UNUSED,
          content: [
            remark(`${counted(idle, "licence")} in total; the most first.`),
            barChart(
              { title: UNUSED, unit: "licences", whole: OF_ALLOCATED, scale: "numbers", table: ALL_SERVICES },
              unused.map(barOf),
            ),
          ],
        },
    allServices(services),
  ];
}

/** The numbers of tenants and their services at the top of the page. */
export function serviceHeadlines({ services, tenants, exhausted, nearlyExhausted, unused }: Usage): string[] {
  // Where a list is empty, its section is not there, but the whole one is.
  const target = (id: string): string => (services.length === 0 ? "services" : id);
  return [
    figure(target("by-tenant"), tenants.length, tenants.length === 1 ? "tenant" : "tenants"),
    figure(target("exhausted"), exhausted.length, "services exhausted", exhausted.length > 0),
    figure(target("nearly-exhausted"), nearlyExhausted.length, "services nearly exhausted", nearlyExhausted.length > 0),
    figure(target("unused"), unused.length, "services licensed and unused"),
  ];
}

function servicesInUse(id: string, title: string, services: readonly ServiceUsage[], none: string): Section {
  return {
    id,
    title,
    content: [
      services.length === 0
        ? remark(none)
        : barChart(
            {
              title: `${title}: in use of allocated`,
              unit: "licences",
              whole: OF_ALLOCATED,
              scale: "shares",
              table: ALL_SERVICES,
            },
            services.map(barOf),
          ),
    ],
  };
}

function allServices(services: readonly ServiceUsage[]): Section {
  const title = "All services of all tenants";
  const fullestFirst = [...services].sort((a, b) => shareUsed(useOf(b)) - shareUsed(useOf(a)));
  return {
    id: "services",
    title,
    content: [
      remark("The fullest first."),
      ...(services.some(({ inPacks }) => inPacks > 0) ? [remark(PACKS_COUNT)] : []),
      dataTable(
        title,
        [
          { title: "Tenant" },
          { title: "Service" },
          { title: "Kind", isExact: true },
          { title: "Allocated", isNumber: true },
          { title: "In use", isNumber: true },
          { title: "In packs", isNumber: true },
          PERCENT_IN_USE,
        ],
        fullestFirst.map((one) => [
          one.tenantId,
          one.service,
          kindOf(one.kind),
          one.allocated,
          one.inUse,
          one.inPacks,
          percentUsed(useOf(one)),
        ]),
      ),
    ],
  };
}

function byService(totals: Usage["totals"]): Section {
  const title = "Allocated and in use, by service";
  const limited = totals.filter(({ allocated }) => allocated > 0).sort((a, b) => b.allocated - a.allocated);
  return {
    id: "by-service",
    title,
    content: [
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
    ],
  };
}

function byTenant(tenants: Usage["tenants"]): Section {
  const title = "Allocated and in use, by tenant";
  return {
    id: "by-tenant",
    title,
    content: [
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
    ],
  };
}

/** @param one with a limit */
function barOf(one: ServiceUsage): Bar {
  const { allocated, used } = useOf(one);
  return { label: `${one.tenantId}: ${one.service}`, value: used, of: Number(allocated) };
}

function isSome(cell: string | number | null): boolean {
  return typeof cell === "number" && cell > 0;
}

function kindOf(kind: ServiceUsage["kind"]): string {
  return kind === "groupServices" ? "group" : "user";
}
