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
  // Pulumi's SDK cannot make a text of a plain map with a service named toString; the npm package passes it as an output by itself.
  const map = (value: unknown): string => (isDynamic ? plain(value) : `pulumi.output(${plain(value)})`);
  const held = servicesWith(NAMES, 1);

  let stack: TestStack;
  beforeEach(async () => {
    stack = await createStack({ gateway: { tenants: { foo: { groupServices: held, userServices: held } } } });
  });
  afterEach(() => stack.close());

  it("are previewed, applied, refreshed and let go like any other", async () => {
    // In the list form of dynamic resources, too.
    const group = isDynamic ? plain(NAMES.map((name) => ({ name, allocated: 2 }))) : map(servicesWith(NAMES, 2));
    stack.program(program(group, map(servicesWith(NAMES, "unlimited"))));
    const done = await stack.cli("up", "--yes");
    assert.equal(done.code, 0, done.output);
    assert.match(done.output, /toString \(group\) 1 → 2/);
    const { outputs } = await stack.resource("foo");
    assert.deepEqual(outputs?.["groupServices"], servicesWith(NAMES, 2));
    assert.deepEqual(outputs["userServices"], servicesWith(NAMES, "unlimited"));
    assert.deepEqual(outputs["original"], { groupServices: held, userServices: held });
    assert.equal((await stack.refresh("--expect-no-changes")).code, 0);
    stack.program(program(map({ toString: 2 }), map({ constructor: "unlimited" })));
    assert.equal((await stack.up()).code, 0);
    assert.deepEqual((await stack.resource("foo")).outputs?.["groupServices"], { toString: 2 });
  });

  if (!isDynamic) {
    it("are carried by plain maps too, except toString, on which Pulumi's SDK fails before anything is sent", async () => {
      const { output } = await stack.command("node", ["-e", PLAIN_MAPS]);
      const others = NAMES.filter((name) => name !== "toString");
      const expected = ["failed: Cannot convert object to primitive value", ...others.map((name) => `{"${name}":2}`)];
      const shown = output.split("\n").filter((line) => /^(?:failed: |\{)/.test(line));
      assert.deepEqual(shown.sort(), expected.sort());
    });
  }
}

/** Registers a resource with a plain map for each name, at a monitor that only prints what it gets. */
const PLAIN_MAPS = `
const pulumi = require("@pulumi/pulumi");
const { TenantServiceLicenses } = require("pulumi-voice-licenses-native");
const newResource = ({ id, inputs }) => {
  console.log(JSON.stringify(inputs.groupServices));
  return { id, state: inputs };
};
pulumi.runtime.setMocks({ newResource });
process.on("unhandledRejection", ({ message }) => console.log("failed: " + message));
for (const name of ${JSON.stringify(NAMES)}) {
  new TenantServiceLicenses("of " + name, { tenantId: "foo", groupServices: { [name]: 2 } });
}`;

throughBothEdges("services with names that every object has, by the real CLI", serviceNames);
