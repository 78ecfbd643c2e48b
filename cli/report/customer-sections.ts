import { type Bar, barChart } from "./bar-chart";
import { figure, grouped, remark, type Section } from "./markup";
import { EXPIRY_NOTICE_DAYS, isUrgent } from "./customer-usage";
import { PERCENT_IN_USE, percentUsed } from "./share";
import { dataTable } from "./table";
import type { Usage } from "./usage";

/** How customers use their licences. */
export function customerSections({ customers, licenses, expiring }: Usage): Section[] {
  if (customers.length === 0) {
    return [
      {
        id: "customers",
        title: "Customers",
        content: [remark("No customer with a service licence was found, or the platform was not read.")],
      },
    ];
  }
  const byLicence = "Customers by licence";
  return [
    secrets(customers, expiring),
    {
      id: "by-licence",
      title: byLicence,
      content: [
        barChart(
          { title: byLicence, unit: "customers", scale: "numbers" },
          licenses.map(({ license, customers: count }) => ({ label: license, value: count })),
        ),
      ],
    },
    users(customers),
    inUse(customers),
    allCustomers(customers),
  ];
}

/** The numbers of customers at the top of the page, with what is left of the operator's pool of their licences. */
export function customerHeadlines({ customers, expiring, pool }: Usage): string[] {
  const licensed = customers.reduce((sum, { licensedUsers }) => sum + (licensedUsers ?? 0), 0);
  const active = customers.reduce((sum, { activeUsers }) => sum + (activeUsers ?? 0), 0);
  // Where a list is empty, its section is not there, but the whole one is.
  const target = (id: string): string => (customers.length === 0 ? "customers" : id);
  return [
    figure("customers", customers.length, customers.length === 1 ? "customer" : "customers"),
    figure(target("users"), licensed, `licensed users, ${grouped(active)} active`),
    ...(pool === null
      ? []
      : [figure("pool", pool.left, `licences left to sell, of ${grouped(pool.size)}`, pool.left < 0)]),
    figure(
      target("secrets"),
      expiring.length,
      `secrets that expire soon (expired, or within ${EXPIRY_NOTICE_DAYS} days)`,
      expiring.some(({ secretDaysLeft }) => isUrgent(secretDaysLeft)),
    ),
  ];
}

function secrets(customers: Usage["customers"], expiring: Usage["expiring"]): Section {
  const title = "App Registration secrets";
  const known = customers
    .filter(({ secretDaysLeft }) => secretDaysLeft !== null)
    .sort((a, b) => (a.secretDaysLeft ?? 0) - (b.secretDaysLeft ?? 0));
  return {
    id: "secrets",
    title,
    content: [
      expiring.length === 0
        ? remark(`None that was read expires within ${EXPIRY_NOTICE_DAYS} days.`)
        : barChart({ title, unit: "secrets", scale: "numbers" }, secretsByTime(expiring)),
      ...(known.length === 0
        ? []
        : [
            dataTable(
              title,
              [
                { title: "Customer" },
                { title: "Expires", isExact: true },
                { title: "Days left", isNumber: true, isBad: (cell) => typeof cell === "number" && isUrgent(cell) },
                { title: "GUID" },
              ],
              known.map(({ name, guid, secretExpiresAt, secretDaysLeft }) => [
                name,
                day(secretExpiresAt),
                secretDaysLeft,
                guid,
              ]),
            ),
          ]),
    ],
  };
}

function secretsByTime(expiring: Usage["expiring"]): Bar[] {
  const within = (from: number, to: number): number =>
    expiring.filter(({ secretDaysLeft }) => secretDaysLeft !== null && secretDaysLeft >= from && secretDaysLeft <= to)
      .length;
  return [
    { label: "expired", value: within(-Infinity, -1), isBad: true },
    { label: "within 2 weeks", value: within(0, 14), isBad: true },
    { label: "in 15 to 30 days", value: within(15, 30) },
    { label: `in 31 to ${EXPIRY_NOTICE_DAYS} days`, value: within(31, EXPIRY_NOTICE_DAYS) },
  ];
}

function users(customers: Usage["customers"]): Section {
  const title = "Users licensed and active, by customer";
  return {
    id: "users",
    title,
    content: [
      remark("The customers with the most licensed users first."),
      barChart(
        {
          title,
          unit: "users",
          whole: { part: "active", whole: "licensed" },
          scale: "numbers",
          table: "the table of all customers",
        },
        customers
          .flatMap(({ name, licensedUsers, activeUsers }) =>
            licensedUsers === null || activeUsers === null
              ? []
              : [{ label: name, value: activeUsers, of: licensedUsers }],
          )
          .sort((a, b) => b.of - a.of),
      ),
    ],
  };
}

/** As the platform computes it from time to time; nothing where it does not offer the figures, or was not read. */
function inUse(customers: Usage["customers"]): Section {
  const title = "Licences acquired and in use, by customer";
  const known = customers.filter(({ acquired, inUse: used }) => acquired !== null || used !== null);
  if (known.length === 0) {
    return {
      id: "in-use",
      title,
      content: [remark("Not known: the platform does not offer these figures, or they were not read.")],
    };
  }
  return {
    id: "in-use",
    title,
    content: [
      remark("As the platform computed it at the time that stands beside it; the fullest first."),
      barChart(
        { title, unit: "licences", whole: { part: "in use", whole: "acquired" }, scale: "shares" },
        known
          .flatMap(({ name, acquired, inUse: used }) =>
            acquired === null || used === null ? [] : [{ label: name, value: used, of: acquired }],
          )
          .sort((a, b) => b.value * a.of - a.value * b.of),
      ),
      dataTable(
        title,
        [
          { title: "Customer" },
          { title: "Acquired", isNumber: true },
          { title: "In use", isNumber: true },
          PERCENT_IN_USE,
          { title: "As of", isExact: true },
          { title: "GUID" },
        ],
        known.map(({ name, guid, acquired, inUse: used, inUseAt }) => [
          name,
          acquired,
          used,
          percentUsed({ allocated: acquired ?? 0, used: used ?? 0 }),
          minute(inUseAt),
          guid,
        ]),
      ),
    ],
  };
}

function allCustomers(customers: Usage["customers"]): Section {
  const title = "All customers";
  return {
    id: "customers",
    title,
    content: [
      dataTable(
        title,
        [
          { title: "Customer" },
          { title: "Licence" },
          { title: "Licensed", isNumber: true },
          { title: "Active", isNumber: true },
          { title: "GUID" },
        ],
        customers.map(({ name, license, licensedUsers, activeUsers, guid }) => [
          name,
          license,
          licensedUsers,
          activeUsers,
          guid,
        ]),
      ),
    ],
  };
}

/** The minute of a time in ISO 8601, which is in UTC where it says so; any other text as it is. */
function minute(time: string | null): string | null {
  const [, date, clock, zone = ""] =
    /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})[\d:.]*(Z|[+-]\d{2}:\d{2})?$/.exec(time ?? "") ?? [];
  return date === undefined || clock === undefined
    ? time
    : `${date} ${clock}${zone === "Z" || zone === "+00:00" ? " UTC" : zone === "" ? "" : ` ${zone}`}`;
}

/** The day of a time in ISO 8601. */
function day(time: string | null): string | null {
  return time?.slice(0, 10) ?? null;
}
