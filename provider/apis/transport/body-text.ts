import { TextDecoder } from "node:util";

/**
 * The text of an answer's body, by its byte order mark or the charset of its `Content-Type`; UTF-8 where neither says otherwise or the
 * charset is unknown.
 */
export function bodyText(bytes: Uint8Array, contentType: string | undefined): string {
  return decoderFor(markedCharset(bytes) ?? charsetOf(contentType ?? "") ?? "utf-8").decode(bytes);
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
