import assert from "node:assert/strict";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { calls, type TestStack } from "./support/stack";

/** What the platform comes to hold, and what a refresh then says of it. */
const HOLDINGS: readonly (readonly [change: object, license: string, users: number | undefined])[] = [
  [{ licenseType: 0 }, "HostedEssentials", undefined],
  [{ licenseType: 3 }, "OcEssential", 40],
  [{ licenseType: 7 }, "Unknown(7)", 40],
];
const guidOf = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;

function undeclarable({ createStack }: Edge): void {
  let stack: TestStack;
  before(async () => {
    stack = await createStack({
      livePlatform: {
        customers: HOLDINGS.map((_, n) => ({
          guid: guidOf(n),
          shortName: `customer-${n}`,
          fullName: `Customer ${n}`,
          licenseType: 2,
          licensedUsersCount: 40,
          activeUserCount: 1,
        })),
      },
    });
    stack.program(
      HOLDINGS.map(
        (_, n) =>
          `new CustomerServiceLicense("customer-${n}", { customerGuid: "${guidOf(n)}", licenseType: "HostedPro", licensedUsersCount: 40 });`,
      ).join("\n"),
    );
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
  });
  after(() => stack.close());

  it("are reported by each refresh, as drift of their own", async () => {
    for (const [n, [change]] of HOLDINGS.entries()) {
      await stack.admin("PATCH", `/customers/${guidOf(n)}`, change);
    }
    for (let round = 1; round <= 2; round += 1) {
      const { code, output } = await stack.refresh("--skip-preview");
      assert.equal(code, 0, `round ${round}: ${output}`);
      for (const [n, [, license, users]] of HOLDINGS.entries()) {
        const { outputs } = await stack.resource(`customer-${n}`);
        assert.equal(outputs?.["licenseType"], license);
        assert.equal(outputs["licensedUsersCount"], users);
      }
    }
    const { code, output } = await stack.cli("refresh", "--preview-only", "--expect-no-changes");
    assert.equal(code, 0, output);
  });

  it("are refused by a preview, and forgotten once they are gone", async () => {
    const refused = await stack.preview("--refresh");
    assert.equal(refused.code, 1, refused.output);
    assert.match(refused.output, /the customer holds (OC Essential|unknown licence type 7)/);
    for (const [n, licenseType] of [1, 2, 2].entries()) {
      await stack.admin("PATCH", `/customers/${guidOf(n)}`, { licenseType });
    }
    await stack.requests();
    const { code, output } = await stack.cli("up", "--yes", "--refresh");
    assert.equal(code, 0, output);
    assert.deepEqual(calls(await stack.writes()), [`PATCH /tenantui/api/v3/customer/${guidOf(0)}`]);
    const clean = await stack.cli("refresh", "--preview-only", "--expect-no-changes");
    assert.equal(clean.code, 0, clean.output);
  });
}

throughBothEdges("licences that cannot be declared, by the real CLI", undeclarable);
