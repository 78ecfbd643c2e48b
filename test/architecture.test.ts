import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..");

/** Folders whose files are programs of their own or tests. */
const OUTSIDE = new Set(["bench", "coverage", "dist", "docs", "examples", "node_modules", "scripts", "test", "tools"]);

/** General helpers that every room may use. */
const EVERYWHERE = new Set(["provider/text"]);

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

/** Folders whose own folders are rooms. */
const HOUSES = new Set(["provider", "provider/hosts", "provider/systems", "cli"]);

/** The room of a file: a folder at the top, or one in a house; what lies in a house beside its rooms joins them, in `provider/` file by file. */
function roomOf(file: string): string {
  const parts = file.replace(/\.ts$/, "").split("/");
  let depth = 1;
  while (depth < parts.length - 1 && HOUSES.has(parts.slice(0, depth).join("/"))) {
    depth += 1;
  }
  const room = parts.slice(0, depth).join("/");
  return room === "provider" ? parts.join("/") : room;
}

/** Which rooms each room imports from, general helpers aside. */
function arrows(): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of sources("")) {
    const from = roomOf(file);
    const text = readFileSync(path.join(ROOT, file), "utf8");
    for (const [, target = ""] of text.matchAll(FROM)) {
      const imported = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
      const to = roomOf(existsSync(path.join(ROOT, imported, "index.ts")) ? `${imported}/index` : imported);
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

  it("keep hosts, resources and systems apart", () => {
    const isHost = (room: string): boolean => room.startsWith("provider/hosts/");
    const isResource = (room: string): boolean => room === "provider/customer" || room === "provider/tenant";
    const isSystem = (room: string): boolean => room.startsWith("provider/systems");
    for (const [from, to] of arrows()) {
      if (isResource(from) || isSystem(from) || from === "provider/resource") {
        assert.deepEqual(to.filter(isHost), [], from);
      }
      if (
        isSystem(from) ||
        from === "provider/resource" ||
        from === "provider/hosts/dynamic" ||
        from === "provider/hosts/native"
      ) {
        assert.deepEqual(to.filter(isResource), [], from);
      }
    }
    assert.equal(arrows().get("simulator"), undefined);
  });
});
