import { barChart } from "./bar-chart";
import { counted, remark, section } from "./markup";
import { dataTable } from "./table";
import type { PackUsage, Pool, Usage } from "./usage";

/** What there is to give: the operator's pool, the gateway's own stock, and service packs. */
export function supplySections({ pool, stock, servicePacks, systems }: Usage): string {
  return [
    ...(pool === null ? [] : [poolSection(pool)]),
    ...(systems.tenantGateway === null ? [] : [stockSection(stock)]),
    ...(servicePacks.length === 0 ? [] : [packSection(servicePacks)]),
  ].join("\n");
}

function poolSection({ size, sold, left }: Pool): string {
  const title = "Pool of Live Platform licences";
  const verdict =
    left < 0
      ? `${counted(-left, "licence")} more sold than the pool holds.`
      : `${counted(left, "licence")} left to sell.`;
  return section(
    "pool",
    title,
    remark(
      `${verdict} Sold are the licensed users of all customers; the size of the pool is the one given with --pool.`,
    ),
    barChart({ title, unit: "licences", whole: { part: "sold", whole: "pool" }, scale: "numbers" }, [
      { label: "sold", value: sold, of: size },
    ]),
  );
}

function stockSection(stock: Usage["stock"]): string {
  const title = "The gateway's own stock";
  if (stock === null) {
    return section("stock", title, remark("The gateway does not show its stock of licences to this user."));
  }
  return section(
    "stock",
    title,
    remark(
      `What the platform itself is licensed for${stock.expires === null ? "" : `, until ${stock.expires}`}. These names are not those of the tenants' services.`,
    ),
    dataTable(
      title,
      [
        { title: "Licence" },
        { title: "Kind", isExact: true },
        { title: "Licensed", isNumber: true },
        { title: "Used", isNumber: true },
        { title: "Available", isNumber: true, isBad: (cell) => cell === 0 },
      ],
      stock.licenses.map(({ name, kind, licensed, used, available }) => [name, kind, licensed, used, available]),
    ),
  );
}

function packSection(packs: readonly PackUsage[]): string {
  const title = "Service packs of tenants";
  return section(
    "packs",
    title,
    remark("Shown as the gateway lists them. They are not managed: no fleet file declares them."),
    dataTable(
      title,
      [
        { title: "Tenant" },
        { title: "Service pack" },
        { title: "Allocated", isNumber: true },
        { title: "In use", isNumber: true },
        { title: "At most", isNumber: true },
      ],
      packs.map(({ tenantId, pack, allocated, inUse, maximumAllowed }) => [
        tenantId,
        pack,
        allocated,
        inUse,
        maximumAllowed,
      ]),
    ),
  );
}
