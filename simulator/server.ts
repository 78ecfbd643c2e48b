import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { z } from "zod";

import { ADMIN, AdminRoutes } from "./admin/routes";
import { durationSchema } from "./duration";
import { ExchangeServer } from "./exchange-server";
import { CORE } from "./gateway/core";
import { issueTexts } from "./issues";
import type { JournalEntry } from "./journal";
import { type Seed, SeedError } from "./seed";
import { readDemoSeed } from "./seed-file";
import type { Settings } from "./settings";
import { Simulation } from "./simulation";
import { readCall, writeAnswer } from "./wire";

const HOST = "127.0.0.1";

/** Longer than a client waits between two requests; Node's five seconds would end a connection that it is about to use. */
const KEEP_ALIVE_MS = 72_000;

/** How a simulator is to run; everything is optional. */
export interface SimulatorOptions {
  /** The port to listen on. @default 0: any free one */
  readonly port?: number;
  /** A seed, parsed from YAML or JSON. @default the built-in demo seed */
  readonly seed?: unknown;
  /** A key and a certificate, both PEM, to be served over HTTPS. @default plain HTTP */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** How long a task takes, for example `"5s"`. @default the seed's */
  readonly taskDuration?: string;
  /** Whether `environment` leads through APIO Core; both ways are served in any case. @default false */
  readonly core?: boolean;
  /** Milliseconds before each call is looked at. @default the seed's */
  readonly latencyMs?: number;
  /** Told of each request to the APIs when its connection is done with it. */
  readonly onRequest?: (entry: JournalEntry) => void;
}

/** A running simulator. */
export interface Simulator {
  /** `http://127.0.0.1:<port>` (`https` with `tls`). */
  readonly url: string;
  /** The environment variables that point this project's package at the simulator. */
  readonly environment: Readonly<Record<string, string>>;
  /** Stops listening and destroys every connection, hanging requests included. */
  close(): Promise<void>;
}

function environmentOf(url: string, { livePlatform, gateway }: Seed, core: boolean): Record<string, string> {
  const [client] = livePlatform.clients;
  const [user] = gateway.users;
  return {
    LIVE_PLATFORM_BASE_URL: `${url}/tenantui`,
    LIVE_PLATFORM_AUTH_URL: `${url}/${encodeURIComponent(livePlatform.directoryTenantId)}/oauth2/v2.0/token`,
    LIVE_PLATFORM_CLIENT_ID: client?.id ?? "",
    LIVE_PLATFORM_CLIENT_SECRET: client?.secret ?? "",
    TENANT_GATEWAY_BASE_URL: url,
    TENANT_GATEWAY_USERNAME: user?.username ?? "",
    TENANT_GATEWAY_PASSWORD: user?.password ?? "",
    ...(core ? { TENANT_GATEWAY_API_PATH: `${CORE}/${gateway.proxyName}`, TENANT_GATEWAY_AUTHENTICATION: "core" } : {}),
  };
}

const overridesSchema = z.object({
  taskDuration: durationSchema.optional(),
  latencyMs: z.number().min(0).optional(),
});

function adjustment(options: SimulatorOptions): (settings: Settings) => void {
  const overrides = overridesSchema.safeParse(options);
  if (!overrides.success) {
    throw new SeedError(issueTexts(overrides.error).join("; "));
  }
  const { taskDuration, latencyMs } = overrides.data;
  return (settings) => {
    settings.taskDuration = taskDuration ?? settings.taskDuration;
    settings.latencyMs = latencyMs ?? settings.latencyMs;
  };
}

/** Starts a simulator with this clock (milliseconds since 1970), which tests turn by hand. */
export async function launch(options: SimulatorOptions, now: () => number): Promise<Simulator> {
  const { tls, onRequest } = options;
  const simulation = new Simulation(options.seed ?? readDemoSeed(), adjustment(options), now, (entry) =>
    onRequest?.(entry),
  );
  const exchange = new ExchangeServer(simulation);
  const admin = new AdminRoutes(simulation);
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void (request.url?.startsWith(`${ADMIN}/`) === true
      ? handleAdmin(admin, request, response)
      : exchange.handle(request, response));
  };
  const server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  exchange.connections.watch(server);
  const port = await listen(server, options.port ?? 0);
  const url = `${tls === undefined ? "http" : "https"}://${HOST}:${port}`;
  return {
    url,
    environment: environmentOf(url, simulation.seed, options.core === true),
    close: async () => {
      exchange.stop();
      await close(server);
    },
  };
}

async function handleAdmin(admin: AdminRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    writeAnswer(response, admin.answer(await readCall(request)));
  } catch {
    // The client is gone before its request was complete.
    request.socket.destroy();
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** Stops listening, and destroys every connection. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // An error says that it was closed before.
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
