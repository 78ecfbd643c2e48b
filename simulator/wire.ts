import type { IncomingMessage, ServerResponse } from "node:http";

import type { Answer, Call } from "./exchange";

const MAX_BODY_BYTES = 1_048_576;

/** Reads a request to its end. What follows the first mebibyte of a body is dropped. */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (Buffer.isBuffer(chunk) && (size += chunk.length) <= MAX_BODY_BYTES) {
      chunks.push(chunk);
    }
  }
  const [path = "", ...query] = (request.url ?? "").split("?");
  return {
    method: request.method ?? "",
    path,
    query: query.join("?"),
    params: {},
    headers: request.headers,
    contentType: request.headers["content-type"],
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

/** Writes a whole answer. */
export function writeAnswer(response: ServerResponse, { status, headers, body, encoding }: Answer): void {
  const bytes = Buffer.from(body, encoding ?? "utf8");
  const lists = Object.entries(headers).map(([name, value]): [string, string | string[]] => [
    name,
    typeof value === "string" ? value : [...value],
  ]);
  const length = status === 204 || status === 304 ? {} : { "content-length": bytes.length };
  response.writeHead(status, { ...Object.fromEntries(lists), ...length });
  response.end(response.req.method === "HEAD" ? undefined : bytes);
}
