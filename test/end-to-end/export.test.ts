import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { configure, type Edge, throughBothEdges } from "./support/both-edges";
import { APP_ID, APP_SECRET, calls, CONTOSO, type TestStack } from "./support/stack";

const ROOT = path.resolve(__dirname, "../..");
const ODD = [
  'Shared/Call "Appearance" 35',
  "3G/4G: Continuity",
  "0x1F",
  "yes",
  "Señal 😀",
  "it's #1",
  "- a",
  "{a}",
  "~",
];
const services = Object.fromEntries(ODD.map((name, index) => [name, index % 3 === 0 ? "unlimited" : index]));

const SEED = {
  livePlatform: {
    customers: [
      {
        guid: CONTOSO,
        shortName: "contoso",
        fullName: "Contoso: Ltd #1",
        licenseType: 5,
        licensedUsersCount: 50,
        activeUserCount: 35,
        applicationClientId: APP_ID,
      },
      {
        guid: "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601",
        shortName: "Contoso",
        fullName: "Namesake",
        licenseType: 2,
        licensedUsersCount: 7,
        activeUserCount: 3,
      },
      {
        guid: "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44",
        shortName: "free",
        fullName: "Free",
        licenseType: 3,
        licensedUsersCount: 5,
        activeUserCount: 3,
      },
    ],
  },
  gateway: {
    tenants: {
      "0042": { groupServices: services, userServices: {} },
      Ünï: { groupServices: {}, userServices: services },
    },
  },
};

/** What the tool says, run in the stack's folder. */
async function voiceLicenses(stack: TestStack, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(ROOT, "dist", "cli", "index.js"), ...args],
    { cwd: stack.folder, env: { PATH: process.env["PATH"], ...stack.simulator.environment, NO_PROXY: "127.0.0.1" } },
  );
  return stdout;
}

function exported({ name, createStack }: Edge): void {
  let stack: TestStack;
  before(async () => {
    stack = await createStack(SEED);
    symlinkSync(path.join(ROOT, "node_modules", "typescript"), path.join(stack.folder, "node_modules", "typescript"));
    await configure(stack, ["voice-licenses:contosoD5253892AppSecret"], APP_SECRET, { isSecret: true });
  });
  after(() => stack.close());

  it("is adopted without a write, as a program", async () => {
    const program = await voiceLicenses(stack, "export", "--tenants", "0042,Ünï", "--format", "ts");
    const typescript = (await import("typescript")).default;
    const { outputText } = typescript.transpileModule(program, {
      compilerOptions: { module: typescript.ModuleKind.CommonJS },
    });
    const ofEdge = outputText.replace('require("pulumi-voice-licenses")', `require("${stack.packageName}")`);
    writeFileSync(path.join(stack.folder, "index.js"), ofEdge);
    await stack.requests();
    const up = await stack.cli("up", "--yes");
    assert.equal(up.code, 0, up.output);
    assert.match(up.output, /nothing to send: adopts what is there/);
    assert.equal((await stack.resources()).length, 4);
    assert.deepEqual(calls(await stack.writes()), []);
    const again = await stack.preview("--expect-no-changes");
    assert.equal(again.code, 0, again.output);
  });

  // The plugin has no form of the fleet file.
  if (name === "dynamic") {
    it("is the same as a fleet file, and then is no drift", async () => {
      const said = await voiceLicenses(stack, "export", "--tenants", "0042,Ünï", "--output", "licenses.yaml");
      assert.match(said, /licenses\.yaml: 2 customers and 2 tenants; 1 customer cannot be declared/);
      writeFileSync(path.join(stack.folder, "index.js"), 'require("pulumi-voice-licenses/fleet").declareFleet();\n');
      const same = await stack.preview("--expect-no-changes");
      assert.equal(same.code, 0, same.output);
      assert.match(await voiceLicenses(stack, "drift", "licenses.yaml"), /4 objects as declared, 1 unmanaged/);
    });
  }
}

throughBothEdges("what export writes, by the real CLI", exported);
