import type { Usage } from "../report/usage";
import type { GaugeFamily, Sample } from "./open-metrics";

/** How customers use their licences, and when their secrets expire. */
export function customerMetrics({ customers }: Usage): GaugeFamily[] {
  const labels = customerLabels(customers);
  const samples = (valueOf: (one: Usage["customers"][number]) => number | null): Sample[] =>
    customers.flatMap((one, index) => {
      const value = valueOf(one);
      return value === null || Number.isNaN(value) ? [] : [{ labels: { customer: labels[index] ?? one.guid }, value }];
    });
  return [
    {
      name: "voice_licenses_customer_licensed",
      help: "Users that a customer is licensed for.",
      samples: samples(({ licensedUsers }) => licensedUsers),
    },
    {
      name: "voice_licenses_customer_in_use",
      help: "Licences of a customer in use, or its active users where the platform does not show them.",
      samples: samples(({ inUse, activeUsers }) => inUse ?? activeUsers),
    },
    {
      name: "voice_licenses_app_secret_expiry_timestamp_seconds",
      help: "When the secret of a customer's App Registration expires, in seconds since the epoch.",
      unit: "seconds",
      samples: samples(({ secretExpiresAt }) =>
        secretExpiresAt === null ? null : Math.floor(Date.parse(secretExpiresAt) / 1000),
      ),
    },
  ];
}

/** The customers' names; customers that share one have their GUID behind it, also the first. */
function customerLabels(customers: Usage["customers"]): string[] {
  const counts = new Map<string, number>();
  for (const { name } of customers) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return customers.map(({ name, guid }) => (counts.get(name) === 1 ? name : `${name} (${guid})`));
}
