const WIDTH = 116;

/** A comment before a declaration, wrapped: what it says, in paragraphs, and its tags, each from a line of its own. */
export function docComment(paragraphs: readonly string[], tags: readonly string[] = []): string {
  const blocks = [...paragraphs.map((text) => wrapped(text)), ...(tags.length === 0 ? [] : [tags.flatMap(tagLines)])];
  const [first = [], ...others] = blocks;
  const lines = [first, ...others].flatMap((block, index) => (index === 0 ? block : ["", ...block]));
  const [only = ""] = lines;
  return lines.length === 1
    ? `/** ${only} */`
    : ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"].join("\n");
}

/** An example in several lines stays as it is. */
function tagLines(tag: string): string[] {
  return tag.includes("\n") ? tag.split("\n") : wrapped(tag, "  ");
}

function wrapped(text: string, indent = ""): string[] {
  const lines: string[] = [];
  // What is code stays in one line.
  for (const word of text.match(/(?:`[^`]*`|\S)+/g) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(last === undefined ? word : indent + word);
    }
  }
  return lines;
}

/** `how often` as `How often.` */
export function sentence(text: string): string {
  return `${capitalised(text)}.`;
}

/** `retain` as `Retain`. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
