import { Composer, type Document, Lexer, LineCounter, Parser, type YAMLError } from "yaml";
import { oddSpaceIn } from "../provider/text/odd-space";
import { FILE_START, type Mistake, type Position } from "./mistake";
import { otherText } from "./other-text";

/** The position of an offset, or of the file's start where there is none. */
export type PositionAt = (offset: number | undefined) => Position;

/** A text as one YAML document, or the first thing in it that is not YAML. */
export type ParsedYaml = { readonly document: Document; readonly positionAt: PositionAt } | Mistake;

/** How deep lists and maps may be nested: a fleet file needs five levels, and deeper ones would overflow the stack of what follows. */
export const DEEPEST = 100;

/** What is wrong with a tag. It does not name the tag, which may be a secret that begins with an exclamation mark. */
export const NO_TAGS =
  "tags are not supported here: write the value without it; a text that begins with ! needs quotes.";

export const TOO_DEEP = `lists and maps are nested too deeply here: at most ${DEEPEST} levels are read.`;

/**
 * Parses one YAML 1.2 document. Only the first syntax error is reported, because those after it are mostly its consequences.
 *
 * @param file Is put into each position.
 */
export function parseYaml(text: string, file?: string): ParsedYaml {
  const lines = new LineCounter();
  const positionAt: PositionAt = (offset) => {
    const { line, col } = lines.linePos(offset ?? 0);
    const position = line === 0 ? FILE_START : { line, column: col };
    return file === undefined ? position : { file, ...position };
  };
  const other = otherText(text, file);
  if (other !== undefined) {
    return other;
  }
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // Before the composer, which recurses: an overflow in the middle of a regular expression would end the process.
    if (parser.stack.length > DEEPEST) {
      return { at: positionAt(parser.offset), path: "", message: TOO_DEEP };
    }
  }
  tokens.push(...parser.end());
  const composer = new Composer({
    // By name, so that a %YAML directive does not bring other rules.
    schema: "core",
    stringKeys: true,
    // Found by the reader, by keys as they are written, and reported with both places.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) {
    return { at: positionAt(undefined), path: "", message: "this cannot be read as YAML." };
  }
  const [error] = document.errors.sort((a, b) => a.pos[0] - b.pos[0]);
  if (error !== undefined) {
    return syntaxMistake(error, text, positionAt);
  }
  if (second !== undefined) {
    const message = "a second document begins here: keep one, without `---` between two.";
    return { at: positionAt(second.range[0]), path: "", message };
  }
  return { document, positionAt };
}

const COLON_IN_QUOTES =
  'a name that holds a colon needs quotes, as in "Call Center: Standard": 5, and so does a value.';

/** In words for someone who writes a fleet file; the parser's own would be for a programmer, or would repeat what may be a secret. */
const WORDS: Readonly<Record<YAMLError["code"], string>> = {
  ALIAS_PROPS: "an alias (*name) takes no anchor or tag.",
  BAD_ALIAS: "an anchor or alias (& or *) needs a name; a text that begins with & or * needs quotes.",
  BAD_COLLECTION_TYPE: NO_TAGS,
  BAD_DIRECTIVE: "a line that begins with % is not supported here; a text that begins with % needs quotes.",
  BAD_DQ_ESCAPE:
    "in double quotes a backslash begins an escape such as \\n: write \\\\ for a backslash, or use single quotes.",
  BAD_INDENT: "this line is not indented like those beside it.",
  BAD_PROP_ORDER: "the dash of a list comes before an anchor or tag.",
  BAD_SCALAR_START: "a text that begins with @, % or ` needs quotes.",
  BLOCK_AS_IMPLICIT_KEY: `a second \`name: value\` on one line: put it on its own line; ${COLON_IN_QUOTES}`,
  BLOCK_IN_FLOW: `inside { } and [ ] lists and maps are written with commas; ${COLON_IN_QUOTES}`,
  DUPLICATE_KEY: "this name is here twice: keep one of the two.",
  IMPOSSIBLE: "this cannot be read as YAML.",
  KEY_OVER_1024_CHARS: "expected `name: value`; this name is longer than 1024 characters.",
  MISSING_CHAR: "a closing quote, bracket, comma or space is missing before this place.",
  MULTILINE_IMPLICIT_KEY: "expected `name: value`; is a colon or the space after it missing?",
  MULTIPLE_ANCHORS: "one value takes one anchor (&name).",
  MULTIPLE_DOCS: "a second document begins here: keep one, without `---` between two.",
  MULTIPLE_TAGS: NO_TAGS,
  NON_STRING_KEY: "expected `name: value`, found a list or map in place of the name.",
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAB_AS_INDENT: "a tab stands here: YAML is indented with spaces only.",
  TAG_RESOLVE_FAILED: NO_TAGS,
  UNEXPECTED_TOKEN: "expected `name: value`; something here does not belong to the line or lines before it.",
};

const NOT_CLOSED = "a { or [ before this line is not closed, or this line is not indented below it.";

function syntaxMistake({ code, pos, message }: YAMLError, text: string, positionAt: PositionAt): Mistake {
  const [start] = pos;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const line = text.slice(lineStart, (text + "\n").indexOf("\n", start));
  const odd = oddSpaceIn(line);
  if (odd !== undefined) {
    const at = positionAt(lineStart + odd.index);
    return { at, path: "", message: `${odd.name} stands here: replace it with an ordinary space.` };
  }
  return {
    at: positionAt(start),
    path: "",
    message: code === "BAD_INDENT" && message.startsWith("Flow") ? NOT_CLOSED : WORDS[code],
  };
}
