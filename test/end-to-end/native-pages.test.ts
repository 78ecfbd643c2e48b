import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { readPage } from "../docs/support/pages";
import { isNightly } from "../support/extent";
import { followPage, writesTo } from "./support/follow-page";
import { buildSdks, createNativeStack } from "./support/native-stack";
import { hasPython, pythonPrograms } from "./support/python";
import type { TestStack } from "./support/stack";

const PAGE = "docs/native-plugin.md";

/** In the nightly form only: other tests take most of the same steps. */
const nightly = isNightly ? it : it.skip;

describe("docs/native-plugin.md, followed word by word in an empty folder", function () {
  // A language host may have to be built first.
  this.timeout(10 * 60_000);
  let stack: TestStack | undefined;
  afterEach(async () => {
    await stack?.close();
    stack = undefined;
  });

  it("a project in YAML, with an import", async () => {
    stack = await createNativeStack("yaml");
    await followPage(stack, [{ page: PAGE, headings: ["Install", "A project in YAML", "Import"] }]);
    assert.deepEqual(await writesTo(stack), ["PATCH /tenantui/api/v3/customer/…", "PUT /api/v1/tenants/foo/licenses/"]);
  });

  nightly("a project in Python", async function () {
    if (!hasPython()) {
      this.skip();
    }
    await buildSdks();
    stack = await createNativeStack("python");
    // The environment is made once for all tests; the host that is built from source finds it on the PATH.
    const programs = pythonPrograms();
    stack.prependPath(programs);
    const instead = {
      "python3 -m venv venv": `ln -s "${path.dirname(programs)}" venv`,
      'venv/bin/pip install --quiet "$CLONE/dist/sdk/python"': "",
    };
    await followPage(stack, [
      { page: PAGE, headings: ["Install"] },
      { page: PAGE, headings: ["A project in Python"], instead },
    ]);
    assert.deepEqual(await writesTo(stack), ["PATCH /tenantui/api/v3/customer/…", "PUT /api/v1/tenants/foo/licenses/"]);
  });

  nightly("the program of the npm package moves to the plugin without a request that writes", async () => {
    stack = await createNativeStack("yaml");
    const files = readPage(PAGE).blocks.filter(({ heading, file }) => heading === "Move a stack" && file !== undefined);
    assert.deepEqual(
      files.map(({ file }) => file),
      ["index.js", "Pulumi.yaml"],
    );
    const [program, moved] = files;
    writeFileSync(path.join(stack.folder, "Pulumi.yaml"), "name: fleet\nruntime: nodejs\n");
    writeFileSync(path.join(stack.folder, "index.js"), program?.text ?? "");
    const made = await stack.cli("stack", "init", "organization/fleet/dev");
    assert.equal(made.code, 0, made.output);
    assert.equal((await stack.up()).code, 0);
    await stack.writes();
    const plugin = path.resolve(__dirname, "../../dist/plugin.tar.gz");
    await stack.cli("plugin", "install", "resource", "voice-licenses", "0.2.0", "--file", plugin);
    writeFileSync(path.join(stack.folder, "Pulumi.yaml"), moved?.text ?? "");
    const { code, output } = await stack.cli("up", "--yes");
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /replaced|deleted|created/);
    assert.deepEqual(await writesTo(stack), []);
  });
});
