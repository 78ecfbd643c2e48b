/**
 * Text for the log of a pipeline, in which a line of output can be a command: `##vso[…]` and `##[…]` (Azure Pipelines, GitHub),
 * `##teamcity[…]`, and `::name::` at the start of a line (GitHub). Each is broken up by a space, so that it is only text.
 */
export function withoutCommands(text: string): string {
  return text.replaceAll(ANYWHERE, "# #").replaceAll(AT_LINE_START, "$1: :");
}

/** The same for text that has an escape for `#` and `:`, such as JSON (`\\u0023`) and XML (`&#35;`), in which it stays what it is. */
export function withEscapedCommands(text: string, escape: (character: "#" | ":") => string): string {
  return text.replaceAll(ANYWHERE, `${escape("#")}#`).replaceAll(AT_LINE_START, `$1${escape(":")}:`);
}

const ANYWHERE = /##(?=(?:vso|teamcity)?\[)/giu;
const AT_LINE_START = /((?:^|[\r\n])[^\S\r\n]*)::(?=\S)/gu;
