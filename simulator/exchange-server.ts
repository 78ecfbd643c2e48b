import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { type Answer, type Api, type Call, html, json, Refusal, type Route } from "./exchange";
import { malformedAnswer, statusAnswer } from "./faults";
import { gatewayRoutes } from "./gateway/endpoints";
import { livePlatformRoutes } from "./live-platform/endpoints";
import { tokenRoutes } from "./live-platform/token-endpoint";
import type { Simulation } from "./simulation";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
const MAX_BODY_BYTES = 1_048_576;

interface Endpoint {
  readonly api: Api;
  readonly endpoint: Route["endpoint"];
}

interface Received {
  readonly contentType: string | undefined;
  readonly body: string;
}

/** Paths that exist in the product but take no call of these pages: a DELETE there removes the whole service. */
const REFUSED_PATHS: readonly { readonly api: Api; readonly url: string }[] = [
  { api: "livePlatform", url: "/tenantui/api/v2/customer/:guid" },
];

async function readBody(request: FastifyRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.raw) {
    if (Buffer.isBuffer(chunk) && (size += chunk.length) <= MAX_BODY_BYTES) {
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks).toString("utf8");
}

function stringParams(params: unknown): Record<string, string> {
  const entries = typeof params === "object" && params !== null ? Object.entries(params) : [];
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function toCall(request: FastifyRequest, received: Received): Call {
  const [path = "", ...query] = request.url.split("?");
  return {
    method: request.method,
    path,
    query: query.join("?"),
    params: stringParams(request.params),
    headers: request.raw.headers,
    ...received,
  };
}

function apiOfUnknownPath(path: string): Api {
  if (path.startsWith("/tenantui/")) {
    return "livePlatform";
  }
  if (path.includes("/oauth2/")) {
    return "token";
  }
  return path.startsWith("/api/") ? "gateway" : "unknown";
}

/** Both APIs and the token endpoint on a server: logging, latency, rate limit and faults around each call. */
export class ExchangeServer {
  readonly #simulation: Simulation;
  readonly #stopping = new AbortController();
  readonly #received = new WeakMap<FastifyRequest, Received>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    // Each call that waits listens to it, and hundreds may wait at a time.
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Ends all pauses, so that nothing keeps the process alive. */
  stop(): void {
    this.#stopping.abort();
  }

  register(app: FastifyInstance): void {
    // Fastify would refuse the content type in quotation marks that the gateway's page prints, and would not read the
    // body of a GET, which that page sends. So the request is read here, and each API judges what it got.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, _payload, done) => {
      done(null);
    });
    app.addHook("onRequest", async (request) => {
      const contentType = request.raw.headers["content-type"];
      this.#received.set(request, { contentType, body: await readBody(request) });
      delete request.raw.headers["content-type"];
    });
    const simulation = this.#simulation;
    const routes = [
      ...tokenRoutes(() => simulation.livePlatform),
      ...livePlatformRoutes(() => simulation.livePlatform, simulation.now),
      ...gatewayRoutes(() => simulation.gateway),
    ];
    for (const { method, url, ...endpoint } of routes) {
      app.route({ method, url, handler: (request, reply) => this.#serve(endpoint, request, reply) });
    }
    for (const { api, url } of [...routes, ...REFUSED_PATHS]) {
      this.#refuseOtherMethods(app, api, url);
    }
    app.setNotFoundHandler((request, reply) => {
      const api = apiOfUnknownPath(request.url);
      return this.#serve({ api, endpoint: () => html(404, "Not Found") }, request, reply);
    });
  }

  #refuseOtherMethods(app: FastifyInstance, api: Api, url: string): void {
    const endpoint = (call: Call): Answer =>
      json(405, {
        title: `${call.method} is not allowed here`,
        details: `${call.method} is not allowed here`,
        status: 405,
      });
    for (const method of METHODS.filter((name) => !app.hasRoute({ method: name, url }))) {
      app.route({ method, url, handler: (request, reply) => this.#serve({ api, endpoint }, request, reply) });
    }
  }

  async #serve({ api, endpoint }: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.hijack();
    const { journal, settings, faults } = this.#simulation;
    const call = toCall(request, this.#received.get(request) ?? { contentType: undefined, body: "" });
    const entry = journal.open(api, call);
    const send = (answer: Answer): void => {
      journal.answered(entry, answer);
      const headers = Object.entries(answer.headers).map(([name, value]): [string, string | string[]] => [
        name,
        typeof value === "string" ? value : [...value],
      ]);
      const length = { "content-length": Buffer.byteLength(answer.body) };
      reply.raw.writeHead(answer.status, { ...Object.fromEntries(headers), ...length });
      reply.raw.end(call.method === "HEAD" ? undefined : answer.body);
    };
    reply.raw.once("close", () => {
      journal.closed(entry);
    });

    const { rateLimitPerSecond, latencyMs } = settings;
    if (rateLimitPerSecond !== null && journal.inLastSecond(api) > rateLimitPerSecond) {
      send(
        json(429, { title: "Too Many Requests", details: "Too Many Requests", status: 429 }, { "retry-after": "1" }),
      );
      return;
    }
    const { delayMs, fault, label } = faults.take(call);
    if (label !== undefined) {
      entry.fault = label;
    }
    if (latencyMs + delayMs > 0) {
      await pause(latencyMs + delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
    if (this.#stopping.signal.aborted) {
      // The connection is about to be destroyed: neither an effect nor an answer.
      return;
    }
    const perform = (): Answer => {
      try {
        return endpoint(call);
      } catch (error) {
        if (error instanceof Refusal) {
          return error.answer;
        }
        // Once hijacked, a reply is ours to give: without this a slip in the simulator would look like a hanging server.
        const reason = error instanceof Error ? error.message : String(error);
        return json(500, { title: `The simulator itself failed: ${reason}`, status: 500 });
      }
    };
    const drop = (): void => {
      request.raw.socket.destroy();
    };
    switch (fault?.kind) {
      case undefined:
      case "delay":
        send(perform());
        return;
      case "status":
        send(statusAnswer(fault));
        return;
      case "redirect":
        send({ status: fault.status, headers: { location: fault.location }, body: "" });
        return;
      case "dropBefore":
        drop();
        return;
      case "hangBefore":
        return;
      case "statusAfter":
        perform();
        send(statusAnswer(fault));
        return;
      case "malformed":
        send(malformedAnswer(perform(), fault.how));
        return;
      case "dropAfter":
        perform();
        drop();
        return;
      case "hangAfter":
        perform();
        return;
    }
  }
}
