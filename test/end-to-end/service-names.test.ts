import assert from "node:assert/strict";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { type TestStack } from "./support/stack";

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

function servicesWith(names: readonly string[], allocation: number | string): Record<string, number | string> {
  return Object.fromEntries(names.map((name) => [name, allocation]));
}

function program(groupServices: string, userServices: string): string {
  return `
const foo = new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: ${groupServices}, userServices: ${userServices}, onServiceRemoved: "unlicense" });
exports.group = foo.groupServices;
exports.user = foo.userServices;`;
}

function serviceNames({ name: edge, createStack }: Edge): void {
  const isDynamic = edge === "dynamic";
  const plain = (value: unknown): string => JSON.stringify(value);
  const held = servicesWith(NAMES, 1);

  let stack: TestStack;
  beforeEach(async () => {
    stack = await createStack({ gateway: { tenants: { foo: { groupServices: held, userServices: held } } } });
  });
  afterEach(() => stack.close());

  it("are previewed, applied, refreshed and let go like any other", async () => {
    // In the list form of dynamic resources, too.
    const group = isDynamic ? NAMES.map((name) => ({ name, allocated: 2 })) : servicesWith(NAMES, 2);
    stack.program(program(plain(group), plain(servicesWith(NAMES, "unlimited"))));
    const done = await stack.cli("up", "--yes");
    assert.equal(done.code, 0, done.output);
    assert.match(done.output, /toString \(group\) 1 → 2/);
    const { outputs } = await stack.resource("foo");
    assert.deepEqual(outputs?.["groupServices"], servicesWith(NAMES, 2));
    assert.deepEqual(outputs["userServices"], servicesWith(NAMES, "unlimited"));
    assert.deepEqual(outputs["original"], { groupServices: held, userServices: held });
    assert.equal((await stack.refresh("--expect-no-changes")).code, 0);
    stack.program(program(plain({ toString: 2 }), plain({ constructor: "unlimited" })));
    assert.equal((await stack.up()).code, 0);
    assert.deepEqual((await stack.resource("foo")).outputs?.["groupServices"], { toString: 2 });
  });
}

throughBothEdges("services with names that every object has, by the real CLI", serviceNames);
