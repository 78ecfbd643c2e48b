import assert from "node:assert/strict";
import path from "node:path";
import { callerOf } from "./module-under-test";
import { inTemporaryFolder, writeProgram, writeText } from "./temporary-folder";

const call = callerOf(() => import("../../scripts/lib/language-hosts.mjs"));

describe("the search path for the language of a project", () => {
  /** The search path for this Pulumi.yaml, of a CLI that has these hosts beside it; `CLI` and `PROJECT` are the two folders. */
  const searchPath = async (project: string, ...hosts: string[]): Promise<string> => {
    let found = "";
    await inTemporaryFolder(async (folder) => {
      const [bin, programs] = [path.join(folder, "cli"), path.join(folder, "project")];
      for (const host of hosts) {
        writeProgram(path.join(bin, host), "exit 0");
      }
      writeText(path.join(programs, "Pulumi.yaml"), project);
      const cli = { command: path.join(bin, "pulumi"), version: "3.255.0", environment: { PATH: bin } };
      const result = await call("searchPathFor", cli, path.join(programs, "below"));
      found = String(result).replaceAll(bin, "CLI").replaceAll(programs, "PROJECT");
    });
    return found;
  };

  for (const [what, project, host, expected] of [
    ["Node.js", "runtime: nodejs", "pulumi-language-nodejs", "CLI"],
    ["YAML", "runtime: { name: yaml }", "pulumi-language-yaml", "CLI"],
    ["Python", "runtime: python", "pulumi-language-python", "CLI"],
    [
      "Python in a virtual environment",
      "runtime: { name: python, options: { virtualenv: venv } }",
      "pulumi-language-python",
      "PROJECT/venv/bin:CLI",
    ],
    ["no language", "name: broken", "pulumi-language-nodejs", "CLI"],
    ["a file that is not YAML", "runtime: {", "pulumi-language-nodejs", "CLI"],
  ] as const) {
    it(what, async () => {
      assert.equal(await searchPath(`${project}\n`, host), expected);
    });
  }

  it("says of a host that cannot be built that Pulumi's release has it", async () => {
    await assert.rejects(searchPath("runtime: dotnet\n", "pulumi-language-nodejs"), {
      message:
        /^There is no pulumi-language-dotnet beside .*, and this repository cannot build it\. Pulumi's release has it: https:/,
    });
  });
});
