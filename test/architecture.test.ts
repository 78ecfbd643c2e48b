import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..");

/** Folders whose files are programs of their own or tests. */
const OUTSIDE = new Set(["bench", "coverage", "dist", "docs", "examples", "node_modules", "scripts", "test", "tools"]);

/** General helpers that every room may use. */
const EVERYWHERE = new Set(["provider/errors", "provider/plain-object", "provider/text"]);

const FROM = /(?:\bfrom\s+|\brequire\(|\bimport\()"(\.[^"]+)"/g;

function sources(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const inside = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      return OUTSIDE.has(inside) || entry.name.startsWith(".") ? [] : sources(inside);
    }
    return entry.name.endsWith(".ts") ? [inside] : [];
  });
}

/** The room of a file: a folder at the top, below `provider/` and below `provider/edges/`; or a file of the provider that joins rooms. */
function roomOf(file: string): string {
  const [top = "", second = "", third = "", ...more] = file.replace(/\.ts$/, "").split("/");
  if (top !== "provider") {
    return top;
  }
  return second === "edges" && more.length > 0 ? `provider/edges/${third}` : `provider/${second}`;
}

/** Which rooms each room imports from, general helpers aside. */
function arrows(): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of sources("")) {
    const from = roomOf(file);
    const text = readFileSync(path.join(ROOT, file), "utf8");
    for (const [, target = ""] of text.matchAll(FROM)) {
      const to = roomOf(path.posix.normalize(path.posix.join(path.posix.dirname(file), target)));
      if (to !== from && !EVERYWHERE.has(to)) {
        found.set(from, (found.get(from) ?? new Set()).add(to));
      }
    }
  }
  return new Map([...found].map(([from, to]) => [from, [...to].sort()]));
}

/** The arrows as ARCHITECTURE.md draws them: `cli ──► assessment, fleet`. */
function drawn(): Map<string, string[]> {
  const page = readFileSync(path.join(ROOT, "ARCHITECTURE.md"), "utf8");
  return new Map(
    [...page.matchAll(/^(\S+) +─+► (.+)$/gm)].map(([, from = "", to = ""]) => [from, to.split(", ").sort()]),
  );
}

describe("the rooms of the code", () => {
  it("have exactly the arrows that ARCHITECTURE.md draws", () => {
    assert.deepEqual(Object.fromEntries([...arrows()].sort()), Object.fromEntries([...drawn()].sort()));
  });

  it("have no arrows that lead back", () => {
    const all = arrows();
    const visit = (room: string, way: readonly string[]): void => {
      assert.ok(!way.includes(room), [...way, room].join(" → "));
      for (const next of all.get(room) ?? []) {
        visit(next, [...way, room]);
      }
    };
    for (const room of all.keys()) {
      visit(room, []);
    }
  });

  it("keep edges and resources apart, and apis without either", () => {
    const all = arrows();
    for (const [from, to] of all) {
      const isEdge = (room: string): boolean => room.startsWith("provider/edges/");
      if (from === "provider/resources" || from === "provider/apis" || from === "provider/run") {
        assert.deepEqual(to.filter(isEdge), [], from);
      }
      if (isEdge(from) || from === "provider/apis" || from === "provider/run") {
        assert.ok(!to.includes("provider/resources"), from);
      }
    }
    assert.equal(all.get("simulator"), undefined);
  });
});
