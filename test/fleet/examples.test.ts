import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { parse } from "yaml";

const ROOT = path.resolve(__dirname, "../..");

describe("the examples", () => {
  it("fleet is one line, and the stack of the root", () => {
    const { name, main } = parse(readFileSync(path.join(ROOT, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    assert.deepEqual({ name, main }, { name: "voice-licenses", main: "examples/fleet" });
    const program = readFileSync(path.join(ROOT, "examples/fleet/index.js"), "utf8");
    assert.equal(program, 'require("pulumi-voice-licenses/fleet").declareFleet("licenses.yaml");\n');
  });

  it("quickstart passes the compiler's strict checks", function () {
    this.timeout(60_000);
    const file = path.join(ROOT, "examples/quickstart/tsconfig.json");
    const { config } = ts.readConfigFile(file, (name) => readFileSync(name, "utf8")) as { config: unknown };
    const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, path.dirname(file));
    assert.equal(options.strict, true);
    // The sources as they are now, whatever was built last; Pulumi's own types are not what is tested.
    const paths = { "pulumi-voice-licenses": [path.join(ROOT, "provider/index.ts")] };
    const program = ts.createProgram(fileNames, { ...options, paths, skipLibCheck: true });
    const problems = ts.getPreEmitDiagnostics(program);
    assert.equal(
      ts.formatDiagnostics(problems, {
        getCurrentDirectory: () => ROOT,
        getCanonicalFileName: (name) => name,
        getNewLine: () => "\n",
      }),
      "",
    );
  });

  for (const example of ["fleet", "quickstart"]) {
    it(`${example} depends on this package, and is not published`, () => {
      const manifest = JSON.parse(readFileSync(path.join(ROOT, "examples", example, "package.json"), "utf8")) as {
        private?: boolean;
        dependencies: Record<string, string>;
      };
      assert.equal(manifest.private, true);
      assert.equal(manifest.dependencies["pulumi-voice-licenses"], "file:../..");
    });
  }
});
