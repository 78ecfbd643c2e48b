import assert from "node:assert/strict";
import { TestStack } from "./support/stack";

/** Names that every object has, or that Pulumi's SDK and its protobuf know in other places. */
const NAMES = [
  "toString",
  "constructor",
  "valueOf",
  "hasOwnProperty",
  "isPrototypeOf",
  "__defineGetter__",
  "toJSON",
  "then",
  "length",
  "id",
  "urn",
  "secure",
  "value",
  "__pulumiOutput",
  "__provider",
  "__defaults",
  "42",
];

describe("services with names that every object has, by the real CLI", () => {
  let stack: TestStack;
  afterEach(() => stack.close());

  it("are previewed, applied, refreshed and let go like any other", async () => {
    const services = (maximum: number): Record<string, number> =>
      Object.fromEntries(NAMES.map((name) => [name, maximum]));
    stack = await TestStack.create({
      gateway: { tenants: { foo: { groupServices: services(1), userServices: services(1) } } },
    });
    const program = (group: unknown, user: unknown): string =>
      `const foo = new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: ${JSON.stringify(group)}, userServices: ${JSON.stringify(user)},
         onServiceRemoved: "unlicense" });
       exports.group = foo.groupServices; exports.user = foo.userServices;`;
    const unlimited = Object.fromEntries(NAMES.map((name) => [name, "unlimited"]));
    stack.program(
      program(
        NAMES.map((name) => ({ name, allocated: 2 })),
        unlimited,
      ),
    );
    const done = await stack.cli("up", "--yes");
    assert.equal(done.code, 0, done.output);
    assert.match(done.output, /toString \(group\) 1 → 2/);
    const { outputs } = await stack.resource("foo");
    assert.deepEqual(outputs?.["groupServices"], services(2));
    assert.deepEqual(outputs["userServices"], unlimited);
    assert.deepEqual(outputs["original"], { groupServices: services(1), userServices: services(1) });
    assert.equal((await stack.refresh("--expect-no-changes")).code, 0);
    stack.program(program({ toString: 2 }, { constructor: "unlimited" }));
    assert.equal((await stack.up()).code, 0);
    assert.deepEqual((await stack.resource("foo")).outputs?.["groupServices"], { toString: 2 });
  });
});
