import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isStandardOutput, outputFile, thereAlready, writeWhole } from "../../cli/commands/whole-file";
import { UserError } from "../../cli/commands/user-error";

describe("a file that a command writes", () => {
  let folder: string;
  const inFolder = (name: string): string => path.join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-whole-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("is new, or replaced with its mode, and leaves nothing beside it", () => {
    writeWhole(inFolder("a"), "1");
    chmodSync(inFolder("a"), 0o640);
    writeWhole(inFolder("a"), "2");
    assert.equal(readFileSync(inFolder("a"), "utf8"), "2");
    assert.equal(statSync(inFolder("a")).mode & 0o7777, 0o640);
    assert.deepEqual(readdirSync(folder), ["a"]);
  });

  it("is named by --output, which must not be empty; - is standard output", () => {
    assert.throws(() => outputFile(""), /^UserError: --output is empty: give the path of a file, or - for standard/);
    assert.deepEqual(["-", "/dev/stdout", undefined, "a"].map(outputFile), [undefined, undefined, undefined, "a"]);
  });

  it("is the one that a symbolic link leads to, and the link stays", () => {
    mkdirSync(inFolder("far"));
    writeFileSync(inFolder("far/target"), "old");
    symlinkSync("far/target", inFolder("link"));
    writeWhole(inFolder("link"), "new");
    assert.equal(readlinkSync(inFolder("link")), "far/target");
    assert.equal(readFileSync(inFolder("far/target"), "utf8"), "new");
  });

  it("is created where a symbolic link leads to nothing yet", () => {
    symlinkSync("later", inFolder("link"));
    writeWhole(inFolder("link"), "new");
    assert.ok(lstatSync(inFolder("link")).isSymbolicLink());
    assert.equal(readFileSync(inFolder("later"), "utf8"), "new");
  });

  it("cannot be where symbolic links lead to each other, or its name is too long: that is said in plain words", () => {
    symlinkSync("l2", inFolder("l1"));
    symlinkSync("l1", inFolder("l2"));
    for (const [file, why] of [
      [inFolder("l1"), "its symbolic links lead to each other and to no file"],
      [inFolder("l1/x"), "its symbolic links lead to each other and to no file"],
      [inFolder("x".repeat(300)), "its name is too long"],
    ] as const) {
      assert.throws(() => thereAlready("--output", file), new UserError(`--output ${file} cannot be written: ${why}.`));
    }
    assert.equal(thereAlready("--output", inFolder("none")), undefined);
    writeFileSync(inFolder("a"), "");
    assert.equal(thereAlready("--output", inFolder("a/none")), undefined);
  });

  it("keeps its other names", () => {
    writeFileSync(inFolder("a"), "old");
    linkSync(inFolder("a"), inFolder("b"));
    writeWhole(inFolder("a"), "new");
    assert.equal(readFileSync(inFolder("b"), "utf8"), "new");
  });

  it("is a device where it is one", () => {
    writeWhole("/dev/null", "text");
    assert.ok(statSync("/dev/null").isCharacterDevice());
  });

  it("is a named pipe where it is one, whose reader gets the text", async () => {
    const pipe = inFolder("pipe");
    const reader = spawn("sh", ["-c", `mkfifo "${pipe}" && echo ready && cat "${pipe}"`]);
    let got = "";
    const ended = new Promise((resolve) => reader.once("close", resolve));
    await new Promise<void>((resolve) => {
      reader.stdout.on("data", (chunk: Buffer) => {
        got += chunk.toString();
        if (got === "ready\n") {
          resolve();
        }
      });
    });
    writeWhole(pipe, "text");
    await ended;
    assert.equal(got, "ready\ntext");
    assert.ok(statSync(pipe).isFIFO());
  });

  it("is standard output by any of its names", () => {
    for (const name of ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]) {
      assert.ok(isStandardOutput(name), name);
    }
    assert.ok(!isStandardOutput("stdout") && !isStandardOutput("./-"));
  });
});
