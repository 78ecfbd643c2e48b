import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

const ROOT = path.resolve(__dirname, "../..");
const FOLDER = path.join(ROOT, ".github");

interface Workflow {
  readonly permissions?: object;
  readonly jobs: Record<
    string,
    { readonly "timeout-minutes"?: number; readonly strategy?: { readonly matrix: Record<string, unknown> } }
  >;
}

const workflows = readdirSync(path.join(FOLDER, "workflows")).map((file) => {
  const text = readFileSync(path.join(FOLDER, "workflows", file), "utf8");
  return { file, text, workflow: parse(text) as Workflow };
});

describe("the workflows of this repository", () => {
  it("pin each action by a commit, with its version beside it", () => {
    const uses = workflows.flatMap(({ file, text }) =>
      [...text.matchAll(/uses: (.*)$/gm)].map(([, action = ""]) => `${file}: ${action}`),
    );
    assert.ok(uses.length >= 6);
    assert.deepEqual(
      uses.filter((action) => !/: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action)),
      [],
    );
  });

  it("name their permissions, and bound each job", () => {
    for (const { file, workflow } of workflows) {
      assert.ok(workflow.permissions !== undefined, file);
      for (const [name, job] of Object.entries(workflow.jobs)) {
        assert.ok(job["timeout-minutes"] !== undefined, `${file}: ${name}`);
      }
    }
  });

  it("test on each Node from the oldest that is supported, with the oldest and the newest SDK", () => {
    const { engines, peerDependencies } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
      readonly engines: { readonly node: string };
      readonly peerDependencies: Readonly<Record<string, string>>;
    };
    const { jobs } = workflows.find(({ file }) => file === "ci.yml")?.workflow ?? assert.fail("there is no ci.yml");
    const nodes = [20, 22, 24, 26];
    assert.equal(engines.node, `>=${nodes[0]}.19`);
    assert.deepEqual(jobs["test"]?.strategy?.matrix["node"], nodes);
    assert.deepEqual(jobs["sdk"]?.strategy?.matrix["node"], nodes);
    const oldest = /^>=(\d+\.\d+) /.exec(peerDependencies["@pulumi/pulumi"] ?? "")?.[1];
    assert.deepEqual(jobs["sdk"].strategy.matrix["sdk"], [`${oldest}.0`, "latest"]);
  });

  it("and the templates beside them are well-formed", () => {
    for (const file of ["dependabot.yml", "ISSUE_TEMPLATE/bug.yml", "ISSUE_TEMPLATE/feature.yml"]) {
      assert.equal(typeof parse(readFileSync(path.join(FOLDER, file), "utf8")), "object", file);
    }
  });
});
