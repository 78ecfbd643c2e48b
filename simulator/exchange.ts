import type { IncomingHttpHeaders } from "node:http";

/** Which of the emulated services a request went to; `unknown` is a path that none of them has. */
export type Api = "livePlatform" | "token" | "gateway" | "login" | "unknown";

/** One request as it came over the wire. */
export interface Call {
  readonly method: string;
  /** The path as sent, percent-encoding kept, without the query. */
  readonly path: string;
  /** The query as sent, without its question mark; empty where there is none. */
  readonly query: string;
  /** The decoded variable parts of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** One reply, ready to be written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
  /** How the body is written. @default "utf8" */
  readonly encoding?: "latin1";
}

/** One call of an API: what it does with a request, without knowledge of the transport. */
export interface Route {
  readonly api: Api;
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  readonly url: string;
  readonly endpoint: (call: Call) => Answer;
}

/** A JSON reply. */
export function json(status: number, value: unknown, headers: Answer["headers"] = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

/** An HTML reply: what web servers answer for paths that no API has, so that nobody takes it for an API's own 404. */
export function html(status: number, title: string): Answer {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}

/** Thrown by an endpoint to end a call with this answer. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.name = "Refusal";
    this.answer = answer;
  }
}
