import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CodeForge } from "../publish/code-forge";
import { type CliResult, TestStack } from "./support/stack";

const ROOT = path.resolve(__dirname, "../..");
const SCRIPTS = path.join(ROOT, "examples/gitops/scripts");
const TOKEN = "token-of-the-pipeline";

const FLEET = "tenants:\n  foo: { groupServices: { Hunt Group: 5 } }\n";

describe("the GitOps example", function () {
  this.timeout(240_000);
  let stack: TestStack;
  let forge: CodeForge;

  before(async () => {
    forge = await CodeForge.start(TOKEN);
    stack = await TestStack.create({
      gateway: {
        tenants: {
          foo: { groupServices: { "Hunt Group": 3 }, userServices: {} },
          bar: { groupServices: { "Hunt Group": 2 }, userServices: {} },
        },
      },
    });
    mkdirSync(path.join(stack.folder, "node_modules", ".bin"));
    const bin = path.join(stack.folder, "node_modules", ".bin", "voice-licenses");
    writeFileSync(bin, `#!/bin/sh\nexec "${process.execPath}" "${ROOT}/dist/cli/index.js" "$@"\n`);
    chmodSync(bin, 0o755);
    writeFileSync(
      path.join(stack.folder, "index.js"),
      'require("pulumi-voice-licenses/fleet").declareFleet("licenses.yaml");\n',
    );
    stack.setVariable("STACK", "test");
  });
  after(async () => {
    await forge.close();
    await stack.close();
  });

  const fleet = (text: string): void => {
    writeFileSync(path.join(stack.folder, "licenses.yaml"), text);
  };
  const script = async (name: string, args: readonly string[] = [], environment = {}): Promise<CliResult> => {
    const ended = await stack.command(path.join(SCRIPTS, name), args, environment);
    assert.ok(!ended.output.includes(TOKEN), ended.output);
    return ended;
  };
  const review = (environment = {}): Promise<CliResult> =>
    script("review.sh", ["review.md"], { PREVIEW: "true", ...environment });
  const report = (): string => readFileSync(path.join(stack.folder, "review.md"), "utf8");

  it("reviews a change: mistakes without a preview, then the calls to come", async () => {
    fleet(FLEET.replace("5", "many"));
    const wrong = await review();
    assert.equal(wrong.code, 1, wrong.output);
    assert.match(report(), /### The fleet file has mistakes\n\n~{6}\nlicenses\.yaml:2:\d+ tenants\.foo\.groupServices/);
    assert.doesNotMatch(wrong.output, /Previewing/);

    fleet(FLEET);
    const right = await review();
    assert.equal(right.code, 0, right.output);
    assert.match(report(), /^## Voice licences: stack test\n\n### What a merge will do\n/);
    assert.match(report(), /PUT Hunt Group 3 → 5/);

    fleet(FLEET.replace("Hunt Group", "Hunt Grup"));
    const refused = await review();
    assert.notEqual(refused.code, 0);
    assert.match(report(), /### Refused, or failed[^]*did you mean Hunt Group/);
    assert.deepEqual(await stack.writes(), []);
  });

  it("keeps the end of a long review, in whole lines, and logs all of it", async () => {
    // 150 mistakes, each with a long name.
    const nameOf = (n: number): string => `Hunt Grüp ${n} ${"ü".repeat(180)}`;
    const services = Array.from({ length: 150 }, (_, n) => `    "${nameOf(n)}": many${n}\n`).join("");
    fleet(`tenants:\n  foo:\n   groupServices:\n${services}`);
    const { code, output } = await review();
    assert.equal(code, 1, output);
    const [, kept = ""] = /~{6}\n… the beginning is in the job's log\.\n([^]*)\n~{6}\n$/.exec(report()) ?? [];
    const bytes = Buffer.byteLength(kept);
    assert.ok(bytes > 30_000 && bytes <= 40_000, `${bytes} bytes`);
    assert.match(kept, /^licenses\.yaml:\d+:\d+ [^]*Hunt Grüp 149\b/);
    assert.doesNotMatch(report(), /\uFFFD/);
    assert.match(output, /Hunt Grüp 0\b[^]*Hunt Grüp 149\b/);
  });

  it("says in the review why a stack cannot be previewed", async () => {
    fleet(FLEET);
    const { code, output } = await review({ STACK: "none-of-ours" });
    assert.notEqual(code, 0, output);
    assert.match(report(), /stack none-of-ours\n\n### Refused, or failed[^]*no stack named 'none-of-ours' found/);
  });

  it("hides in the review the secrets that a program prints", async () => {
    const odd = "a/b&c\\d$&e[f]*'g\"h";
    const program = readFileSync(path.join(stack.folder, "index.js"), "utf8");
    const names = ["PULUMI_CONFIG_PASSPHRASE", "LIVE_PLATFORM_CLIENT_SECRET", "LIVE_PLATFORM_ACCESS_TOKEN"];
    writeFileSync(
      path.join(stack.folder, "index.js"),
      `${program}for (const name of ${JSON.stringify([...names, "TENANT_GATEWAY_PASSWORD"])}) {
  console.log(name + " is " + process.env[name] + ".");
}\n`,
    );
    fleet(FLEET);
    const { code, output } = await review({ LIVE_PLATFORM_ACCESS_TOKEN: odd });
    writeFileSync(path.join(stack.folder, "index.js"), program);
    assert.equal(code, 0, output);
    for (const text of [report(), output]) {
      assert.ok(!text.includes(odd), text);
      assert.ok(!text.includes("passphrase-of-the-tests"), text);
      for (const name of [...names, "TENANT_GATEWAY_PASSWORD"]) {
        assert.ok(text.includes(`${name} is [secret].`), text);
      }
    }
  });

  it("deploys on a merge", async () => {
    fleet(FLEET);
    const deployed = await script("deploy.sh");
    assert.equal(deployed.code, 0, deployed.output);
    assert.equal((await stack.writes()).filter(({ method }) => method === "PUT").length, 1);
    const nowhere = await script("deploy.sh", [], { STACK: "" });
    assert.notEqual(nowhere.code, 0);
    assert.match(nowhere.output, /set STACK to the name of the stack/);
  });

  it("repairs on a deployment what was changed by hand, where it is told to", async () => {
    await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { maximum: 9 } } });
    await stack.writes();
    for (const [refresh, puts] of [
      ["false", 0],
      ["True", 1],
    ] as const) {
      const { code, output } = await script("deploy.sh", [], { REFRESH: refresh });
      assert.equal(code, 0, output);
      assert.equal((await stack.writes()).filter(({ method }) => method === "PUT").length, puts, refresh);
    }
  });

  it("shows the calls to come without Pulumi, its backend and its passphrase", async () => {
    fleet(FLEET.replace("5", "6"));
    const { code, output } = await script("review.sh", ["review.md"], {
      PULUMI_BACKEND_URL: "",
      PULUMI_CONFIG_PASSPHRASE: "",
    });
    assert.equal(code, 0, output);
    assert.match(report(), /### What a merge will do\n[^]*PUT Hunt Group 5 → 6/);
  });

  it("applies what was reviewed, and stops where the fleet or the systems have changed since", async () => {
    const both = `${FLEET}  bar: { groupServices: { Hunt Group: 2 } }\n`;
    fleet(both);
    const refresh = { REFRESH: "true" };
    const adopted = await script("deploy.sh", [], refresh);
    assert.equal(adopted.code, 0, adopted.output);
    await stack.writes();

    fleet(both.replace("5", "6"));
    const saved = await review({ ...refresh, SAVE_PLAN: "plan.json" });
    assert.equal(saved.code, 0, saved.output);
    const plan = { ...refresh, PLAN: "plan.json" };

    fleet(both.replace("5", "7"));
    const other = await script("deploy.sh", [], plan);
    assert.notEqual(other.code, 0, other.output);
    assert.match(other.output, /violates plan/);

    fleet(both.replace("5", "6"));
    await stack.admin("PATCH", "/tenants/bar", { groupServices: { "Hunt Group": { maximum: 9 } } });
    const drifted = await script("deploy.sh", [], plan);
    assert.notEqual(drifted.code, 0, drifted.output);
    assert.match(drifted.output, /bar[^]*violates plan|violates plan[^]*bar/);
    assert.deepEqual(
      (await stack.writes()).filter(({ path: where }) => where.includes("bar")),
      [],
    );

    await stack.admin("PATCH", "/tenants/bar", { groupServices: { "Hunt Group": { maximum: 2 } } });
    const applied = await script("deploy.sh", [], plan);
    assert.equal(applied.code, 0, applied.output);
    fleet(FLEET);
    await script("deploy.sh", [], refresh);
    await stack.writes();
  });

  it("opens one issue on drift, updates it, leaves it on an error, and closes it when clean", async () => {
    const environment = forge.environment("github");
    await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { maximum: 9 } } });
    const opened = await script("drift.sh", [], environment);
    assert.equal(opened.code, 0, opened.output);
    assert.deepEqual(
      forge.issues("github").map(({ title, open }) => [title, open]),
      [["Voice licences have drifted", true]],
    );
    const text = forge.issues("github")[0]?.text ?? "";
    assert.match(text, /Hunt Group[^]*9/);
    assert.match(text, /^To repair it: run [^\n]+\. To accept the change: [^\n]+ Found by https?:\S+99$/m);

    await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { maximum: 8 } } });
    const updated = await script("drift.sh", [], environment);
    assert.equal(updated.code, 0, updated.output);
    assert.equal(forge.issues("github").length, 1);
    assert.match(forge.issues("github")[0]?.text ?? "", /Hunt Group[^]*8/);

    const failed = await script("drift.sh", [], { ...environment, TENANT_GATEWAY_PASSWORD: "another-password" });
    assert.equal(failed.code, 1, failed.output);
    assert.equal(forge.issues("github")[0]?.open, true);

    await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { maximum: 5 } } });
    const closed = await script("drift.sh", [], { ...environment, SHARD: "1/1" });
    assert.match(closed.output, /No drift, and no open issue/, "each part has an issue of its own");
    const clean = await script("drift.sh", [], environment);
    assert.equal(clean.code, 0, clean.output);
    assert.equal(forge.issues("github")[0]?.open, false);
    await script("drift.sh", [], environment);
    assert.equal(forge.issues("github").length, 1);
  });
});
