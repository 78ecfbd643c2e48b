import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { type Edge, throughBothEdges } from "./support/both-edges";
import type { TestStack } from "./support/stack";

function inlinePrograms(this: Mocha.Suite, { createStack }: Edge): void {
  this.timeout(120_000);
  let stack: TestStack;

  before(async () => {
    stack = await createStack({
      gateway: { tenants: { foo: { groupServices: { "Hunt Group": 3, "Call Park": 4 }, userServices: {} } } },
    });
  });
  after(() => stack.close());

  it("unlicenses a service that the second run no longer declares", async () => {
    writeFileSync(
      path.join(stack.folder, "runs.js"),
      `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { TenantServiceLicenses } = require("${stack.packageName}");

let groupServices;
const program = async () => {
  new TenantServiceLicenses("foo", { tenantId: "foo", onServiceRemoved: "unlicense", groupServices });
};
(async () => {
  const stack = await LocalWorkspace.createOrSelectStack({ stackName: "inline", projectName: "e2e", program }, { workDir: __dirname });
  groupServices = { "Hunt Group": 3, "Call Park": 4 };
  await stack.up();
  groupServices = { "Hunt Group": 3 };
  await stack.up();
})().catch((error) => { console.error(error.message); process.exitCode = 1; });
`,
    );
    const { code, output } = await stack.command(process.execPath, ["runs.js"]);
    assert.equal(code, 0, output);
    assert.deepEqual(
      (await stack.writes()).filter(({ method }) => method === "PUT").map(({ body }) => body),
      [{ groupServices: [{ name: "Call Park", allocated: { unlimited: false, maximum: 0 } }] }],
    );
  });
}

throughBothEdges("the Automation API, with inline programs in one process", inlinePrograms);
