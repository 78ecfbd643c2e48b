import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

const FOLDER = path.resolve(__dirname, "../../examples/gitops");
const PIPELINES = [
  "github/voice-licenses.yml",
  "github/voice-licenses-sharded.yml",
  "gitlab/.gitlab-ci.yml",
  "azure/azure-pipelines.yml",
];

type Yaml = Readonly<Record<string, unknown>>;

function read(file: string): Yaml {
  // Twice the same key is a mistake here as well.
  return parse(readFileSync(path.join(FOLDER, file), "utf8"), { uniqueKeys: true }) as Yaml;
}

/** Every command that a pipeline gives to a shell, wherever it stands. */
function commandsOf(node: unknown, key = ""): string[] {
  if (typeof node === "string") {
    return ["run", "script", "before_script", "after_script"].includes(key) ? [node] : [];
  }
  if (Array.isArray(node)) {
    return node.flatMap((item) => commandsOf(item, key));
  }
  return typeof node === "object" && node !== null
    ? Object.entries(node).flatMap(([name, value]) => commandsOf(value, name))
    : [];
}

describe("the pipelines of the GitOps example", () => {
  for (const file of PIPELINES) {
    it(`${file} gives the shell what it can read, and calls scripts that there are`, () => {
      const commands = commandsOf(read(file));
      assert.ok(commands.length >= 5, commands.join("\n"));
      const called = new Set<string>();
      for (const command of commands) {
        execFileSync("sh", ["-n", "-c", command.replaceAll(/\$\{\{[^}]*\}\}|\$\([A-Za-z_.]+\)/g, "value")]);
        for (const [script] of command.matchAll(/scripts\/[\w.-]+/g)) {
          called.add(script);
          accessSync(path.join(FOLDER, script), script.endsWith(".sh") ? constants.X_OK : constants.R_OK);
        }
      }
      for (const script of ["review.sh", "deploy.sh", "drift.sh"]) {
        assert.ok(called.has(`scripts/${script}`), script);
      }
    });

    it(`${file} puts no secret into a command`, () => {
      for (const command of commandsOf(read(file))) {
        assert.doesNotMatch(command, /secrets\.|SECRET|PASSWORD|PASSPHRASE|TOKEN/, command);
      }
    });
  }

  it("the page names every variable that the pipelines pass on", () => {
    const page = readFileSync(path.join(FOLDER, "README.md"), "utf8");
    for (const file of PIPELINES.slice(0, 2)) {
      const text = readFileSync(path.join(FOLDER, file), "utf8");
      const passed = [...text.matchAll(/\b(?:vars|secrets)\.([A-Z_]+)/g)].map(([, name = ""]) => name);
      for (const name of new Set(passed)) {
        assert.ok(page.includes(`\`${name}\``) || name.startsWith("AZURE_"), `${file}: ${name}`);
      }
    }
  });

  it("every script is one that the shell can read", () => {
    const scripts = readdirSync(path.join(FOLDER, "scripts")).filter((name) => name.endsWith(".sh"));
    assert.deepEqual(scripts.sort(), ["deploy.sh", "drift.sh", "install-pulumi.sh", "review.sh"]);
    for (const script of scripts) {
      execFileSync("sh", ["-n", path.join(FOLDER, "scripts", script)]);
      assert.match(readFileSync(path.join(FOLDER, "scripts", script), "utf8"), /^#!\/bin\/sh\n[^]*\nset -eu\n/);
    }
  });

  for (const file of PIPELINES.slice(0, 2)) {
    it(`${file}: each job has a runner, a bound, few permissions, and actions pinned by commit`, () => {
      const { on, permissions, jobs, env } = read(file);
      assert.deepEqual(permissions, { contents: "read" });
      assert.doesNotMatch(JSON.stringify(env), /secrets\.|github\.token/);
      for (const event of ["pull_request", "push", "schedule", "workflow_dispatch"]) {
        assert.ok(event in (on as Yaml), event);
      }
      const known = new Set([
        "if",
        "runs-on",
        "timeout-minutes",
        "permissions",
        "environment",
        "needs",
        "steps",
        "concurrency",
        "strategy",
        "env",
      ]);
      for (const [name, job] of Object.entries(jobs as Record<string, Yaml>)) {
        assert.deepEqual(
          Object.keys(job).filter((key) => !known.has(key)),
          [],
          name,
        );
        assert.equal(job["runs-on"], "ubuntu-latest");
        assert.ok(typeof job["timeout-minutes"] === "number");
        const granted = Object.entries((job["permissions"] ?? {}) as Yaml)
          .filter(([scope, level]) => level === "write" && scope !== "id-token")
          .map(([scope]) => scope);
        assert.deepEqual(granted, { review: ["pull-requests"], drift: ["issues"] }[name] ?? [], name);
        // Who can write, and who knows the passphrase, works for the main branch alone.
        const isTrusted = ["plan", "deploy"].includes(name);
        assert.equal(/PASSPHRASE|PULUMI_ACCESS_TOKEN/.test(JSON.stringify(job)), isTrusted, name);
        assert.equal(
          job["environment"],
          { deploy: "licences-write", plan: "licences-plan" }[name] ?? "licences-read",
          name,
        );
        // What npm installs, and actions of others, see no secret.
        assert.doesNotMatch(JSON.stringify(job["env"] ?? {}), /secrets\.|github\.token/);
        for (const step of job["steps"] as Yaml[]) {
          assert.equal(Number("uses" in step) + Number("run" in step), 1, JSON.stringify(step));
          if (!/^(?:scripts\/|node_modules\/\.bin\/voice-licenses )/.test(String(step["run"]))) {
            assert.doesNotMatch(JSON.stringify(step), /secrets\.|github\.token/);
          }
          if ("uses" in step) {
            assert.match(String(step["uses"]), /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
            if (String(step["uses"]).startsWith("actions/checkout@")) {
              assert.deepEqual(step["with"], { "persist-credentials": false });
            }
          }
        }
      }
      const { review, deploy, drift } = jobs as Record<string, Yaml>;
      assert.deepEqual(
        [review, deploy].map((job) => (job?.["concurrency"] as Yaml)["cancel-in-progress"]),
        [true, false],
      );
      assert.match(String(deploy?.["if"]), /inputs\.repair && github\.ref == 'refs\/heads\/main'/);
      assert.match(String(drift?.["if"]), /!inputs\.repair/);
      assert.match(JSON.stringify(deploy), /"REFRESH":"\$\{\{ inputs\.repair \}\}"/);
      assert.match(JSON.stringify(review), /voice-licenses publish comment/);
    });
  }

  it("gitlab/.gitlab-ci.yml: each job has a rule, a bound and a script", () => {
    const jobs = Object.fromEntries(
      Object.entries(read("gitlab/.gitlab-ci.yml") as Record<string, Yaml>).filter(
        ([name]) => !["default", "variables"].includes(name) && !name.startsWith("."),
      ),
    );
    assert.deepEqual(Object.keys(jobs).sort(), ["deploy", "drift", "plan", "review"]);
    for (const job of Object.values(jobs)) {
      assert.ok(Array.isArray(job["rules"]) && typeof job["timeout"] === "string" && Array.isArray(job["script"]));
    }
    assert.equal(jobs["deploy"]?.["resource_group"], "voice-licenses");
    assert.deepEqual(jobs["deploy"]["environment"], { name: "voice-licenses" });
    assert.match(JSON.stringify(jobs["deploy"]["rules"]), /CI_COMMIT_BRANCH == \$CI_DEFAULT_BRANCH && \$REFRESH/);
  });

  it("azure/azure-pipelines.yml: each job has a condition, a bound and steps", () => {
    const { jobs, trigger } = read("azure/azure-pipelines.yml") as { jobs: Yaml[]; trigger: Yaml };
    assert.equal(trigger["batch"], true);
    assert.match(JSON.stringify(jobs[1]), /"REFRESH":"\$\{\{ parameters\.repair \}\}"/);
    assert.deepEqual(
      jobs.map(({ job, deployment }) => job ?? deployment),
      ["review", "deploy", "drift"],
    );
    assert.equal(jobs[1]?.["environment"], "voice-licenses");
    for (const job of jobs) {
      assert.ok(typeof job["condition"] === "string" && typeof job["timeoutInMinutes"] === "number");
      const strategy = job["strategy"] as { runOnce: { deploy: Yaml } } | undefined;
      const steps = (strategy?.runOnce.deploy ?? job)["steps"] as Yaml[];
      assert.deepEqual(steps[0], { checkout: "self", persistCredentials: false });
      for (const step of steps.slice(1)) {
        assert.ok("task" in step || "script" in step, JSON.stringify(step));
      }
    }
  });
});
