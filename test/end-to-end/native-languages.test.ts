import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { isNightly } from "../support/extent";
import { buildSdks, createNativeNodeStack, createNativeStack, yamlProgram } from "./support/native-stack";
import { hasPython, pythonPrograms } from "./support/python";
import { APP_SECRET, calls, CONTOSO, type TestStack } from "./support/stack";

const ROOT = path.resolve(__dirname, "../..");
const WRITES = [
  `PATCH /tenantui/api/v3/customer/${CONTOSO}`,
  `POST /tenantui/api/v2/customer/${CONTOSO}/action/upgrade`,
  "PUT /api/v1/tenants/foo/licenses/",
];

/** Brings an example into a stack, under the stack's project, with the plugin at its place. */
function copyExample(name: string, stack: TestStack): void {
  cpSync(path.join(ROOT, "examples", name), stack.folder, { recursive: true });
  const file = path.join(stack.folder, "Pulumi.yaml");
  const project = readFileSync(file, "utf8").replace(/^name: .*$/m, "name: e2e");
  writeFileSync(file, project.replace("../../dist/plugin", path.join(ROOT, "dist", "plugin")));
}

interface Gateway {
  readonly base: string;
  readonly user: string;
  readonly password: string;
}

function pythonInstance({ base, user, password }: Gateway): string {
  return `
import pulumi
import pulumi_voice_licenses as voice
west = voice.Provider("west", tenant_gateway={"base_url": "${base}", "username": "${user}", "password": "${password}"})
voice.TenantServiceLicenses("foo", tenant_id="foo", group_services={"Call Pickup": 5}, opts=pulumi.ResourceOptions(provider=west))
east = voice.Provider("east", tenant_gateway=voice.TenantGatewayArgs(base_url="${base}", username="${user}", password="${password}", max_retries=3))
voice.TenantServiceLicenses("bar", tenant_id="bar", group_services={"Call Pickup": 20}, opts=pulumi.ResourceOptions(provider=east))
`;
}

function nodeInstance({ base, user, password }: Gateway): string {
  return `
const voice = require("pulumi-voice-licenses-native");
const west = new voice.Provider("west", { tenantGateway: { baseUrl: "${base}", username: "${user}", password: "${password}" } });
new voice.TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Call Pickup": 5 } }, { provider: west });
`;
}

function yamlInstance({ base, user, password }: Gateway): string {
  const connection = `baseUrl: ${base}, username: ${user}`;
  return `
resources:
  west:
    type: pulumi:providers:voice-licenses
    properties: { tenantGateway: { ${connection}, password: ${password} } }
  foo:
    type: voice-licenses:TenantServiceLicenses
    properties: { tenantId: foo, groupServices: { Call Pickup: 5 } }
    options: { provider: "\${west}" }
  east:
    type: pulumi:providers:voice-licenses
    properties: { tenantGateway: { ${connection}, password: { "fn::secret": ${password} } } }
  bar:
    type: voice-licenses:TenantServiceLicenses
    properties: { tenantId: bar, groupServices: { Call Pickup: 20 } }
    options: { provider: "\${east}" }
`;
}

const WRITE_INSTANCE = {
  yaml: (stack: TestStack, gateway: Gateway): void => {
    yamlProgram(stack, yamlInstance(gateway));
  },
  python: (stack: TestStack, gateway: Gateway): void => {
    stack.prependPath(pythonPrograms());
    writeFileSync(path.join(stack.folder, "__main__.py"), pythonInstance(gateway));
  },
  nodejs: (stack: TestStack, gateway: Gateway): void => {
    writeFileSync(path.join(stack.folder, "index.js"), nodeInstance(gateway));
  },
};

