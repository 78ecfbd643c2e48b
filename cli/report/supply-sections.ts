import { remark, type Section } from "./markup";
import { dataTable } from "./table";
import type { PackUsage } from "./service-usage";
import type { Usage } from "./usage";

/** What there is to give on the gateway: its own stock, and service packs. */
export function supplySections({ stock, servicePacks, systems }: Usage): Section[] {
  return [
    ...(systems.tenantGateway === null ? [] : [stockSection(stock)]),
    ...(servicePacks.length === 0 ? [] : [packSection(servicePacks)]),
  ];
}

function stockSection(stock: Usage["stock"]): Section {
  const title = "The gateway's own stock";
  if (stock === null) {
    return { id: "stock", title, content: [remark("The gateway does not show its stock of licences to this user.")] };
  }
  return {
    id: "stock",
    title,
    content: [
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
    ],
  };
}

function packSection(packs: readonly PackUsage[]): Section {
  const title = "Service packs of tenants";
  return {
    id: "packs",
    title,
    content: [
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
    ],
  };
}
