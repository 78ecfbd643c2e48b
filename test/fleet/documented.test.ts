import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkRead } from "../../fleet/check-fleet";
import { readFleet } from "../../fleet/load-fleet";

const PAGE = readFileSync(path.resolve(__dirname, "../../docs/fleet-file.md"), "utf8");

/** The text of the first block of code in which `text` stands. */
function blockWith(text: string): string {
  const block = [...PAGE.matchAll(/^```\w*\n([^]*?)^```$/gm)].map(([, content = ""]) => content);
  return block.find((content) => content.includes(text)) ?? assert.fail(`no block with ${text}`);
}

describe("the page about the fleet file", () => {
  it("shows a file and a table that go together", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "documented-"));
    try {
      mkdirSync(path.join(folder, "tenants"));
      writeFileSync(path.join(folder, "licenses.yaml"), blockWith("include: tenants/*.yaml"));
      writeFileSync(path.join(folder, "tenants.csv"), blockWith("tenant,profile"));
      writeFileSync(path.join(folder, "tenants", "north.yaml"), "tenants: { north-01: { groupServices: { Fax: 1 } } }");
      const read = readFleet(path.join(folder, "licenses.yaml"), "licenses.yaml");
      assert.ok(!("problem" in read));
      const checked = checkRead(read);
      assert.ok("fleet" in checked, JSON.stringify(checked));
      assert.deepEqual(checked.fleet.tenants.map(({ name }) => name).sort(), [
        "branch-01",
        "branch-02",
        "branch-03",
        "branch-11",
        "branch-12",
        "north-01",
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
