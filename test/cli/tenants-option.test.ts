import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { tenantIds } from "../../cli/commands/tenants-option";

describe("--tenants and --tenants-file", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-tenants-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function file(content: string | Buffer): string {
    const name = path.join(folder, "tenants.txt");
    writeFileSync(name, content);
    return name;
  }

  it("give each id once, and nothing where neither is given", () => {
    assert.equal(tenantIds({}), undefined);
    assert.deepEqual(tenantIds({ tenants: " a ,b,,a", tenantsFile: file("\ufeff# ours\r\n0042\rb\n\n c d \n") }), [
      "a",
      "b",
      "0042",
      "c d",
    ]);
  });

  it("take what follows white space and # in the file for a comment", () => {
    const content = "branch-01  # head office\r\nbranch-02\t#closed # soon\n  # all\n0042 \u00a0#\nc d#\n";
    assert.throws(() => tenantIds({ tenantsFile: file(content) }), /c d# must be a tenant's id/);
    assert.deepEqual(tenantIds({ tenantsFile: file(content.replace("d#", "d")) }), [
      "branch-01",
      "branch-02",
      "0042",
      "c d",
    ]);
  });

  for (const content of ["", "\n", "\ufeff", " \t\r\n\r\n", "# none yet\n\n  # later\n"]) {
    it(`are refused where they name nobody: ${JSON.stringify(content)}`, () => {
      const options = { tenants: "foo", tenantsFile: file(content) };
      assert.throws(
        () => tenantIds(options),
        /^UserError: --tenants-file .*tenants\.txt names no tenant: give at least/,
      );
    });
  }
  for (const tenants of ["", " ", ",", " , ,"]) {
    it(`are refused where they name nobody: --tenants=${tenants}`, () => {
      assert.throws(() => tenantIds({ tenants, tenantsFile: file("foo\n") }), /^UserError: --tenants names no tenant/);
    });
  }

  for (const id of [
    "..",
    ".",
    "a/b",
    "a\\b",
    "a?b",
    "a#b",
    "50%",
    "a\u0000b",
    "a\u001b[31m",
    "a\u2028b",
    "x".repeat(256),
  ]) {
    it(`refuse ${JSON.stringify(id.slice(0, 20))} as an id, wherever it stands`, () => {
      assert.throws(
        () => tenantIds({ tenants: `good,${id}` }),
        /^UserError: --tenants: .* must be a tenant's id: 1 to 255/,
      );
      if (!id.includes("\u0000")) {
        assert.throws(
          () => tenantIds({ tenantsFile: file(`good\n${id}\n`) }),
          /^UserError: --tenants-file .*must be a tenant/,
        );
      }
    });
  }

  for (const [what, content] of [
    ["UTF-16 with its mark", Buffer.from("\ufefffoo\nbar\n", "utf16le")],
    ["UTF-16 without it", Buffer.from("foo\nbar\n", "utf16le")],
    ["Latin-1", Buffer.from("f\u00f6\u00f6\n", "latin1")],
  ] as const) {
    it(`refuse a file in ${what}`, () => {
      assert.throws(
        () => tenantIds({ tenantsFile: file(content) }),
        /^UserError: --tenants-file .* is not text in UTF-8(?: but in UTF-16)?: save it as (?:such|UTF-8): give the path of a text file in UTF-8 with one tenant id a line\.$/,
      );
    });
  }
});
