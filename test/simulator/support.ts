import http from "node:http";

import type { Simulator } from "../../simulator";

/** A clock that a test turns by hand. */
export class HandClock {
  #now = Date.parse("2026-03-01T12:00:00Z");

  readonly now = (): number => this.#now;

  advance(ms: number): void {
    this.#now += ms;
  }
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawReply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** The text as JSON; throws where it is not. */
  json(): unknown;
}

/** One request, byte for byte, with a body for a GET too; rejects where the connection is dropped. */
export function send(
  simulator: Simulator,
  { method = "GET", path, headers = {}, body }: RawRequest,
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const length: Record<string, string> =
      body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const request = http.request(simulator.url + path, { method, headers: { ...length, ...headers }, agent: false });
    request.once("error", reject);
    request.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: () => JSON.parse(text) as unknown,
        });
      });
    });
    request.end(body);
  });
}

/** A request to an admin route. */
export async function admin(simulator: Simulator, method: string, path: string, body?: unknown): Promise<unknown> {
  const reply = await send(simulator, {
    method,
    path: `/_simulator${path}`,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (reply.status !== 200) {
    throw new Error(`${reply.status}: ${reply.text}`);
  }
  return reply.json();
}

/** The form of a good token request, with changes; `undefined` leaves a field out. */
export function tokenForm(simulator: Simulator, changes: Readonly<Record<string, string | undefined>> = {}): string {
  const fields = {
    grant_type: "client_credentials",
    client_id: simulator.environment["LIVE_PLATFORM_CLIENT_ID"],
    client_secret: simulator.environment["LIVE_PLATFORM_CLIENT_SECRET"],
    scope: "api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default",
    ...changes,
  };
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return new URLSearchParams(given).toString();
}

export function requestToken(simulator: Simulator, body: string): Promise<RawReply> {
  return send(simulator, {
    method: "POST",
    path: new URL(simulator.environment["LIVE_PLATFORM_AUTH_URL"]!).pathname,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
  });
}

/** What a test says to Live Platform with a token of its own. */
export type LivePlatformClient = (method: string, path: string, body?: unknown) => Promise<RawReply>;

/** Bodies go as JSON; a string goes as it is. */
export async function livePlatform(simulator: Simulator): Promise<LivePlatformClient> {
  const { access_token: token } = (await requestToken(simulator, tokenForm(simulator))).json() as {
    access_token: string;
  };
  return (method, path, body) =>
    send(simulator, {
      method,
      path: `/tenantui${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
}

export function logIn(simulator: Simulator, password?: string): Promise<RawReply> {
  return send(simulator, {
    method: "POST",
    path: "/api/v1/login/",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      username: simulator.environment["TENANT_GATEWAY_USERNAME"],
      password: password ?? simulator.environment["TENANT_GATEWAY_PASSWORD"],
    }),
  });
}

/** What a test says to the gateway with a session of its own. */
export type GatewayClient = (method: string, tenant: string, body?: unknown) => Promise<RawReply>;

export async function gateway(simulator: Simulator): Promise<GatewayClient> {
  const cookie = ((await logIn(simulator)).headers["set-cookie"] ?? []).map((text) => text.split(";")[0]).join("; ");
  return (method, tenant, body) =>
    send(simulator, {
      method,
      path: `/api/v1/tenants/${tenant}/licenses/`,
      headers: { cookie, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
}

/** A login to APIO Core; fields may be changed or added. */
export function logInToCore(simulator: Simulator, changes: Readonly<Record<string, unknown>> = {}): Promise<RawReply> {
  return send(simulator, {
    method: "POST",
    path: "/api/v01/auth/login",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      username: simulator.environment["TENANT_GATEWAY_USERNAME"],
      password: simulator.environment["TENANT_GATEWAY_PASSWORD"],
      ...changes,
    }),
  });
}

/** A GET with a Bearer token, or without one. */
export function getWithToken(simulator: Simulator, path: string, token?: string): Promise<RawReply> {
  return send(simulator, { path, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
}

/** Waits for a condition, looking every few milliseconds; mocha's own time-out is the bound. */
export async function until(isMet: () => Promise<boolean>): Promise<void> {
  while (!(await isMet())) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A seed with one customer, and nothing else that a test did not ask for. */
export function customerSeed(customer: Readonly<Record<string, unknown>>, settings: object = {}): unknown {
  return { livePlatform: { customers: [{ guid: GUID, ...customer }], ...settings } };
}

export const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
