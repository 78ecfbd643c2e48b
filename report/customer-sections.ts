import { type Bar, barChart } from "./bar-chart";
import { remark, section } from "./markup";
import { dataTable } from "./table";
import { EXPIRY_NOTICE_DAYS, type Usage } from "./usage";

/** How customers use their licences. */
export function customerSections({ customers, licenses, expiring }: Usage): string {
  if (customers.length === 0) {
    return section(
      "customers",
      "Customers",
      remark("No customer with a service licence was found, or none was asked for."),
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
        { title: "Days left", isNumber: true, isBad: (cell) => typeof cell === "number" && cell < 0 },
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
    { label: "within 2 weeks", value: within(0, 14) },
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

function allCustomers(customers: Usage["customers"]): string {
  return dataTable(
    "All customers",
    [
      { title: "Customer" },
      { title: "Licence" },
      { title: "Licensed", isNumber: true },
      { title: "Active", isNumber: true },
      { title: "Secret expires", isExact: true },
      {
        title: "Days left",
        isNumber: true,
        isBad: (cell) => typeof cell === "number" && cell <= EXPIRY_NOTICE_DAYS,
      },
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

/** The day of a time in ISO 8601. */
function day(time: string | null): string | null {
  return time?.slice(0, 10) ?? null;
}
