import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";

/** A request as a local server received it. */
interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What a local server does with a request; `number` counts from 1. */
export type Script = (received: Received, response: http.ServerResponse, number: number) => void;

/** A server for the tests of one `describe`. */
export interface LocalServer {
  readonly url: string;
  readonly port: number;
  /** What came since the test began. */
  readonly received: Received[];
  /** What it does from now on, until the test ends; at first it answers `{}`. */
  script: Script;
  /** The server itself, for what a script cannot do. */
  readonly server: http.Server;
}

const answerNothing: Script = (_received, response) => {
  response.setHeader("content-type", "application/json");
  response.end("{}");
};

/** Starts a server on loopback before the tests of the `describe` in which it is called, and closes it after the last. */
export function serveForTests(tls?: { readonly key: string; readonly cert: string }): LocalServer {
  const listener: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      const received: Received = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      live.received.push(received);
      live.script(received, response, live.received.length);
    });
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  const live: LocalServer = {
    get url() {
      return `${tls === undefined ? "http" : "https"}://127.0.0.1:${this.port}`;
    },
    get port() {
      return (server.address() as AddressInfo).port;
    },
    received: [],
    script: answerNothing,
    server,
  };
  before((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  beforeEach(() => {
    live.received.length = 0;
    live.script = answerNothing;
  });
  after((done) => {
    server.close(() => {
      done();
    });
    server.closeAllConnections();
  });
  return live;
}

/** A script that answers so. */
export function answering(status: number, body: string, headers: http.OutgoingHttpHeaders = {}): Script {
  return (_received, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  };
}

/** A script that does one thing after the other; the last for ever. */
export function inTurn(...scripts: readonly Script[]): Script {
  return (received, response, number) => {
    scripts[Math.min(number, scripts.length) - 1]?.(received, response, number);
  };
}

/** A script that breaks the connection. */
export const dropping: Script = (_received, response) => {
  response.destroy();
};

/** A script that never answers. */
export const hanging: Script = () => undefined;
