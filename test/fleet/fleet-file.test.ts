import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findProjectFolder, readFleetText } from "../../fleet/fleet-file";

describe("the fleet file on disk", () => {
  let root: string;
  let below: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), "voice-licenses-fleet-")));
    below = path.join(root, "programs", "fleet");
    mkdirSync(below, { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  for (const name of ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"]) {
    it(`starts at the nearest folder upwards with ${name}`, () => {
      writeFileSync(path.join(root, name), "");
      writeFileSync(path.join(root, "licenses.yaml"), "{}");
      assert.equal(findProjectFolder(below), root);
      assert.deepEqual(readFleetText("licenses.yaml", below), { text: "{}" });
      writeFileSync(path.join(below, name), "");
      assert.equal(findProjectFolder(below), below);
    });
  }

  it("starts at the working directory where there is no project, and takes a whole path as it is", () => {
    assert.equal(findProjectFolder(below), undefined);
    writeFileSync(path.join(below, "fleet.yaml"), "tenants:\n");
    assert.deepEqual(readFleetText("./fleet.yaml", below), { text: "tenants:\n" });
    assert.deepEqual(readFleetText(path.join(below, "fleet.yaml"), root), { text: "tenants:\n" });
  });

  it("says which file does not exist, and what to do", () => {
    writeFileSync(path.join(root, "Pulumi.yaml"), "");
    writeFileSync(path.join(root, "a-file"), "");
    for (const file of ["fleets/eu.yaml", "a-file/eu.yaml"]) {
      assert.deepEqual(readFleetText(file, below), {
        problem: `The fleet file ${path.join(root, file)} does not exist. Make one, or name another with \`pulumi config set voice-licenses:file <path>\`; a relative path starts at the folder of Pulumi.yaml.`,
      });
    }
  });

  it("says of a folder, and of what is no text, that it is none", () => {
    assert.deepEqual(readFleetText(root, below), { problem: `The fleet file ${root} is a folder.` });
    writeFileSync(path.join(below, "utf-16.yaml"), Buffer.from("\ufefftenants:", "utf16le"));
    assert.deepEqual(readFleetText("utf-16.yaml", below), {
      problem: `The fleet file ${path.join(below, "utf-16.yaml")} is not text in UTF-8: save it as such.`,
    });
  });

  it("leaves out the mark that some editors put before a text, and gives the reason for anything else", () => {
    writeFileSync(path.join(below, "marked.yaml"), "\ufeff{}");
    assert.deepEqual(readFleetText("marked.yaml", below), { text: "{}" });
    const read = readFleetText("no\0name.yaml", below);
    assert.ok("problem" in read);
    assert.match(read.problem, /cannot be read: /);
  });
});
