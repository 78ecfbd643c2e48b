/** A line of a text for people. */
export interface PlainLine {
  /** Empty between two blocks. */
  readonly text: string;
  readonly isHeading: boolean;
}

/** Markdown for where none is rendered: no marks, escapes and tags, each row of a table as a sentence, fenced text as it is. */
export function toPlainLines(markdown: string): PlainLine[] {
  const lines: PlainLine[] = [];
  let fence: string | undefined;
  let titles: string[] | undefined;
  for (const line of markdown.replaceAll(/<!--[^]*?-->\n?/g, "").split(/\r?\n/)) {
    const mark = /^ *(`{3,}|~{3,})/.exec(line)?.[1];
    const row = fence === undefined ? cellsOf(line) : undefined;
    if (fence !== undefined && mark?.startsWith(fence) !== true) {
      lines.push({ text: line, isHeading: false });
    } else if (mark !== undefined) {
      fence = fence === undefined ? mark : undefined;
    } else if (row === undefined) {
      lines.push(...proseOf(line));
    } else if (titles === undefined) {
      titles = row;
    } else if (!row.every((cell) => /^:?-+:?$/.test(cell))) {
      lines.push({ text: sentenceOf(row, titles), isHeading: false });
    }
    titles = row === undefined ? undefined : titles;
  }
  const isBlank = (index: number): boolean => (lines[index]?.text ?? "") === "";
  const kept = lines.filter((_line, index) => !isBlank(index) || !isBlank(index - 1));
  return kept.at(-1)?.text === "" ? kept.slice(0, -1) : kept;
}

export function toPlainText(markdown: string): string {
  return toPlainLines(markdown)
    .map(({ text }) => text)
    .join("\n");
}

function proseOf(line: string): PlainLine[] {
  const text = withoutMarks(line.replace(/^#+ /, "").replace(/^( *)[-*] /, "$1• "));
  const isHeading = /^#+ |<summary>/.test(line);
  return text === "" && line !== "" ? [] : [{ text, isHeading }];
}

function cellsOf(line: string): string[] | undefined {
  return line.startsWith("|")
    ? line
        .replace(/\|\s*$/, "")
        .split(/(?<!\\)\|/)
        .slice(1)
        .map((cell) => withoutMarks(cell.trim()))
    : undefined;
}

/** `tenant foo: property groupServices.Hunt Group, declared 5, actual 9`. */
function sentenceOf([first = "", ...cells]: readonly string[], titles: readonly string[]): string {
  return `${first}: ${cells.map((cell, index) => `${titles[index + 1] ?? ""} ${cell}`.trim()).join(", ")}`;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

function withoutMarks(text: string): string {
  return text.replaceAll(
    /\\([!-/:-@[-`{-~])|&(lt|gt|amp|quot);|\*\*|`|<\/?(?:details|summary|code)>/g,
    (_mark, escaped: string | undefined, entity: string | undefined) => escaped ?? ENTITIES[entity ?? ""] ?? "",
  );
}