/** What every example has to do: preview and deploy both resources, and have nothing to do afterwards. */
async function deployTwice(stack: TestStack): Promise<void> {
  await stack.admin("PATCH", "/settings", { taskDuration: "500ms" });
  await stack.cli("config", "set", "--secret", "contosoAppSecret", APP_SECRET);
  const previewed = await stack.preview();
  assert.equal(previewed.code, 0, previewed.output);
  assert.match(previewed.output, /POST upgrade OC Essential → OC Pro for 50 users, wait, PATCH/);
  assert.deepEqual(await stack.writes(), []);
  const first = await stack.up();
  assert.equal(first.code, 0, first.output);
  assert.match(first.output, /customer *: "Contoso"/);
  assert.deepEqual(calls(await stack.writes()).sort(), WRITES);
  const again = await stack.up("--expect-no-changes");
  assert.equal(again.code, 0, again.output);
  assert.deepEqual(await stack.writes(), []);
}

describe("the examples in other languages, with the native plugin", function () {
  // A language host may have to be built first.
  this.timeout(10 * 60_000);

  it("examples/yaml", async () => {
    const stack = await createNativeStack("yaml");
    try {
      copyExample("yaml", stack);
      await deployTwice(stack);
    } finally {
      await stack.close();
    }
  });

  it("examples/python", async function () {
    if (!hasPython()) {
      this.skip();
    }
    await buildSdks();
    const programs = pythonPrograms();
    const stack = await createNativeStack("python");
    try {
      copyExample("python", stack);
      // The host that is built from source finds Python on the PATH, not by the project's options.
      const project = path.join(stack.folder, "Pulumi.yaml");
      writeFileSync(project, readFileSync(project, "utf8").replace("  options: { virtualenv: venv }\n", ""));
      stack.prependPath(programs);
      await deployTwice(stack);
    } finally {
      await stack.close();
    }
  });

  it("the program of docs/_index.md, by the generated SDK for Node.js", async () => {
    const stack = await createNativeNodeStack();
    try {
      const page = readFileSync(path.join(ROOT, "docs", "_index.md"), "utf8");
      const program = /```typescript\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
      rmSync(path.join(stack.folder, "index.js"));
      writeFileSync(path.join(stack.folder, "index.ts"), program);
      cpSync(path.join(ROOT, "examples", "quickstart", "tsconfig.json"), path.join(stack.folder, "tsconfig.json"));
      writeFileSync(path.join(stack.folder, "package.json"), JSON.stringify({ name: "e2e", main: "index.ts" }));
      await deployTwice(stack);
    } finally {
      await stack.close();
    }
  });

  for (const language of ["yaml", "python", "nodejs"] as const) {
    it(`an instance's password that is a plain string is encrypted in state: ${language}`, async function () {
      if (language === "python" && !hasPython()) {
        this.skip();
      }
      await buildSdks();
      const stack = await (language === "nodejs" ? createNativeNodeStack() : createNativeStack(language));
      try {
        const { environment } = stack.simulator;
        const gateway = {
          base: environment["TENANT_GATEWAY_BASE_URL"] ?? "",
          user: environment["TENANT_GATEWAY_USERNAME"] ?? "",
          password: environment["TENANT_GATEWAY_PASSWORD"] ?? "",
        };
        WRITE_INSTANCE[language](stack, gateway);
        const { code, output } = await stack.up();
        assert.equal(code, 0, output);
        // The stack's state is searched for the password when it is closed.
        const west = await stack.provider("west");
        assert.ok(JSON.stringify(west.inputs).includes("ciphertext"));
      } finally {
        await stack.close();
      }
    });
  }

  it("examples/go, through the Automation API", async function () {
    // Compiling Pulumi's SDK for Go takes minutes.
    if (!isNightly) {
      this.skip();
    }
    const stack = await createNativeNodeStack();
    try {
      await stack.admin("PATCH", "/settings", { taskDuration: "500ms" });
      const { code, output } = await stack.command(
        "go",
        ["-C", path.join(ROOT, "examples", "go"), "test", "-count=1", "."],
        {
          VOICE_LICENSES_PLUGIN: path.join(ROOT, "dist", "plugin"),
          CONTOSO_APP_SECRET: APP_SECRET,
        },
      );
      assert.equal(code, 0, output);
      assert.deepEqual(calls(await stack.writes()).sort(), WRITES);
    } finally {
      await stack.close();
    }
  });
});
