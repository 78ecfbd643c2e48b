import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { customersCsv } from "../../cli/report/customers-csv";
import { reportPage } from "../../cli/report/page";
import { servicesCsv } from "../../cli/report/services-csv";
import { percentUsed, shareUsed } from "../../cli/report/share";
import { usageOf } from "../../cli/report/usage";
import { customer, tenant } from "./support/worlds";

const NOW = Date.parse("2026-11-24T12:00:00Z");

const TENANTS = [
  tenant("foo", { A: [10, 9], B: [5, 0], C: ["unlimited", 7], D: [0, 0] }),
  tenant("bar", { A: [100, 89], B: ["unlimited", 1], C: [3, 4] }),
];

describe("a report of how licences are used", () => {
  it("adds up what is allocated and in use, services without a limit apart", () => {
    const { totals } = usageOf({ customers: [], tenants: TENANTS }, NOW);
    const kind = "groupServices";
    assert.deepEqual(totals, [
      {
        kind,
        service: "A",
        tenants: 2,
        unlimitedTenants: 0,
        allocated: 110,
        inUseOfAllocated: 98,
        inUse: 98,
        inPacks: 0,
      },
      { kind, service: "B", tenants: 2, unlimitedTenants: 1, allocated: 5, inUseOfAllocated: 0, inUse: 1, inPacks: 0 },
      { kind, service: "C", tenants: 2, unlimitedTenants: 1, allocated: 3, inUseOfAllocated: 4, inUse: 11, inPacks: 0 },
    ]);
  });

  it("adds up each tenant", () => {
    const { tenants } = usageOf({ customers: [], tenants: TENANTS }, NOW);
    assert.deepEqual(tenants, [
      {
        tenantId: "bar",
        name: null,
        type: null,
        services: 3,
        unlimitedServices: 1,
        allocated: 103,
        inUseOfAllocated: 93,
        exhausted: 1,
        nearlyExhausted: 0,
        unused: 0,
      },
      {
        tenantId: "foo",
        name: null,
        type: null,
        services: 3,
        unlimitedServices: 1,
        allocated: 15,
        inUseOfAllocated: 9,
        exhausted: 0,
        nearlyExhausted: 1,
        unused: 1,
      },
    ]);
  });

  it("rounds a share down, so that 100 % is really all", () => {
    const percents = (
      [
        [1000, 999],
        [100, 29],
        [3, 4],
        [0, 3],
        ["unlimited", 3],
      ] as const
    ).map(([allocated, used]) => percentUsed({ allocated, used }));
    assert.deepEqual(percents, [99, 29, 133, null, null]);
  });

  it("finds what is exhausted, what nearly is, the fullest first, and what is licensed and unused", () => {
    const { exhausted, nearlyExhausted, unused } = usageOf({ customers: [], tenants: TENANTS }, NOW);
    assert.deepEqual(
      [exhausted, nearlyExhausted].map((list) => list.map(({ tenantId, service }) => `${tenantId} ${service}`)),
      [["bar C"], ["foo A"]],
    );
    assert.deepEqual(
      unused.map(({ tenantId, service }) => `${tenantId} ${service}`),
      ["foo B"],
    );
    assert.equal(shareUsed({ allocated: 0, used: 3 }), 0);
  });

  describe("where service packs hand out licences", () => {
    const usage = usageOf(
      {
        customers: [],
        tenants: [
          tenant("foo", { Full: [7, 0, 7], Nearly: [10, 2, 9], Packs: [10, 0, 7], Both: [20, 8, 7], Free: [5, 0] }),
        ],
      },
      NOW,
    );
    const names = (list: readonly { readonly service: string }[]): string[] => list.map(({ service }) => service);

    it("counts the larger of the two figures, and calls no such service unused", () => {
      assert.deepEqual([usage.exhausted, usage.nearlyExhausted, usage.unused].map(names), [
        ["Full"],
        ["Nearly"],
        ["Free"],
      ]);
      assert.deepEqual(
        usage.tenants.map(({ allocated, inUseOfAllocated, unused }) => [allocated, inUseOfAllocated, unused]),
        [[52, 7 + 9 + 7 + 8, 1]],
      );
      const both = usage.totals.find(({ service }) => service === "Both");
      assert.deepEqual([both?.inUseOfAllocated, both?.inUse, both?.inPacks], [8, 8, 7]);
    });

    it("shows both figures, on the page, in CSV and JSON, and says on the page which counts", () => {
      const packs = usage.services.find(({ service }) => service === "Packs");
      assert.deepEqual(packs, {
        tenantId: "foo",
        kind: "groupServices",
        service: "Packs",
        allocated: 10,
        inUse: 0,
        inPacks: 7,
      });
      assert.match(servicesCsv(usage), /^\ufefftenant,kind,service,allocated,inUse,inPacks\r\n/);
      assert.match(servicesCsv(usage), /^foo,groupServices,Packs,10,0,7\r$/m);
      const page = reportPage(usage, "Licences", new Date(NOW));
      const row = /<tr><td>foo<\/td><td>Packs<\/td>.*<\/tr>/.exec(page)?.[0].replaceAll(/<[^>]*>/g, " ");
      assert.deepEqual(row?.trim().split(/\s+/), ["foo", "Packs", "group", "10", "0", "7", "70"]);
      assert.match(page, /In packs is what service packs hand out/);
      assert.doesNotMatch(
        reportPage(usageOf({ customers: [], tenants: TENANTS }, NOW), "L", new Date(NOW)),
        /In packs is what/,
      );
    });
  });

  it("counts customers by licence, and days until a secret expires", () => {
    const { licenses, expiring } = usageOf(
      {
        customers: [
          customer("a", { clientSecretExpiresAt: "2026-11-25T13:00:00.000Z" }),
          customer("b", { licenseType: "HostedPro", clientSecretExpiresAt: "2026-11-20T12:00:00.000Z" }),
          customer("c", { clientSecretExpiresAt: "2027-06-30T12:00:00.000Z" }),
        ],
        tenants: [],
      },
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

  it("shows in one table when a secret expires, in the colour of its days", () => {
    const page = (daysLeft: number): string =>
      reportPage(
        usageOf(
          {
            customers: [customer("a", { clientSecretExpiresAt: new Date(NOW + daysLeft * 86_400_000).toISOString() })],
            tenants: [],
          },
          NOW,
        ),
        "Licences",
        new Date(NOW),
      );
    for (const [days, isBad] of [
      [9, true],
      [14, true],
      [15, false],
      [40, false],
    ] as const) {
      const cells = [...page(days).matchAll(new RegExp(`<td class="(number[^"]*)">${days}</td>`, "g"))];
      assert.deepEqual(
        cells.map(([, classes]) => classes),
        [isBad ? "number bad" : "number"],
        String(days),
      );
    }
  });

  it("shows licences acquired and in use with the time of the figure, the pool, the stock and service packs", () => {
    const usage = usageOf(
      {
        customers: [customer("a"), customer("b")],
        tenants: [
          tenant(
            "foo",
            { A: [1, 0] },
            {
              name: "Foo & Sons",
              type: "Enterprise",
              servicePacks: [
                {
                  name: "Premium",
                  allocated: { unlimited: false, maximum: 10 },
                  maximumAllowed: { unlimited: true },
                  currentlyAllocated: 7,
                },
              ],
            },
          ),
        ],
      },
      NOW,
      {
        use: new Map([
          ["guid-of-a", { currentlyLicensed: 48, acquired: 50, lastUpdate: "2023-11-06T16:05:06.0202209+00:00" }],
        ]),
        stock: {
          licenseStrictness: undefined,
          expirationDate: "2027-10-31 23:59:59 +0100",
          subscriberLicenses: [{ name: "Basic", licensed: 100, used: 100, available: 0 }],
          groupServiceLicenses: [],
          virtualServiceLicenses: [],
          userServiceLicenses: [{ name: "Fax", licensed: "unlimited", used: 3, available: undefined }],
        },
        pool: 90,
        livePlatform: "https://portal.example.com/tenantui",
        tenantGateway: "https://gw.example.com",
        notes: ["Something <else>."],
      },
    );
    assert.deepEqual(usage.pool, { size: 90, sold: 100, left: -10 });
    assert.deepEqual(
      usage.customers.map(({ acquired, inUse }) => [acquired, inUse]),
      [
        [50, 48],
        [null, null],
      ],
    );
    const page = reportPage(usage, "Licences", new Date(NOW));
    for (const part of [
      "from the Live Platform https://portal.example.com/tenantui and the tenant gateway https://gw.example.com.",
      "Something &lt;else&gt;.",
      "10 licences more sold than the pool holds.",
      ">2023-11-06 16:05 UTC</td>",
      ">Foo &amp; Sons</td>",
      ">Enterprise</td>",
      ">Premium</td>",
      ", until 2027-10-31 23:59:59 +0100.",
      '<td class="number bad">0</td>',
    ]) {
      assert.ok(page.includes(part), part);
    }
    assert.match(customersCsv(usage), /,50,35,,50,48,2023-11-06T16:05:06\.0202209\+00:00\r$/m);
  });

  it("is the same whatever the order in which the systems list", () => {
    const customers = ["x", "ä", "Z"].map((name) => customer(name));
    assert.deepEqual(
      usageOf({ customers, tenants: TENANTS }, NOW),
      usageOf({ customers: [...customers].reverse(), tenants: [...TENANTS].reverse() }, NOW),
    );
  });

  it("as CSV quotes what has to be, and lets no spreadsheet run a formula", () => {
    const usage = usageOf(
      {
        customers: [customer('=HYPERLINK("http://evil")'), customer("a, b")],
        tenants: [tenant("t\n1", { "-A": [1, 0] })],
      },
      NOW,
    );
    assert.equal(
      customersCsv(usage),
      [
        "\ufeffguid,name,license,licensedUsers,activeUsers,secretExpiresAt,acquired,inUse,inUseAt",
        `"guid-of-=HYPERLINK(""http://evil"")","'=HYPERLINK(""http://evil"")",OC Pro,50,35,,,,`,
        '"guid-of-a, b","a, b",OC Pro,50,35,,,,',
        "",
      ].join("\r\n"),
    );
    assert.match(servicesCsv(usage), /^t\\u\{a\}1,groupServices,'-A,1,0,0\r$/m);
  });

  for (const [what, name, cell] of [
    ["a formula in wide characters", "\uff1dSUM(A1)", "'\uff1dSUM(A1)"],
    ["a line break before a formula", "\n=1+1", "'\\u{a}=1+1"],
    ["a formula after a semicolon", "a;=1+1", `"a;'=1+1"`],
    ["a formula in quotes after a semicolon", 'a; "=1+1"', `"a; ""'=1+1"""`],
    ["a formula after a tab", "a\t@SUM(1)", "a\\u{9}@SUM(1)"],
    ["a space before a formula", " -1", `' '-1`],
    ["letters beyond ASCII", "\u0141\u00f3d\u017a", "\u0141\u00f3d\u017a"],
    ["a hyphen inside", "a-b; c", `"a-b; c"`],
  ] as const) {
    it(`writes CSV that no spreadsheet takes for a formula: ${what}`, () => {
      const [, row = ""] = servicesCsv(usageOf({ customers: [], tenants: [tenant(name, { A: [1, 0] })] }, NOW)).split(
        "\r\n",
      );
      assert.equal(row, `${cell},groupServices,A,1,0,0`);
    });
  }

  it("as a page needs nothing else, and no name becomes markup", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (odd) => {
        const name = `<img src=x onerror=alert(1)>"'&${odd}`;
        const page = reportPage(
          usageOf({ customers: [customer(name)], tenants: [tenant(name, { [name]: [10, 9] })] }, NOW),
          name,
          new Date(NOW),
        );
        assert.doesNotMatch(page, /<img|\ssrc=x onerror=alert\(1\)>"/);
        assert.doesNotMatch(page, /\s(?:src|href)="?(?:https?:)?\/\//);
        assert.doesNotMatch(page, /\p{Cs}/u);
      }),
    );
  });

  it("as a page allows just its own script and style", () => {
    const page = reportPage(usageOf({ customers: [customer("a")], tenants: TENANTS }, NOW), "Licences", new Date(NOW));
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
    assert.ok(page.includes(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`));
    assert.equal(page.match(/<script/g)?.length, 1);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
    assert.ok(page.includes(`style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`));
    assert.doesNotMatch(page, /\sstyle=|unsafe/);
  });

  it("of nothing is a page too, that says why", () => {
    const page = reportPage(usageOf({ customers: [], tenants: [] }, NOW), "Licences", new Date(NOW));
    assert.match(page, /<b>0<\/b> customers/);
    assert.match(page, /No service of a tenant was read/);
    assert.match(page, /No customer with a service licence was found/);
  });

  it("has each service in one table, the fullest first, and each figure of a customer in one", () => {
    const customers = ["a", "b"].map((name) => customer(name, { clientSecretExpiresAt: "2026-12-01T12:00:00.000Z" }));
    const page = reportPage(usageOf({ customers, tenants: TENANTS }, NOW), "Licences", new Date(NOW));
    const rows = [...page.matchAll(/<tr>(<td.*)<\/tr>/g)].map(([, cells = ""]) =>
      Array.from(cells.matchAll(/<td[^>]*>([^<]*)/g), ([, cell]) => cell),
    );
    assert.deepEqual(
      rows
        .filter((cells) => cells[2] === "group" && cells.length === 7)
        .map(([tenantId, service]) => `${tenantId} ${service}`),
      ["bar C", "foo A", "bar A", "bar B", "foo B", "foo C", "foo D"],
    );
    const cells = rows.flat();
    assert.equal(cells.filter((cell) => cell === "2026-12-01").length, 2);
    assert.equal(cells.filter((cell) => cell === "OC Pro").length, 2);
  });

  it("filters no table that is seen at a glance", () => {
    const filters = (count: number): number => {
      const customers = Array.from({ length: count }, (_, n) => customer(`c${n}`));
      return (
        reportPage(usageOf({ customers, tenants: [] }, NOW), "Licences", new Date(NOW)).split('type="search"').length -
        1
      );
    };
    assert.deepEqual([1, 3, 5, 6, 300].map(filters), [0, 0, 0, 1, 1]);
  });

  it("begins with a list of its sections, in their order", () => {
    const page = reportPage(usageOf({ customers: [customer("a")], tenants: TENANTS }, NOW), "Licences", new Date(NOW));
    const [contents = ""] = /<nav aria-label="Contents">.*?<\/nav>/s.exec(page) ?? [];
    const sections = [...page.matchAll(/<section id="([^"]+)" aria-labelledby="[^"]+">\n<h2[^>]*>([^<]+)/g)];
    assert.deepEqual(
      Array.from(contents.matchAll(/<a href="#([^"]+)">([^<]+)/g), ([, id, title]) => [id, title]),
      sections.map(([, id, title]) => [id, title]),
    );
    assert.ok(sections.length >= 10 && page.indexOf("<nav") < page.indexOf("<section"));
  });

  it("links each figure to a part that is there", () => {
    for (const [customers, tenants] of [
      [[], []],
      [[customer("a")], []],
      [[], TENANTS],
      [[customer("a")], TENANTS],
    ] as const) {
      const page = reportPage(usageOf({ customers, tenants }, NOW), "Licences", new Date(NOW));
      const [figures = ""] = /<ul class="figures">.*<\/ul>/.exec(page) ?? [];
      const links = [...figures.matchAll(/href="#([^"]+)"/g)];
      assert.equal(links.length, 7);
      for (const [link, id = ""] of links) {
        assert.ok(page.includes(`<section id="${id}"`), link);
      }
    }
  });
});
