/** Our Markdown for where none is rendered: without marks and tags to fold, and with what was escaped as it was. */
export function toPlainText(markdown: string): string {
  return markdown
    .replaceAll(/<!--[^]*?-->\n?/g, "")
    .replaceAll(/<summary>(.*?)<\/summary>/g, "$1:")
    .replaceAll(/<\/?(?:details|code)>/g, "")
    .replaceAll(/\\([!-/:-@[-`{-~])/g, "$1")
    .replaceAll("&#64;", "@")
    .replaceAll("&#58;", ":")
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
