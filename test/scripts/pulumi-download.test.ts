import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import process from "node:process";
import { callerOf } from "./module-under-test";
import { inTemporaryFolder, writeProgram } from "./temporary-folder";

const call = callerOf(() => import("../../scripts/lib/pulumi-download.mjs"));
const file = `pulumi-v3.255.0-${process.platform}-${process.arch}.tar.gz`;

/** Serves files on loopback while a test runs. */
async function serving(files: ReadonlyMap<string, Buffer>, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const content = files.get(request.url ?? "");
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  try {
    await work(`http://127.0.0.1:${address.port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A release with the given programs in it. */
function release(folder: string, ...programs: string[]): Buffer {
  for (const program of programs) {
    writeProgram(path.join(folder, "pulumi", program), "exit 0");
  }
  execFileSync("tar", ["-czf", path.join(folder, "made.tar.gz"), "-C", folder, "pulumi"]);
  return readFileSync(path.join(folder, "made.tar.gz"));
}

interface Attempt {
  readonly programs?: string[];
  readonly published?: boolean;
  readonly checksums?: (archive: Buffer) => string;
}

async function attempt(
  options: Attempt,
  check: (done: () => Promise<unknown>, warnings: string[]) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const archive = release(path.join(folder), ...(options.programs ?? ["pulumi", "pulumi-language-nodejs"]));
    const files = new Map<string, Buffer>();
    if (options.published !== false) {
      files.set(`/${file}`, archive);
    }
    if (options.checksums !== undefined) {
      files.set("/second.txt", Buffer.from(options.checksums(archive)));
    }
    await serving(files, async (url) => {
      const target = path.join(folder, "target");
      mkdirSync(target);
      const warnings: string[] = [];
      const done = (): Promise<unknown> =>
        call("downloadPulumi", {
          version: "3.255.0",
          folder: target,
          report: () => undefined,
          warn: (line: string) => warnings.push(line),
          releases: url,
          checksums: [`${url}/first.txt`, `${url}/second.txt`],
        });
      await check(done, warnings);
    });
  });
}

const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

describe("downloading a Pulumi CLI", function () {
  before(async function () {
    if ((await call("releaseFile", "3.255.0", process.platform, process.arch)) === undefined) {
      this.skip();
    }
  });

  it("unpacks what agrees with the published checksum", async () => {
    const checksums = (archive: Buffer): string => `${"0".repeat(64)}  other.tar.gz\n${sha256(archive)}  ${file}\n`;
    await attempt({ checksums }, async (done, warnings) => {
      const bin = String(await done());
      assert.deepEqual(readdirSync(bin).sort(), ["pulumi", "pulumi-language-nodejs"]);
      assert.deepEqual(warnings, []);
    });
  });

  it("refuses what does not", async () => {
    await attempt({ checksums: () => `${"ab".repeat(32)}  ${file}\n` }, async (done) => {
      await assert.rejects(
        done(),
        /is not what Pulumi published: its SHA-256 is [0-9a-f]{64}, and (ab){32} was expected/,
      );
    });
  });

  it("says so where no checksum can be had", async () => {
    await attempt({}, async (done, warnings) => {
      assert.ok(existsSync(String(await done())));
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, /was not checked: no SHA-256 of pulumi-v3\.255\.0/);
    });
  });

  it("names a release that is not there, or not whole", async () => {
    await attempt({ published: false }, async (done) => {
      await assert.rejects(done(), /404/);
    });
    await attempt({ programs: ["pulumi"] }, async (done) => {
      await assert.rejects(done(), /holds no pulumi-language-nodejs/);
    });
  });
});

describe("the release of Pulumi", () => {
  const names: [platform: string, arch: string, name: string | undefined][] = [
    ["linux", "x64", "pulumi-v3.255.0-linux-x64.tar.gz"],
    ["darwin", "arm64", "pulumi-v3.255.0-darwin-arm64.tar.gz"],
    ["linux", "ppc64", undefined],
    ["win32", "x64", undefined],
  ];
  for (const [platform, arch, name] of names) {
    it(`for ${platform}-${arch} is ${name ?? "not published, or not used"}`, async () => {
      assert.equal(await call("releaseFile", "3.255.0", platform, arch), name);
    });
  }

  it("is found in lists of checksums in both forms of sha256sum", async () => {
    const [one, other] = ["a1".repeat(32), "B2".repeat(32)];
    const list = `${one}  one.tar.gz\n${other} *other.tar.gz\nshort  third.tar.gz\n`;
    assert.equal(await call("checksumOf", list, "one.tar.gz"), one);
    assert.equal(await call("checksumOf", list, "other.tar.gz"), other.toLowerCase());
    assert.equal(await call("checksumOf", list, "third.tar.gz"), undefined);
    assert.equal(await call("checksumOf", list, "fourth.tar.gz"), undefined);
  });
});
