import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { CustomerEntry } from "../../inventory/customers";
import type { TenantEntry } from "../../inventory/tenants";
import { customersCsv, servicesCsv } from "../../report/csv";
import { reportPage } from "../../report/page";
import { shareInUse, usageOf } from "../../report/usage";

const NOW = Date.parse("2026-11-24T12:00:00Z");

function customer(name: string, more: Partial<CustomerEntry["customer"]> = {}): CustomerEntry {
  return {
    guid: `guid-of-${name}`,
    customer: {
      licenseType: "OcPro",
      licensedUsersCount: 50,
      activeUserCount: 35,
      fullName: name,
      shortName: null,
      applicationClientId: undefined,
      clientSecretExpiresAt: undefined,
      ...more,
    },
  };
}

function tenant(
  tenantId: string,
  services: Readonly<Record<string, readonly ["unlimited" | number, number]>>,
): TenantEntry {
  const observed = new Map(
    Object.entries(services).map(([name, [allocation, inUse]]) => [name, { allocation, inUse }]),
  );
  return { tenantId, services: { groupServices: observed, userServices: new Map() } };
}

const TENANTS = [
  tenant("foo", { A: [10, 9], B: [5, 0], C: ["unlimited", 7], D: [0, 0] }),
  tenant("bar", { A: [100, 89], B: ["unlimited", 1], C: [3, 4] }),
];

describe("a report of how licences are used", () => {
  it("adds up what is allocated and in use, services without a limit apart", () => {
    const { totals } = usageOf([], TENANTS, NOW);
    const kind = "groupServices";
    assert.deepEqual(totals, [
      { kind, service: "A", tenants: 2, unlimitedTenants: 0, allocated: 110, inUseOfAllocated: 98, inUse: 98 },
      { kind, service: "B", tenants: 2, unlimitedTenants: 1, allocated: 5, inUseOfAllocated: 0, inUse: 1 },
      { kind, service: "C", tenants: 2, unlimitedTenants: 1, allocated: 3, inUseOfAllocated: 4, inUse: 11 },
    ]);
  });

  it("finds what is nearly exhausted, the fullest first, and what is licensed and unused", () => {
    const { nearlyExhausted, unused } = usageOf([], TENANTS, NOW);
    assert.deepEqual(
      nearlyExhausted.map(({ tenantId, service }) => `${tenantId} ${service}`),
      ["bar C", "foo A"],
    );
    assert.deepEqual(
      unused.map(({ tenantId, service }) => `${tenantId} ${service}`),
      ["foo B"],
    );
    assert.equal(shareInUse({ allocated: 0, inUse: 3 }), 0);
  });

  it("counts customers by licence, and days until a secret expires", () => {
    const { licenses, expiring } = usageOf(
      [
        customer("a", { clientSecretExpiresAt: "2026-11-25T13:00:00.000Z" }),
        customer("b", { licenseType: "HostedPro", clientSecretExpiresAt: "2026-11-20T12:00:00.000Z" }),
        customer("c", { clientSecretExpiresAt: "2027-06-30T12:00:00.000Z" }),
      ],
      [],
      NOW,
    );
    assert.deepEqual(licenses, [
      { license: "OC Pro", customers: 2 },
      { license: "Hosted Pro", customers: 1 },
    ]);
    assert.deepEqual(
      expiring.map(({ name, secretDaysLeft }) => [name, secretDaysLeft]),
      [
        ["b", -4],
        ["a", 1],
      ],
    );
  });

  it("is the same whatever the order in which the systems list", () => {
    const customers = ["x", "ä", "Z"].map((name) => customer(name));
    assert.deepEqual(usageOf(customers, TENANTS, NOW), usageOf([...customers].reverse(), [...TENANTS].reverse(), NOW));
  });

  it("as CSV quotes what has to be, and lets no spreadsheet run a formula", () => {
    const usage = usageOf(
      [customer('=HYPERLINK("http://evil")'), customer("a, b")],
      [tenant("t\n1", { "-A": [1, 0] })],
      NOW,
    );
    assert.equal(
      customersCsv(usage),
      [
        "guid,name,license,licensedUsers,activeUsers,secretExpiresAt",
        `"guid-of-=HYPERLINK(""http://evil"")","'=HYPERLINK(""http://evil"")",OC Pro,50,35,`,
        '"guid-of-a, b","a, b",OC Pro,50,35,',
        "",
      ].join("\r\n"),
    );
    assert.match(servicesCsv(usage), /^"t\n1",groupServices,'-A,1,0\r$/m);
  });

  it("as a page needs nothing else, and no name becomes markup", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (odd) => {
        const name = `<img src=x onerror=alert(1)>"'&${odd}`;
        const page = reportPage(
          usageOf([customer(name)], [tenant(name, { [name]: [10, 9] })], NOW),
          name,
          new Date(NOW),
        );
        assert.doesNotMatch(page, /<img|\ssrc=x onerror=alert\(1\)>"/);
        assert.doesNotMatch(page, /\s(?:src|href)="?(?:https?:)?\/\//);
        assert.doesNotMatch(page, /\p{Cs}/u);
      }),
    );
  });

  it("as a page allows just its own script", () => {
    const page = reportPage(usageOf([customer("a")], TENANTS, NOW), "Licences", new Date(NOW));
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
    assert.ok(page.includes(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`));
    assert.equal(page.match(/<script/g)?.length, 1);
    for (const id of page.matchAll(/data-table="([^"]+)"/g)) {
      assert.ok(page.includes(`<table id="${id[1] ?? ""}">`), id[0]);
    }
  });

  it("of nothing is a page too", () => {
    assert.match(reportPage(usageOf([], [], NOW), "Licences", new Date(NOW)), /<b>0<\/b> customers/);
  });
});
