import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { NOTHING } from "../../cli/assessment/assessment";
import { licenseMetrics } from "../../cli/metrics/license-metrics";
import { openMetricsText } from "../../cli/metrics/open-metrics";
import { usageOf } from "../../cli/report/usage";
import { customer, tenant } from "../report/support/worlds";
import { type ReadSample, readOpenMetrics } from "./support/open-metrics";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const root = path.join(__dirname, "..", "..");

function samplesOf(...args: Parameters<typeof licenseMetrics>): ReadSample[] {
  return readOpenMetrics(openMetricsText(licenseMetrics(...args)));
}

describe("licences as metrics", () => {
  it("show what is allocated, in use and in packs of each service, and where there is no limit", () => {
    const usage = usageOf(
      {
        customers: [],
        tenants: [tenant("foo", { A: [10, 9], B: ["unlimited", 7, 9], C: [0, 0], D: [0, 2], E: [0, 0, 3] })],
      },
      NOW,
    );
    const labels = (service: string): object => ({ tenant: "foo", kind: "groupServices", service });
    assert.deepEqual(samplesOf(usage, undefined), [
      { name: "voice_licenses_allocated", labels: labels("A"), value: 10 },
      { name: "voice_licenses_allocated", labels: labels("D"), value: 0 },
      { name: "voice_licenses_allocated", labels: labels("E"), value: 0 },
      { name: "voice_licenses_in_use", labels: labels("A"), value: 9 },
      { name: "voice_licenses_in_use", labels: labels("B"), value: 7 },
      { name: "voice_licenses_in_use", labels: labels("D"), value: 2 },
      { name: "voice_licenses_in_use", labels: labels("E"), value: 0 },
      { name: "voice_licenses_in_packs", labels: labels("A"), value: 0 },
      { name: "voice_licenses_in_packs", labels: labels("B"), value: 9 },
      { name: "voice_licenses_in_packs", labels: labels("D"), value: 0 },
      { name: "voice_licenses_in_packs", labels: labels("E"), value: 3 },
      { name: "voice_licenses_unlimited", labels: labels("A"), value: 0 },
      { name: "voice_licenses_unlimited", labels: labels("B"), value: 1 },
      { name: "voice_licenses_unlimited", labels: labels("D"), value: 0 },
      { name: "voice_licenses_unlimited", labels: labels("E"), value: 0 },
    ]);
  });

  it("show customers by name, with their GUIDs where names are the same", () => {
    const one = customer("Contoso", { clientSecretExpiresAt: "2027-01-01T00:00:00.500Z" });
    const same = { ...customer("Contoso", { activeUserCount: null }), guid: "guid-2" };
    const use = new Map([[one.guid, { currentlyLicensed: 12, acquired: 50, lastUpdate: undefined }]]);
    const nothing = { stock: undefined, pool: undefined, livePlatform: undefined, tenantGateway: undefined, notes: [] };
    const usage = usageOf({ customers: [one, same, customer("Other")], tenants: [] }, NOW, { use, ...nothing });
    const [first, second, other] = ["Contoso (guid-2)", "Contoso (guid-of-Contoso)", "Other"].map((name) => ({
      customer: name,
    }));
    assert.deepEqual(samplesOf(usage, undefined), [
      { name: "voice_licenses_customer_licensed", labels: first, value: 50 },
      { name: "voice_licenses_customer_licensed", labels: second, value: 50 },
      { name: "voice_licenses_customer_licensed", labels: other, value: 50 },
      { name: "voice_licenses_customer_in_use", labels: second, value: 12 },
      { name: "voice_licenses_customer_in_use", labels: other, value: 35 },
      { name: "voice_licenses_app_secret_expiry_timestamp_seconds", labels: second, value: 1_798_761_600 },
    ]);
  });

  it("count what has drifted and what is unmanaged only where a fleet was compared", () => {
    const usage = usageOf({ customers: [], tenants: [] }, NOW);
    assert.equal(openMetricsText(licenseMetrics(usage, undefined)), "# EOF\n");
    assert.deepEqual(samplesOf(usage, NOTHING), [
      { name: "voice_licenses_drifted_objects", labels: {}, value: 0 },
      { name: "voice_licenses_unmanaged_objects", labels: {}, value: 0 },
    ]);
  });

  it("are a text that readers take, whatever the names of services, tenants and customers", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom('"', "\\", "a\nb", "\u0000", "# EOF", "\\n", "\u2028", "{}"),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1 }), name, (services, id) => {
        const world = tenant(id, Object.fromEntries(services.map((service) => [service, [3, 1] as const])));
        const samples = samplesOf(
          usageOf({ customers: [customer(id), customer(`${id} `)], tenants: [world] }, NOW),
          NOTHING,
        );
        assert.ok(samples.some(({ labels }) => "service" in labels));
      }),
    );
  });

  it("escape what would end a label", () => {
    const [first] = samplesOf(
      usageOf({ customers: [], tenants: [tenant('a"b\\c', { "x\ny": [1, 1] })] }, NOW),
      undefined,
    );
    assert.deepEqual(first?.labels, { tenant: 'a"b\\c', kind: "groupServices", service: "x\\u{a}y" });
  });
});

describe("examples/monitoring", () => {
  const all = new Set(
    licenseMetrics(usageOf({ customers: [], tenants: [tenant("foo", { A: [10, 9] })] }, NOW), NOTHING).map(
      ({ name }) => name,
    ),
  );
  for (const file of [
    "examples/monitoring/alerts.yml",
    "examples/monitoring/grafana-dashboard.json",
    "docs/monitoring.md",
  ]) {
    it(`names no metric in ${file} that is not there`, () => {
      const text = readFileSync(path.join(root, file), "utf8");
      const named = [...new Set(text.match(/\bvoice_licenses_[a-z_]+\b(?!\.prom)/g))];
      assert.ok(named.length > 2);
      assert.deepEqual(
        named.filter((name) => !all.has(name)),
        [],
      );
    });
    it(`names no label in ${file} that its metrics have not`, () => {
      const text = readFileSync(path.join(root, file), "utf8");
      const labels = new Set(["tenant", "kind", "service", "customer"]);
      const used = Array.from(
        text.matchAll(/\$labels\.(\w+)|by \((\w+)\)|\{(\w+)=~?\\?"/g),
        (match) => match[1] ?? match[2] ?? match[3] ?? "",
      );
      assert.deepEqual(
        used.filter((label) => !labels.has(label) && label !== "file"),
        [],
      );
    });
  }
});
