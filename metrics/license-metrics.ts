import type { Assessment } from "../assessment/assessment";
import { drifted } from "../assessment/formats/shown";
import type { Usage } from "../report/usage";
import type { GaugeFamily, Sample } from "./open-metrics";

/** Licences as gauges: a pure function of how they are used and, where a fleet was compared, of what has drifted. */
export function licenseMetrics(usage: Usage, assessment: Assessment | undefined): GaugeFamily[] {
  return [
    ...serviceMetrics(usage),
    ...customerMetrics(usage),
    ...(assessment === undefined ? [] : driftMetrics(assessment)),
  ];
}

function serviceMetrics({ services }: Usage): GaugeFamily[] {
  // What is neither licensed nor in use would make thousands of series of zeros.
  const seen = services.filter(({ allocated, inUse, inPacks }) => allocated !== 0 || inUse > 0 || inPacks > 0);
  const family = (
    name: string,
    help: string,
    valueOf: (one: (typeof seen)[number]) => number | undefined,
  ): GaugeFamily => ({
    name: `voice_licenses_${name}`,
    help,
    samples: seen.flatMap((one) => {
      const { tenantId: tenant, kind, service } = one;
      const value = valueOf(one);
      return value === undefined ? [] : [{ labels: { tenant, kind, service }, value }];
    }),
  });
  return [
    family(
      "allocated",
      "Licences of a service that a tenant may use; absent where they are unlimited.",
      ({ allocated }) => (allocated === "unlimited" ? undefined : allocated),
    ),
    family(
      "in_use",
      "Licences of a service that a tenant has allocated to its groups and users.",
      ({ inUse }) => inUse,
    ),
    family("in_packs", "Licences of a service that service packs of a tenant hand out.", ({ inPacks }) => inPacks),
    family("unlimited", "1 where a tenant may use a service without a limit, else 0.", ({ allocated }) =>
      allocated === "unlimited" ? 1 : 0,
    ),
  ];
}

function customerMetrics({ customers }: Usage): GaugeFamily[] {
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

function driftMetrics(assessment: Assessment): GaugeFamily[] {
  return [
    {
      name: "voice_licenses_drifted_objects",
      help: "Customers and tenants of the fleet file that are not as declared.",
      samples: [{ labels: {}, value: drifted(assessment).length }],
    },
    {
      name: "voice_licenses_unmanaged_objects",
      help: "Customers and tenants that hold licences and are declared nowhere.",
      samples: [{ labels: {}, value: assessment.unmanaged.length }],
    },
  ];
}
