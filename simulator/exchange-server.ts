import { setMaxListeners } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

import { Connections } from "./connections";
import { applyEdit } from "./edits";
import { type Answer, type Api, type Call, html, json, Refusal, type Route } from "./exchange";
import { alteredAnswer, type Fault, statusAnswer, type Trouble } from "./faults";
import { gatewayRoutes } from "./gateway/routes";
import { livePlatformRoutes } from "./live-platform/routes";
import { tokenRoutes } from "./live-platform/token-endpoint";
import { RouteTable } from "./route-table";
import type { Simulation } from "./simulation";
import { readCall, writeAnswer } from "./wire";

type Endpoint = Pick<Route, "api" | "endpoint">;

/** A path that exists in the product but takes no call of these pages: a DELETE there removes the whole service. */
const REFUSED_PATH = "/tenantui/api/v2/customer/:guid";

const GARBAGE = Buffer.from([0x15, 0x99, 0x00, 0xff, 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x7f, 0x80, 0xfe]);

function apiOfUnknownPath(path: string): Api {
  if (path.startsWith("/tenantui/")) {
    return "livePlatform";
  }
  if (path.includes("/oauth2/")) {
    return "token";
  }
  return path.startsWith("/api/") ? "gateway" : "unknown";
}

function notAllowed({ method }: Call): Answer {
  const text = `${method} is not allowed here`;
  return json(405, { title: text, details: text, status: 405 });
}

/** A slip in the simulator, or an edit that cannot be made, is to be seen: it must not look like a system that hangs. */
function internalError(error: unknown): Answer {
  const reason = error instanceof Error ? error.message : String(error);
  return json(500, { title: `The simulator itself failed: ${reason}`, status: 500 });
}

/** Both APIs and the token endpoint: logging, latency, rate limit and faults around each call. */
export class ExchangeServer {
  readonly connections = new Connections();
  readonly #simulation: Simulation;
  readonly #routes = new RouteTable<Endpoint>();
  readonly #stopping = new AbortController();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    // Each call that waits listens to it, and hundreds may wait at a time.
    setMaxListeners(0, this.#stopping.signal);
    const routes = [
      ...tokenRoutes(() => simulation.livePlatform),
      ...livePlatformRoutes(() => simulation.livePlatform),
      ...gatewayRoutes(() => simulation.gateway, simulation.seed.gateway),
    ];
    for (const route of routes) {
      this.#routes.add(route.method, route.url, route);
    }
    this.#routes.add("no method", REFUSED_PATH, { api: "livePlatform", endpoint: notAllowed });
  }

  /** Ends all pauses, so that nothing keeps the process alive. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Serves a request; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const call = await readCall(request);
      const found = this.#find(call);
      await this.#serve({ ...call, params: found.params }, found.endpoint, response);
    } catch {
      // The client is gone before its request was complete.
      request.socket.destroy();
    }
  }

  #find({ method, path }: Call): { readonly endpoint: Endpoint; readonly params: Call["params"] } {
    const found = this.#routes.find(method, path);
    if (found !== undefined) {
      return { endpoint: found.target, params: found.params };
    }
    const elsewhere = this.#routes.findPath(path);
    const endpoint: Endpoint =
      elsewhere === undefined
        ? { api: apiOfUnknownPath(path), endpoint: () => html(404, "Not Found") }
        : { api: elsewhere.target.api, endpoint: notAllowed };
    return { endpoint, params: {} };
  }

  async #serve(call: Call, { api, endpoint }: Endpoint, response: ServerResponse): Promise<void> {
    const { journal, settings, faults } = this.#simulation;
    const entry = journal.open(api, call);
    const send = (answer: Answer): void => {
      journal.answered(entry, answer);
      response.setHeader("date", new Date(this.#simulation.now()).toUTCString());
      writeAnswer(response, answer);
    };
    response.once("close", () => {
      journal.closed(entry);
    });

    const { rateLimitPerSecond, latencyMs } = settings;
    if (rateLimitPerSecond !== null && journal.inLastSecond(api) > rateLimitPerSecond) {
      const body = { title: "Too Many Requests", details: "Too Many Requests", status: 429 };
      send(json(429, body, { "retry-after": "1" }));
      return;
    }
    const trouble = faults.take(call);
    if (trouble.label !== undefined) {
      entry.fault = trouble.label;
    }
    if (latencyMs + trouble.delayMs > 0) {
      await pause(latencyMs + trouble.delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
    if (this.#stopping.signal.aborted) {
      // The connection is about to be destroyed: neither an effect nor an answer.
      return;
    }
    this.#respond(trouble, () => this.#perform(call, endpoint, trouble), send, response);
  }

  #perform(call: Call, endpoint: Route["endpoint"], trouble: Trouble): Answer {
    try {
      const answer = endpoint(call);
      this.#edit("after", trouble);
      return answer;
    } catch (error) {
      return error instanceof Refusal ? error.answer : internalError(error);
    }
  }

  #edit(when: "before" | "after", { edits }: Trouble): void {
    for (const edit of edits.filter((candidate) => candidate.when === when)) {
      applyEdit(this.#simulation, edit);
    }
  }

  #respond(trouble: Trouble, perform: () => Answer, send: (answer: Answer) => void, response: ServerResponse): void {
    try {
      this.#edit("before", trouble);
    } catch (error) {
      send(internalError(error));
      return;
    }
    const { fault } = trouble;
    switch (fault?.kind) {
      case undefined:
        send(perform());
        return;
      case "status":
        send(statusAnswer(fault));
        return;
      case "redirect":
        send({ status: fault.status, headers: { location: fault.location }, body: "" });
        return;
      case "dropBefore":
        response.socket?.destroy();
        return;
      case "hangBefore":
        return;
      case "statusAfter":
        perform();
        send(statusAnswer(fault));
        return;
      case "dropAfter":
        perform();
        response.socket?.destroy();
        return;
      case "hangAfter":
        perform();
        return;
      case "garbleAfter":
        perform();
        this.#garble(fault, response);
        return;
      case "malformed":
      case "headers":
      case "page":
        send(alteredAnswer(perform(), fault));
        return;
    }
  }

  #garble({ layer }: Extract<Fault, { kind: "garbleAfter" }>, { socket }: ServerResponse): void {
    if (socket === null) {
      return;
    }
    const target = layer === "tls" ? this.connections.below(socket) : socket;
    target.write(GARBAGE, () => {
      socket.destroy();
    });
  }
}
