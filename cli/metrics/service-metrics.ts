import type { Usage } from "../report/usage";
import type { GaugeFamily } from "./open-metrics";

/** How tenants use their services. */
export function serviceMetrics({ services }: Usage): GaugeFamily[] {
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
