import { TextDecoder } from "node:util";

/**
 * The text of an answer's body, by its byte order mark or the charset of its `Content-Type`; UTF-8 where neither says otherwise or the
 * charset is unknown.
 */
export function bodyText(bytes: Uint8Array, contentType: string | undefined): string {
  const decoder = decoderFor(markedCharset(bytes) ?? charsetOf(contentType ?? "") ?? "utf-8");
  const text = decoder.decode(bytes);
  return decoder.encoding === "windows-1252" ? text.replaceAll(/[\u0080-\u009f]/g, asWindows) : text;
}

/** What Windows has where ISO 8859-1 has control characters, from 0x80 on; Node's decoder takes the one for the other. */
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

function asWindows(character: string): string {
  return WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character;
}

function markedCharset([first, second]: Uint8Array): string | undefined {
  return first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

function charsetOf(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType)?.[1];
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
