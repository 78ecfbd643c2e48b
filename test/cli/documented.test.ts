import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
const { name, bin } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  readonly name: string;
  readonly bin: Readonly<Record<string, string>>;
};

/** Whatever shows commands to users: pages, examples, the demo, help. */
function pages(): readonly (readonly [file: string, text: string])[] {
  const folders = ["docs", "examples", "scripts", "cli"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file)),
  );
  return ["README.md", "CONTRIBUTING.md", ...folders]
    .filter((file) => /\.(?:md|mjs|ts|sh|ya?ml)$/.test(file) && !file.includes("node_modules"))
    .map((file) => [file, readFileSync(path.join(ROOT, file), "utf8")]);
}

/** The places of a pattern in all pages, as `file: line`. */
function found(pattern: RegExp): string[] {
  return pages().flatMap(([file, text]) =>
    text
      .split("\n")
      .filter((line) => pattern.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
}

describe("documented commands", () => {
  it("give npx the name of this package only, because it downloads whatever else has the name that it is given", () => {
    assert.ok(name in bin);
    const others = Object.keys(bin).filter((one) => one !== name);
    assert.deepEqual(found(new RegExp(`npx (?:-\\S+ )*(?:${others.join("|")})\\b`)), []);
    assert.ok(found(new RegExp(`npx ${name} `)).length > 20);
  });

  it("switch no other project's backend", () => {
    assert.deepEqual(found(/pulumi (?:-- )?login/), []);
  });
});
