import assert from "node:assert/strict";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { APP_ID, APP_SECRET, type Recorded, type TestStack } from "./support/stack";

const TENANTS = 40;
const CUSTOMERS = 12;
const LATENCY_MS = 50;
const guidOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

const SEED = {
  livePlatform: {
    customers: numbers(CUSTOMERS).map((n) => ({
      guid: guidOf(n),
      shortName: `customer-${n}`,
      fullName: `Customer ${n}`,
      licenseType: 5,
      licensedUsersCount: 10,
      activeUserCount: 1,
      applicationClientId: APP_ID,
    })),
  },
  gateway: {
    tenants: Object.fromEntries(
      numbers(TENANTS).map((n) => [`tenant-${n}`, { groupServices: { "Hunt Group": 3 }, userServices: {} }]),
    ),
  },
};

/** Tenants up to a number, and customers with their App Registrations. */
function program(tenants: number, customers: number): string {
  return `
    for (let n = 0; n < ${tenants}; n += 1) {
      new TenantServiceLicenses("tenant-" + n, { tenantId: "tenant-" + n, groupServices: { "Hunt Group": 5 } });
    }
    for (let n = 0; n < ${customers}; n += 1) {
      new CustomerServiceLicense("customer-" + n, {
        customerGuid: "00000000-0000-4000-8000-" + String(n).padStart(12, "0"),
        licenseType: "OcPro",
        licensedUsersCount: 20,
        applicationClientId: "${APP_ID}",
        applicationClientSecret: "${APP_SECRET}",
      });
    }`;
}

/** What was asked of one API, logins left out. */
function asked(requests: readonly Recorded[], api: string): string[] {
  return requests
    .filter((request) => request.api === api && !request.path.endsWith("/login/"))
    .map(({ method, path }) => `${method} ${path}`)
    .sort();
}

function previewRequests({ createStack }: Edge): void {
  let stack: TestStack;
  before(async () => {
    stack = await createStack(SEED);
    await stack.admin("PATCH", "/settings", { latencyMs: LATENCY_MS });
  });
  after(() => stack.close());

  it("reads each new object once", async () => {
    stack.program(program(TENANTS, CUSTOMERS));
    const { code, output } = await stack.preview();
    assert.equal(code, 0, output);
    // Pulumi shows each line as it comes, and once more at the end.
    const told = output.slice(output.indexOf("Diagnostics:"));
    assert.equal(told.match(/PUT Hunt Group 3 → 5/g)?.length, TENANTS, output);
    assert.equal(told.match(/PATCH users 10 → 20/g)?.length, CUSTOMERS, output);
    const requests = await stack.requests();
    assert.deepEqual(
      asked(requests, "gateway"),
      numbers(TENANTS)
        .map((n) => `GET /api/v1/tenants/tenant-${n}/licenses/`)
        .sort(),
    );
    assert.deepEqual(
      asked(requests, "livePlatform"),
      [
        "GET /tenantui/api/v3/customer",
        ...numbers(CUSTOMERS).map((n) => `GET /tenantui/api/v3/customer/${guidOf(n)}`),
      ].sort(),
    );
  });

  it("asks nothing about what is in state and unchanged", async () => {
    stack.program(program(TENANTS, CUSTOMERS));
    const up = await stack.up("--parallel", "64");
    assert.equal(up.code, 0, up.output);
    await stack.requests();
    const { code, output } = await stack.preview("--expect-no-changes");
    assert.equal(code, 0, output);
    assert.deepEqual(await stack.requests(), []);
  });

  it("shows a refusal on its object, and on no other", async () => {
    const ids = numbers(12).map((n) => `new-${n}`);
    for (const id of ids.filter((one) => one !== "new-7")) {
      await stack.admin("POST", "/tenants", { id, groupServices: { "Hunt Group": 3 } });
    }
    stack.program(
      `${program(TENANTS, CUSTOMERS)}
      for (const id of ${JSON.stringify(ids)}) {
        new TenantServiceLicenses(id, { tenantId: id, groupServices: { "Hunt Group": 5 } });
      }`,
    );
    const { code, output } = await stack.preview();
    assert.equal(code, 1, output);
    assert.match(output, /\bnew-7\b.*there is no tenant new-7/s);
    assert.equal(new Set(output.match(/there is no tenant [\w-]+/g)).size, 1);
  });
}

throughBothEdges("what a preview asks, by the real CLI", previewRequests);
