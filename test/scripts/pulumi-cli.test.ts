import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runNode } from "./spawned";
import { inTemporaryFolder, root, writeProgram } from "./temporary-folder";

const program = `
  import { ensurePulumi } from ${JSON.stringify(pathToFileURL(path.join(root, "scripts/lib/pulumi-cli.mjs")).href)};
  import { main } from ${JSON.stringify(pathToFileURL(path.join(root, "scripts/lib/main.mjs")).href)};
  await main(async () => console.log("found " + JSON.stringify(await ensurePulumi())));
`;

/** Looks for a CLI with nothing on the PATH but one folder, and without network. */
async function ensure(folder: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: unknown; output: string }> {
  return await runNode(["--input-type=module", "-e", program], {
    env: {
      PATH: path.join(folder, "path"),
      PULUMI_HOME: path.join(folder, "home"),
      VOICE_LICENSES_PULUMI_DOWNLOAD: "false",
      ...env,
    },
  });
}

const bin = (folder: string): string => path.join(folder, "home", "versions", "3.255.0", "bin");

/** A Go that tells its version, notes each build, and makes a program of it; `BREAK` makes builds fail. */
function fakeGo(folder: string, version: string, toolchain = "local"): void {
  writeProgram(
    path.join(folder, "path", "go"),
    `if [ "$1" = env ]; then echo "${version}"; echo "${toolchain}"; exit 0; fi`,
    `echo "$PWD $GOWORK $*" >> "${folder}/builds"`,
    'echo "some/package" >&2',
    `if [ -n "$BREAK" ]; then echo "go: example.com/x: module lookup disabled" >&2; exit 1; fi`,
    'while [ "$1" != -o ]; do shift; done',
    `printf '#!/bin/sh\\necho v3.255.0\\n' > "$2"`,
    '/bin/chmod +x "$2"',
  );
}

describe("getting a Pulumi CLI", () => {
  it("says what was tried, why each failed, and what to install", async () => {
    await inTemporaryFolder(async (folder) => {
      const { code, output } = await ensure(folder);
      assert.equal(code, 1);
      const lines = output.trimEnd().split("\n");
      assert.match(lines[0]!, /^No Pulumi CLI of version 3\.216 or newer .* Tried:$/);
      assert.ok(lines.includes("  - pulumi on the PATH: not found"));
      assert.ok(lines.includes(`  - ${path.join(folder, "home", "versions")}: holds no version`));
      assert.ok(lines.includes("  - Downloading Pulumi 3.255.0: switched off by VOICE_LICENSES_PULUMI_DOWNLOAD=false"));
      assert.ok(lines.includes("  - Building Pulumi 3.255.0 with Go: Go is not installed"));
      assert.ok(lines.some((line) => /^ {2}- Go 1\.\d+(\.\d+)? or newer, .*https:\/\/go\.dev/.test(line)));
      assert.doesNotMatch(output, /^\s+at /m);
    });
  });

  it("names a Go that is too old, unless Go itself fetches a newer one", async () => {
    await inTemporaryFolder(async (folder) => {
      fakeGo(folder, "go1.24.1");
      assert.match((await ensure(folder)).output, /with Go: Go 1\.25\.11 or newer is needed, and this is 1\.24\.1/);
      fakeGo(folder, "go1.24.1", "auto");
      assert.match((await ensure(folder)).output, /found \{/);
    });
  });

  it("shows why a build failed, and leaves nothing behind", async () => {
    await inTemporaryFolder(async (folder) => {
      fakeGo(folder, "go1.26.8");
      const { code, output } = await ensure(folder, { BREAK: "yes" });
      assert.equal(code, 1);
      assert.match(output, /go build of pulumi failed:\n\s+go: example\.com\/x: module lookup disabled/);
      assert.deepEqual(readdirSync(path.join(folder, "home", "versions")), ["3.255.0"]);
      assert.deepEqual(readdirSync(path.join(folder, "home", "versions", "3.255.0")), []);
    });
  });

  it("builds only the version that is pinned", async () => {
    await inTemporaryFolder(async (folder) => {
      fakeGo(folder, "go1.26.8");
      const { output } = await ensure(folder, { VOICE_LICENSES_PULUMI_VERSION: "3.300.0" });
      assert.match(output, /the Go modules of this repository build 3\.255\.0, not 3\.300\.0/);
    });
  });

  it("builds once, though two start at once", async () => {
    await inTemporaryFolder(async (folder) => {
      fakeGo(folder, "go1.26.8");
      const both = await Promise.all([ensure(folder), ensure(folder)]);
      for (const { code, output } of both) {
        assert.equal(code, 0, output);
        assert.match(output, /found \{.*"version":"3\.255\.0"/);
      }
      const builds = readFileSync(path.join(folder, "builds"), "utf8").trimEnd().split("\n");
      assert.equal(builds.length, 2, builds.join("\n"));
      assert.match(builds[0]!, /tools\/pulumi-cli\/engine off build -mod=readonly -trimpath .*cmd\/pulumi$/);
      assert.match(builds[1]!, /tools\/pulumi-cli\/language-nodejs off build -mod=readonly .*pulumi-language-nodejs$/);
      assert.deepEqual(readdirSync(bin(folder)).sort(), [
        "pulumi",
        "pulumi-language-nodejs",
        "pulumi-resource-pulumi-nodejs",
      ]);
      assert.deepEqual(readdirSync(path.join(folder, "home", "versions")), ["3.255.0"]);
    });
  });

  it("completes just what a folder lacks", async () => {
    await inTemporaryFolder(async (folder) => {
      fakeGo(folder, "go1.26.8");
      writeProgram(path.join(bin(folder), "pulumi"), "echo original");
      await ensure(folder);
      assert.match(readFileSync(path.join(folder, "builds"), "utf8"), /^\S+language-nodejs off build [^\n]+\n$/);
      assert.match(readFileSync(path.join(bin(folder), "pulumi"), "utf8"), /original/);
    });
  });

  it("adds the dynamic plugin, and sets only what the user has not", async () => {
    await inTemporaryFolder(async (folder) => {
      writeProgram(path.join(bin(folder), "pulumi"), "exit 9");
      writeProgram(path.join(bin(folder), "pulumi-language-nodejs"), "exit 9");
      const { output } = await ensure(folder, { PULUMI_PARALLEL: "4" });
      assert.equal(output.startsWith("found "), true, output);
      assert.deepEqual(JSON.parse(output.slice("found ".length)), {
        command: path.join(bin(folder), "pulumi"),
        version: "3.255.0",
        environment: {
          PATH: `${bin(folder)}${path.delimiter}${path.join(folder, "path")}`,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          PULUMI_PARALLEL_DIFF: "true",
        },
      });
      assert.equal(statSync(path.join(bin(folder), "pulumi-resource-pulumi-nodejs")).mode & 0o111, 0o111);
    });
  });
});
