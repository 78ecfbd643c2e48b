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
      gateway: { tenants: { foo: { groupServices: { "Hunt Group": 3 }, userServices: {} } } },
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
  const publish = (args: readonly string[], environment: NodeJS.ProcessEnv): Promise<CliResult> =>
    stack.command(process.execPath, [path.join(SCRIPTS, "publish.mjs"), ...args], environment);
  const report = (): string => readFileSync(path.join(stack.folder, "review.md"), "utf8");

  it("reviews a change: mistakes without a preview, then the calls to come", async () => {
    fleet(FLEET.replace("5", "many"));
    const wrong = await script("review.sh", ["review.md"]);
    assert.equal(wrong.code, 1, wrong.output);
    assert.match(report(), /### The fleet file has mistakes\n\n~{6}\nlicenses\.yaml:2:\d+ tenants\.foo\.groupServices/);
    assert.doesNotMatch(wrong.output, /Previewing/);

    fleet(FLEET);
    const right = await script("review.sh", ["review.md"]);
    assert.equal(right.code, 0, right.output);
    assert.match(report(), /^## Voice licences: stack test\n\n### What a merge will do\n/);
    assert.match(report(), /PUT Hunt Group 3 → 5/);

    fleet(FLEET.replace("Hunt Group", "Hunt Grup"));
    const refused = await script("review.sh", ["review.md"]);
    assert.notEqual(refused.code, 0);
    assert.match(report(), /### Refused, or failed[^]*did you mean Hunt Group/);
    assert.deepEqual(await stack.writes(), []);
  });

  it("keeps the end of a long review, in whole lines, and logs all of it", async () => {
    // 150 mistakes, each with a long name.
    const nameOf = (n: number): string => `Hunt Grüp ${n} ${"ü".repeat(180)}`;
    const services = Array.from({ length: 150 }, (_, n) => `    "${nameOf(n)}": many\n`).join("");
    fleet(`tenants:\n  foo:\n   groupServices:\n${services}`);
    const { code, output } = await script("review.sh", ["review.md"]);
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
    const { code, output } = await script("review.sh", ["review.md"], { STACK: "none-of-ours" });
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
    const { code, output } = await script("review.sh", ["review.md"], { LIVE_PLATFORM_ACCESS_TOKEN: odd });
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

  for (const platform of ["github", "gitlab", "azure"] as const) {
    it(`comments on a change request once, and writes that comment anew: ${platform}`, async () => {
      // The pipeline of a fork runs in the fork's own project.
      const environment = { ...forge.environment(platform), CI_PROJECT_ID: "43" };
      writeFileSync(path.join(stack.folder, "review.md"), "first\n");
      const first = await publish(["comment", "review.md"], environment);
      assert.equal(first.code, 0, first.output);
      writeFileSync(path.join(stack.folder, "review.md"), `second ${"x".repeat(100_000)}\n`);
      const second = await publish(["comment", "review.md"], environment);
      assert.equal(second.code, 0, second.output);
      const [comment, ...more] = forge.comments(platform).filter((text) => text.includes("voice-licenses"));
      assert.deepEqual(more, []);
      assert.match(comment ?? "", /^<!-- voice-licenses -->\nsecond x+\n\n… the rest is in the job's log\.\n$/);

      for (const extra of [{ PART: "1/2" }, { SHARD: "2/2" }, { PART: "1/2", SHARD: "2/2" }]) {
        const { code, output } = await publish(["comment", "review.md"], { ...environment, ...extra });
        assert.equal(code, 0, output);
      }
      const marks = forge.comments(platform).flatMap((text) => /^<!-- voice-licenses.* -->/.exec(text) ?? []);
      assert.deepEqual(marks, [
        "<!-- voice-licenses -->",
        "<!-- voice-licenses 1/2 -->",
        "<!-- voice-licenses 2/2 -->",
      ]);
    });

    it(`opens one issue on drift, updates it, leaves it on an error, and closes it when clean: ${platform}`, async () => {
      const environment = forge.environment(platform);
      await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { maximum: 9 } } });
      const opened = await script("drift.sh", [], environment);
      assert.equal(opened.code, 0, opened.output);
      assert.deepEqual(
        forge.issues(platform).map(({ title, open }) => [title, open]),
        [["Voice licences have drifted", true]],
      );
      const text = forge.issues(platform)[0]?.text ?? "";
      assert.match(text, /Hunt Group[^]*9/);
      assert.match(
        text,
        /^To repair it: run [^\n]+\. To accept what was done: [^\n]+ Told by https?:\S+99(<\/pre>)?$/m,
      );
      if (platform === "azure") {
        assert.match(text, /^<pre>[^<>\\]+<\/pre>$/, "what is no HTML of ours is read as it is written");
        assert.match(text, /^What pulumi up --refresh would call:$/m);
      }

      await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { maximum: 8 } } });
      const updated = await script("drift.sh", [], environment);
      assert.equal(updated.code, 0, updated.output);
      assert.equal(forge.issues(platform).length, 1);
      assert.match(forge.issues(platform)[0]?.text ?? "", /Hunt Group[^]*8/);

      const failed = await script("drift.sh", [], { ...environment, TENANT_GATEWAY_PASSWORD: "another-password" });
      assert.equal(failed.code, 1, failed.output);
      assert.equal(forge.issues(platform)[0]?.open, true);

      await stack.admin("PATCH", "/tenants/foo", { groupServices: { "Hunt Group": { maximum: 5 } } });
      const closed = await script("drift.sh", [], { ...environment, SHARD: "1/1" });
      assert.match(closed.output, /No drift, and no open issue/, "each part has an issue of its own");
      const clean = await script("drift.sh", [], environment);
      assert.equal(clean.code, 0, clean.output);
      assert.equal(forge.issues(platform)[0]?.open, false);
      await script("drift.sh", [], environment);
      assert.equal(forge.issues(platform).length, 1);
    });

    it(`says what a token may not do, without the token: ${platform}`, async () => {
      const { code, output } = await publish(["clean"], forge.environment(platform, "another-token"));
      assert.equal(code, 1);
      assert.match(
        output,
        /^error: (GET|POST) \S+ answered 401: Bad credentials: check what the job's token may do\.$/m,
      );
      assert.doesNotMatch(output, /another-token/);
    });

    it(`says what the platform says of another failure, and does not blame the token: ${platform}`, async () => {
      for (const [status, message] of [
        [404, "Not Found"],
        [410, "Issues are disabled"],
        [422, "Validation Failed"],
        [400, undefined],
      ] as const) {
        forge.fail(message === undefined ? { status } : { status, message });
        const { code, output } = await publish(["clean"], forge.environment(platform));
        assert.equal(code, 1, output);
        assert.ok(output.trimEnd().endsWith(` answered ${status}: ${message ?? "no reason given"}`), output);
        assert.doesNotMatch(output, /token/);
      }
      forge.fail({ status: 203 });
      const { code, output } = await publish(["clean"], forge.environment(platform));
      assert.equal(code, 1, output);
      assert.match(output, /answered 203: no reason given: check what the job's token may do\.$/m);
    });

    it(`asks again where it was too much or out of order, and not for ever: ${platform}`, async () => {
      const environment = forge.environment(platform);
      const busy = { status: 429, retryAfter: "0" };
      forge.fail(busy, { status: 503, retryAfter: "0" });
      const passed = await publish(["clean"], environment);
      assert.match(passed.output, /No drift, and no open issue/);
      forge.fail(busy, busy, { ...busy, message: "Too many" });
      const failed = await publish(["clean"], environment);
      assert.equal(failed.code, 1);
      assert.match(failed.output, /answered 429: Too many$/m);
    });
  }

  it("says where it does not run", async () => {
    const { code, output } = await publish(["clean"], { GITHUB_ACTIONS: "", GITLAB_CI: "", TF_BUILD: "" });
    assert.equal(code, 1);
    assert.match(output, /^error: This is no job of GitHub Actions, GitLab CI or Azure Pipelines\.$/m);
  });
});
