import { type Bar, barChart } from "./bar-chart";
import { remark, section } from "./markup";
import { PERCENT_IN_USE } from "./percent";
import { type Column, dataTable } from "./table";
import { EXPIRY_NOTICE_DAYS, isUrgent, percentUsed, type Usage } from "./usage";

const DAYS_LEFT: Column = {
  title: "Days left",
  isNumber: true,
  isBad: (cell) => typeof cell === "number" && isUrgent(cell),
};

/** How customers use their licences. */
export function customerSections({ customers, licenses, expiring }: Usage): string {
  if (customers.length === 0) {
    return section(
      "customers",
      "Customers",
      remark("No customer with a service licence was found, or the platform was not read."),
    );
  }
  return [
    secrets(expiring),
    section(
      "by-licence",
      "Customers by licence",
      barChart(
        { title: "Customers by licence", unit: "customers", scale: "numbers" },
        licenses.map(({ license, customers: count }) => ({ label: license, value: count })),
      ),
    ),
    users(customers),
    inUse(customers),
    section("customers", "All customers", allCustomers(customers)),
  ].join("\n");
}

function secrets(expiring: Usage["expiring"]): string {
  const title = "App Registration secrets that expire soon";
  if (expiring.length === 0) {
    return section("secrets", title, remark(`None that was read expires within ${EXPIRY_NOTICE_DAYS} days.`));
  }
  return section(
    "secrets",
    title,
    barChart({ title, unit: "secrets", scale: "numbers" }, secretsByTime(expiring)),
    dataTable(
      title,
      [
        { title: "Customer" },
        { title: "Secret", isBad: (cell) => cell === "expired" },
        { title: "Expires", isExact: true },
        DAYS_LEFT,
        { title: "GUID" },
      ],
      expiring.map(({ name, guid, secretExpiresAt, secretDaysLeft }) => [
        name,
        (secretDaysLeft ?? 0) < 0 ? "expired" : "expires soon",
        day(secretExpiresAt),
        secretDaysLeft,
        guid,
      ]),
    ),
  );
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

function users(customers: Usage["customers"]): string {
  const title = "Users licensed and active, by customer";
  return section(
    "users",
    title,
    remark("The customers with the most licensed users first."),
    barChart(
      { title, unit: "users", whole: { part: "active", whole: "licensed" }, scale: "numbers" },
      customers
        .flatMap(({ name, licensedUsers, activeUsers }) =>
          licensedUsers === null || activeUsers === null
            ? []
            : [{ label: name, value: activeUsers, of: licensedUsers }],
        )
        .sort((a, b) => b.of - a.of),
    ),
  );
}

/** As the platform computes it from time to time; nothing where it does not offer the figures, or was not read. */
function inUse(customers: Usage["customers"]): string {
  const title = "Licences acquired and in use, by customer";
  const known = customers.filter(({ acquired, inUse: used }) => acquired !== null || used !== null);
  if (known.length === 0) {
    return section(
      "in-use",
      title,
      remark("Not known: the platform does not offer these figures, or they were not read."),
    );
  }
  return section(
    "in-use",
    title,
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
  );
}

function allCustomers(customers: Usage["customers"]): string {
  return dataTable(
    "All customers",
    [
      { title: "Customer" },
      { title: "Licence" },
      { title: "Licensed", isNumber: true },
      { title: "Active", isNumber: true },
      { title: "Secret expires", isExact: true },
      DAYS_LEFT,
      { title: "GUID" },
    ],
    customers.map((one) => [
      one.name,
      one.license,
      one.licensedUsers,
      one.activeUsers,
      day(one.secretExpiresAt),
      one.secretDaysLeft,
      one.guid,
    ]),
  );
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
