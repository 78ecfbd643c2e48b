/** A request of a scenario, as far as it decides what a fault may do. */
export interface RequestKind {
  readonly api: string;
  readonly method: string;
}

/** A fault to inject into one request. */
export interface FaultCase {
  readonly name: string;
  /** For the simulator; `"refuse"`: the connection is refused before it gets there. */
  readonly fault: "refuse" | Readonly<Record<string, unknown>>;
  /** Which requests it makes sense for. */
  readonly appliesTo: (request: RequestKind) => boolean;
  /** Whether the run must go on as if nothing had happened. */
  readonly isRiddenOut: (request: RequestKind) => boolean;
  /** Whether the request has its effect all the same. */
  readonly hasEffect: boolean;
}

/** A write that must not simply be sent twice. */
function isDelicate({ api, method }: RequestKind): boolean {
  return api === "livePlatform" && method !== "GET";
}

function isWrite({ api, method }: RequestKind): boolean {
  return (api === "livePlatform" || api === "gateway") && method !== "GET";
}

const always = (): boolean => true;
const never = (): boolean => false;

function status(code: number, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { kind: "status", status: code, ...more };
}

const TICKET = {
  body: {
    title: "Value cannot be null. (Parameter 's')",
    status: 500,
    detail: "ErrorTicket=8d0c9c57-8f9b-4b68-8a9d-6f0a3f7b3c11",
  },
};

/** Every fault of the sweep. */
export function faultCases(elsewhere: string): FaultCase[] {
  const make = (
    name: string,
    fault: FaultCase["fault"],
    isRiddenOut: FaultCase["isRiddenOut"],
    more: Partial<FaultCase> = {},
  ): FaultCase => ({ name, fault, isRiddenOut, appliesTo: always, hasEffect: false, ...more });
  const after = { hasEffect: true };
  const afterWrite = { hasEffect: true, appliesTo: isWrite };
  return [
    make("refused", "refuse", always),
    make("dropped before", { kind: "dropBefore" }, always),
    make("dropped after", { kind: "dropAfter" }, always, after),
    make("timed out before", { kind: "hangBefore" }, always),
    make("timed out after", { kind: "hangAfter" }, always, after),
    // A login or token request that is refused so is told what it is: wrong credentials.
    make("401", status(401), ({ api }) => api === "livePlatform" || api === "gateway"),
    make("403", status(403), never),
    make("404", status(404), never),
    make("404 HTML", status(404, { text: "<!DOCTYPE html><html></html>", contentType: "text/html" }), never),
    make("408", status(408), always),
    make("409", status(409), never),
    make("429", status(429), always),
    make("429 Retry-After", status(429, { retryAfter: 30 }), always),
    make("500 ErrorTicket", status(500, TICKET), never),
    make("500 ErrorTicket after", { ...status(500, TICKET), kind: "statusAfter" }, never, afterWrite),
    make("502", status(502), always),
    make("502 after", { ...status(502), kind: "statusAfter" }, always, afterWrite),
    make("503", status(503), always),
    make("503 after", { ...status(503), kind: "statusAfter" }, always, afterWrite),
    make("503 Retry-After", status(503, { retryAfter: 45 }), always),
    make("503 Retry-After date", status(503, { retryAfter: "Sun, 01 Mar 2026 12:02:00 GMT" }), always),
    make("504", status(504), always),
    make("504 after", { ...status(504), kind: "statusAfter" }, always, afterWrite),
    make("garbled after", { kind: "garbleAfter" }, always, after),
    make("404 of a proxy", status(404, { body: { message: "no Route matched with those values" } }), never),
    make("408 after", { ...status(408), kind: "statusAfter" }, always, afterWrite),
    make("HTML", { kind: "malformed", how: "html" }, never, after),
    make("empty", { kind: "malformed", how: "empty" }, never, after),
    make("truncated", { kind: "malformed", how: "truncated" }, never, after),
    make("wrong types", { kind: "malformed", how: "wrongTypes" }, never, after),
    make("redirect", { kind: "redirect", location: elsewhere, status: 307 }, never),
    make("another's 200", status(200, { body: {} }), never, { appliesTo: (request) => !isDelicate(request) }),
  ];
}
