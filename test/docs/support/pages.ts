import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(__dirname, "../../..");

/** A block of code of a page. */
export interface Block {
  /** `docs/cli.md:12`, the line of its fence. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
  /** The file that the paragraph before it names, as in "`index.ts`:". */
  readonly file: string | undefined;
  /** Whether a comment before it says that it is not run. */
  readonly isSkipped: boolean;
  /** The nearest heading above it. */
  readonly heading: string;
}

/** A link of a page, with its line. */
export interface Link {
  readonly place: string;
  readonly target: string;
}

/** A page in Markdown. */
export interface Page {
  /** From the root, with `/`. */
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
  /** What a link may name after `#`. */
  readonly anchors: ReadonlySet<string>;
}

/** Every page that readers of the repository are led to. */
export function allPages(): Page[] {
  const below = (folder: string): string[] =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      path.join(folder, file).replaceAll(path.sep, "/"),
    );
  const atTop = readdirSync(ROOT);
  return [...atTop, ...below("docs"), ...below("examples"), ...below(".github")]
    .filter((file) => file.endsWith(".md") && !file.includes("node_modules/") && !file.includes("venv/"))
    .sort()
    .map(readPage);
}

export function readPage(file: string): Page {
  const text = readFileSync(path.join(ROOT, file), "utf8");
  const blocks: Block[] = [];
  const links: Link[] = [];
  const anchors = new Set<string>();
  let open: { readonly fence: string; readonly line: number; readonly language: string } | undefined;
  let code: string[] = [];
  let before = "";
  let isSkipped = false;
  let heading = "";
  text.split("\n").forEach((line, index) => {
    const place = `${file}:${index + 1}`;
    const fence = /^( *)```(\S*)/.exec(line);
    if (open !== undefined) {
      if (fence?.[1] === open.fence && fence[2] === "") {
        const named = /`([^`\s]+)`:$/.exec(before)?.[1];
        const shown = { place: `${file}:${open.line}`, language: open.language, text: `${code.join("\n")}\n` };
        blocks.push({ ...shown, file: named, isSkipped, heading });
        [open, code, before, isSkipped] = [undefined, [], "", false];
      } else {
        code.push(line.slice(open.fence.length));
      }
      return;
    }
    if (fence !== null) {
      open = { fence: fence[1] ?? "", line: index + 1, language: fence[2] ?? "" };
      return;
    }
    if (line.trim() !== "") {
      isSkipped = line.startsWith("<!-- not run:");
      before = line;
    }
    const title = /^#+ (.*)$/.exec(line)?.[1];
    if (title !== undefined) {
      heading = title;
      anchors.add(unused(slugOf(title), anchors));
    }
    const prose = line.replaceAll(/`[^`]*`/g, (span) => "`".repeat(span.length));
    for (const [, target = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      links.push({ place, target });
    }
  });
  return { file, text, blocks, links, anchors };
}

/** The anchor that GitHub gives a heading. */
function slugOf(title: string): string {
  return title
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
    .replaceAll(" ", "-");
}

function unused(slug: string, taken: ReadonlySet<string>): string {
  let found = slug;
  for (let count = 1; taken.has(found); count += 1) {
    found = `${slug}-${count}`;
  }
  return found;
}
