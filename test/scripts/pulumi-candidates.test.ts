import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { callerOf } from "./module-under-test";
import { inTemporaryFolder, root, writeProgram, writeText } from "./temporary-folder";

const call = callerOf(() => import("../../scripts/lib/pulumi-candidates.mjs"));
const callCli = callerOf(() => import("../../scripts/lib/pulumi-cli.mjs"));

/** What is accepted where no version is asked for, and how messages name it. */
async function accepted(asked?: string): Promise<[accepts: unknown, wanted: unknown]> {
  const found = await callCli("wantedVersion", asked);
  assert.ok(typeof found === "object" && found !== null && "accepts" in found && "wanted" in found);
  return [found.accepts, found.wanted];
}

function fakeCli(folder: string, version: string, ...pieces: string[]): void {
  writeProgram(path.join(folder, "pulumi"), `echo v${version}`);
  for (const piece of pieces) {
    writeProgram(path.join(folder, piece), "exit 0");
  }
}

describe("a Pulumi CLI on the PATH", () => {
  const find = async (asked: string | undefined, ...folders: string[]): Promise<unknown> =>
    await call("findOnPath", folders.join(path.delimiter), ...(await accepted(asked)));

  it("is taken where it is recent enough and has its language host beside it", async () => {
    await inTemporaryFolder(async (folder) => {
      fakeCli(folder, "3.216.0", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs");
      assert.deepEqual(await find(undefined, "/nowhere", folder), {
        command: path.join(folder, "pulumi"),
        version: "3.216.0",
        before: [folder],
        after: [],
      });
    });
  });

  it("may have its language host elsewhere on the PATH, and gets the dynamic plugin of this repository", async () => {
    await inTemporaryFolder(async (folder) => {
      fakeCli(path.join(folder, "a"), "3.300.1");
      writeProgram(path.join(folder, "b", "pulumi-language-nodejs"), "exit 0");
      assert.deepEqual(await find(undefined, path.join(folder, "a"), path.join(folder, "b")), {
        command: path.join(folder, "a", "pulumi"),
        version: "3.300.1",
        before: [path.join(folder, "a")],
        after: [path.join(root, "tools", "pulumi-cli")],
      });
    });
  });

  const refused: [what: string, version: string, pieces: string[], asked: string | undefined, why: RegExp][] = [
    ["too old", "3.215.9", ["pulumi-language-nodejs"], undefined, /is 3\.215\.9, and 3\.216 or newer/],
    ["of the next major version", "4.0.0", ["pulumi-language-nodejs"], undefined, /is 4\.0\.0, and 3\.216 or newer/],
    ["without a language host", "3.255.0", [], undefined, /no pulumi-language-nodejs beside it or on the PATH/],
    ["not the one asked for", "3.255.0", ["pulumi-language-nodejs"], "3.250.0", /is 3\.255\.0, and 3\.250\.0/],
  ];
  for (const [what, version, pieces, asked, why] of refused) {
    it(`is not taken where it is ${what}`, async () => {
      await inTemporaryFolder(async (folder) => {
        fakeCli(folder, version, ...pieces);
        assert.match(String(await find(asked, folder)), why);
      });
    });
  }

  it("is not taken where it does not run", async () => {
    await inTemporaryFolder(async (folder) => {
      writeProgram(path.join(folder, "pulumi"), "echo wrong machine >&2", "exit 126");
      assert.match(String(await find(undefined, folder)), /does not tell its version \(exit code 126: wrong machine\)/);
    });
  });

  it("may be missing; a file that may not be run is none", async () => {
    await inTemporaryFolder(async (folder) => {
      writeText(path.join(folder, "pulumi"), "");
      assert.equal(await find(undefined, folder), "not found");
    });
  });
});

describe("a Pulumi CLI in Pulumi's own folder", () => {
  const find = async (folder: string, asked?: string): Promise<unknown> =>
    await call("findInVersions", folder, ...(await accepted(asked)));

  it("is the newest whole one", async () => {
    await inTemporaryFolder(async (folder) => {
      fakeCli(path.join(folder, "3.99.0", "bin"), "3.99.0", "pulumi-language-nodejs");
      fakeCli(path.join(folder, "3.216.0", "bin"), "3.216.0", "pulumi-language-nodejs");
      fakeCli(path.join(folder, "3.230.0", "bin"), "3.230.0", "pulumi-language-nodejs");
      fakeCli(path.join(folder, "3.231.0", "bin"), "3.231.0");
      mkdirSync(path.join(folder, "3.255.0.lock"));
      const bin = path.join(folder, "3.230.0", "bin");
      assert.deepEqual(await find(folder), {
        command: path.join(bin, "pulumi"),
        version: "3.230.0",
        before: [bin],
        after: [],
      });
    });
  });

  it("is the one asked for, where one is", async () => {
    await inTemporaryFolder(async (folder) => {
      fakeCli(path.join(folder, "3.216.0", "bin"), "3.216.0", "pulumi-language-nodejs");
      fakeCli(path.join(folder, "3.230.0", "bin"), "3.230.0", "pulumi-language-nodejs");
      assert.match(JSON.stringify(await find(folder, "v3.216.0")), /"version":"3\.216\.0"/);
      assert.match(String(await find(folder, "3.220.0")), /holds 3\.230\.0, 3\.216\.0, and 3\.220\.0 \(VOICE_/);
    });
  });

  it("is named with what it lacks where it is not whole", async () => {
    await inTemporaryFolder(async (folder) => {
      const bin = path.join(folder, "3.255.0", "bin");
      fakeCli(bin, "3.255.0");
      assert.equal(await find(folder), `${bin} lacks pulumi-language-nodejs`);
    });
  });

  it("may be missing, with the folder or without", async () => {
    await inTemporaryFolder(async (folder) => {
      assert.equal(await find(folder), "holds no version");
      assert.equal(await find(path.join(folder, "missing")), "holds no version");
    });
  });
});

describe("VOICE_LICENSES_PULUMI_VERSION", () => {
  it("must be a version", async () => {
    await assert.rejects(callCli("wantedVersion", "latest"), /"latest": write a version such as 3\.\d+\.\d+/);
  });
});
