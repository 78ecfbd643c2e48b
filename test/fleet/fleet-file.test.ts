import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fleetFilePath } from "../../fleet/fleet-file";
import { type LoadedFleet, loadFleet } from "../../fleet/load-fleet";

function load(file: string, start: string): LoadedFleet {
  return loadFleet(fleetFilePath(file, start), file, { allowEmpty: true });
}

const EMPTY_FLEET = { fleet: { customers: [], tenants: [] }, warnings: [] };

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
      assert.deepEqual(load("licenses.yaml", below), EMPTY_FLEET);
      writeFileSync(path.join(below, name), "");
      assert.equal(fleetFilePath("licenses.yaml", below), path.join(below, "licenses.yaml"));
    });
  }

  it("starts at the working directory where there is no project, and takes a whole path as it is", () => {
    writeFileSync(path.join(below, "fleet.yaml"), "tenants:\n");
    assert.deepEqual(load("./fleet.yaml", below), EMPTY_FLEET);
    assert.deepEqual(load(path.join(below, "fleet.yaml"), root), EMPTY_FLEET);
  });

  it("says which file does not exist, and what to do", () => {
    writeFileSync(path.join(root, "Pulumi.yaml"), "");
    writeFileSync(path.join(root, "a-file"), "");
    for (const file of ["fleets/eu.yaml", "a-file/eu.yaml"]) {
      assert.deepEqual(load(file, below), {
        problem: `The fleet file ${path.join(root, file)} does not exist. Make one, or name another with \`pulumi config set voice-licenses:file <path>\`; a relative path starts at the folder of Pulumi.yaml.`,
      });
    }
  });

  it("says of a folder, and of what is no text, that it is none", () => {
    assert.deepEqual(load(root, below), { problem: `The fleet file ${root} is a directory.` });
    writeFileSync(path.join(below, "utf-16.yaml"), Buffer.from("\ufefftenants:", "utf16le"));
    assert.deepEqual(load("utf-16.yaml", below), {
      problem: `The fleet file ${path.join(below, "utf-16.yaml")} is not text in UTF-8 but in UTF-16: save it as UTF-8.`,
    });
  });

  it("leaves out the mark that some editors put before a text, and gives the reason for anything else", () => {
    writeFileSync(path.join(below, "marked.yaml"), "\ufeff{}");
    assert.deepEqual(load("marked.yaml", below), EMPTY_FLEET);
    const read = load("no\0name.yaml", below);
    assert.ok("problem" in read);
    assert.match(read.problem, /cannot be read \(/);
  });
});
