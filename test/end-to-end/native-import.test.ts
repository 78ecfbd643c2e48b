import assert from "node:assert/strict";
import * as path from "node:path";
import { packageVersion } from "../../cli/commands/version";
import { createNativeStack, yamlProgramWithInstalledPlugin } from "./support/native-stack";
import { APP_ID, APP_SECRET, CONTOSO, type TestStack } from "./support/stack";

const PLUGIN = path.resolve(__dirname, "../../dist/plugin.tar.gz");

describe("pulumi import with the native plugin, installed from its archive, by the real CLI", function () {
  // A language host may have to be built first.
  this.timeout(10 * 60_000);
  let stack: TestStack;
  before(async () => {
    stack = await createNativeStack("yaml");
    const installed = await stack.cli(
      "plugin",
      "install",
      "resource",
      "voice-licenses",
      packageVersion(),
      "--file",
      PLUGIN,
    );
    assert.equal(installed.code, 0, installed.output);
    yamlProgramWithInstalledPlugin(stack, "\n");
  });
  after(() => stack.close());

  /** The program that an import prints. */
  const printed = (output: string): string => output.slice(output.lastIndexOf("resources:\n"));

  it("takes over a tenant with all that is licensed; the printed program has nothing to do", async () => {
    const token = "voice-licenses:index:TenantServiceLicenses";
    const { code, output } = await stack.cli("import", token, "bar", "bar", "--yes", "--protect=false");
    assert.equal(code, 0, output);
    yamlProgramWithInstalledPlugin(stack, `\n${printed(output)}`);
    const up = await stack.cli("up", "--yes", "--expect-no-changes");
    assert.equal(up.code, 0, up.output);
    assert.deepEqual(await stack.writes(), []);
  });

  it("takes over a customer by its GUID, and says to add the secret, which is then not sent", async () => {
    await stack.admin("PATCH", `/customers/${CONTOSO}`, {
      licenseType: 5,
      licensedUsersCount: 50,
      applicationClientId: APP_ID,
      applicationClientSecret: APP_SECRET,
    });
    yamlProgramWithInstalledPlugin(stack, "\n");
    const token = "voice-licenses:index:CustomerServiceLicense";
    const { code, output } = await stack.cli(
      "import",
      token,
      "contoso",
      CONTOSO.toUpperCase(),
      "--yes",
      "--protect=false",
    );
    assert.equal(code, 0, output);
    assert.match(output, /add applicationClientSecret/);
    yamlProgramWithInstalledPlugin(
      stack,
      `\n${printed(output).trimEnd()}\n      applicationClientSecret: ${APP_SECRET}\n`,
    );
    await stack.requests();
    const up = await stack.up("--target", "**contoso");
    assert.equal(up.code, 0, up.output);
    assert.deepEqual(await stack.writes(), []);
    const contoso = await stack.resource("contoso");
    assert.ok(JSON.stringify(contoso.outputs?.["applicationClientSecret"]).includes("ciphertext"));
  });
});
