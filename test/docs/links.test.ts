import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { allPages, type Link, type Page, ROOT } from "./support/pages";

const KIB = 1024;
const pages = allPages();
const byFile = new Map(pages.map((page) => [page.file, page]));
const documentation = pages.filter(({ file }) => file.startsWith("docs/"));

function pageAt(file: string): Page {
  return byFile.get(file) ?? assert.fail(`there is no ${file}`);
}

/** The file that a link leads to, from the root; undefined for a link to another site. */
function fileOf(page: Page, { target }: Link): string | undefined {
  if (/^[a-z]+:/.test(target)) {
    return undefined;
  }
  const [where = ""] = target.split("#");
  return where === "" ? page.file : path.posix.normalize(path.posix.join(path.posix.dirname(page.file), where));
}

/** What is wrong with a link; undefined where nothing is. */
function problemWith(page: Page, link: Link): string | undefined {
  const file = fileOf(page, link);
  if (file === undefined) {
    return link.target.startsWith("https://") ? undefined : `${link.place}: ${link.target} is not https`;
  }
  const anchor = link.target.split("#")[1];
  if (!existsSync(path.join(ROOT, file))) {
    return `${link.place}: ${file} does not exist`;
  }
  return anchor !== undefined && !pageAt(file).anchors.has(anchor)
    ? `${link.place}: ${file} has no heading #${anchor}`
    : undefined;
}

describe("the pages", () => {
  it("have links that lead to a file and a heading", () => {
    assert.ok(pages.length > 25);
    assert.deepEqual(
      pages.flatMap((page) => page.links.flatMap((link) => problemWith(page, link) ?? [])),
      [],
    );
  });

  it("of docs/ and of the examples are all listed in docs/index.md, with what they are for", () => {
    const index = pageAt("docs/index.md");
    const listed = new Set(index.links.map((link) => fileOf(index, link)));
    const expected = pages.filter(({ file }) => /^(docs|examples)\//.test(file) && file !== index.file);
    assert.deepEqual(
      expected.map(({ file }) => file).filter((file) => !listed.has(file)),
      [],
    );
  });

  it("of docs/ are each reached from the README, by links", () => {
    const reached = new Set(["README.md"]);
    for (const file of reached) {
      const page = byFile.get(file);
      for (const link of page?.links ?? []) {
        reached.add((page && fileOf(page, link)) ?? "");
      }
    }
    assert.deepEqual(
      documentation.map(({ file }) => file).filter((file) => !reached.has(file)),
      [],
    );
  });

  it("are short enough to be read: README.md 12 KiB, those for users 16 KiB", () => {
    const size = (file: string): number => statSync(path.join(ROOT, file)).size;
    assert.ok(size("README.md") <= 12 * KIB, `README.md has ${size("README.md")} bytes`);
    const forUsers = documentation.map(({ file }) => file).filter((file) => !file.startsWith("docs/development/"));
    assert.deepEqual(
      forUsers.filter((file) => size(file) > 16 * KIB),
      [],
    );
  });

  it("of docs/ begin with a title and a paragraph on what they are for", () => {
    const forRegistry = new Set(["docs/_index.md", "docs/installation-configuration.md"]);
    const starts = documentation.filter(({ file }) => !forRegistry.has(file));
    assert.deepEqual(
      starts.filter(({ text }) => !/^# \S.*\n\n[\p{L}`][^\n]{60,}\n/u.test(text)).map(({ file }) => file),
      [],
    );
  });

  it("for the Pulumi Registry have no links to other pages, which it does not follow", () => {
    for (const file of ["docs/_index.md", "docs/installation-configuration.md"]) {
      assert.deepEqual(pageAt(file).links, []);
    }
  });
});
