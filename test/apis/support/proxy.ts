import { once } from "node:events";
import * as http from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** What a proxy saw of a request: for CONNECT no more than where it goes. */
interface Passed {
  readonly method: string;
  /** `host:port` of a CONNECT, the whole address of any other. */
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** A proxy for the tests of one `describe`. */
export interface Proxy {
  readonly port: number;
  readonly passed: Passed[];
  /** All that went through it in clear text, in either direction. */
  readonly seen: () => string;
  /** Where it really connects to, whatever it is asked for; where it is asked for, if this is not set. */
  leadsTo: number | undefined;
  /** The status with which it refuses; 0 where it does not. */
  refuses: number;
  /** The page that it shows where it refuses. */
  page: string;
  /** Whether it takes connections and never answers. */
  hangs: boolean;
  /** Resolves when each connection that it never answered is closed. */
  readonly left: () => Promise<void>;
}

const VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

/** Sets the proxy variables of this process for one test: those that are not given are not set. */
export function setProxyVariables(variables: Readonly<Record<string, string>>): void {
  for (const name of VARIABLES) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an empty variable is not the same as none
    delete process.env[name];
  }
  Object.assign(process.env, variables);
}

/** Brings the proxy variables of this process back after each test of the `describe` in which it is called. */
export function restoreProxyVariables(): void {
  let found: Record<string, string> = {};
  before(() => {
    found = Object.fromEntries(
      VARIABLES.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
  });
  afterEach(() => {
    setProxyVariables(found);
  });
}

/** Starts a real proxy on loopback before the tests of the `describe` in which it is called, and closes it after the last. */
export function proxyForTests(): Proxy {
  const sockets = new Set<Socket>();
  const hung: Socket[] = [];
  let bytes: Buffer[] = [];
  const server = http.createServer((request, response) => {
    const target = request.url ?? "";
    proxy.passed.push({ method: request.method ?? "", target, headers: request.headers });
    if (proxy.refuses !== 0) {
      response.writeHead(proxy.refuses, { "content-type": "text/html" }).end(proxy.page);
      return;
    }
    const { hostname, port, pathname } = new URL(target);
    const headers = { ...request.headers };
    delete headers["proxy-authorization"];
    const onwards = http.request({
      hostname,
      port: proxy.leadsTo ?? port,
      path: pathname,
      method: request.method,
      headers,
    });
    onwards.once("response", (reply) => {
      response.writeHead(reply.statusCode ?? 0, reply.headers);
      reply.pipe(response);
    });
    request.pipe(onwards);
  });
  server.on("connect", (request: http.IncomingMessage, client: Socket, head: Buffer) => {
    proxy.passed.push({ method: "CONNECT", target: request.url ?? "", headers: request.headers });
    client.on("data", (chunk: Buffer) => bytes.push(chunk));
    client.on("error", () => undefined);
    if (proxy.hangs) {
      hung.push(client);
      client.once("end", () => client.destroy());
      return;
    }
    if (proxy.refuses !== 0) {
      const head = `HTTP/1.1 ${proxy.refuses} No\r\nContent-Length: ${proxy.page.length}\r\nProxy-Authenticate: Basic\r\n\r\n`;
      client.end(head + proxy.page);
      return;
    }
    const [host, port] = (request.url ?? "").split(":");
    const onwards = connect(
      proxy.leadsTo ?? Number(port),
      proxy.leadsTo === undefined ? (host ?? "") : "127.0.0.1",
      () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        onwards.write(head);
        onwards.pipe(client);
        client.pipe(onwards);
      },
    );
    onwards.on("data", (chunk: Buffer) => bytes.push(chunk));
    onwards.on("error", () => client.destroy());
    sockets.add(onwards);
  });
  server.on("connection", (socket) => sockets.add(socket));
  const proxy: Proxy = {
    get port() {
      return (server.address() as AddressInfo).port;
    },
    passed: [],
    seen: () => Buffer.concat(bytes).toString("latin1"),
    leadsTo: undefined,
    refuses: 0,
    page: "",
    hangs: false,
    left: async () => {
      const open = hung.filter((socket) => !socket.destroyed);
      await Promise.all(open.map((socket) => once(socket, "close")));
    },
  };
  before((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  beforeEach(() => {
    proxy.passed.length = 0;
    proxy.leadsTo = undefined;
    proxy.refuses = 0;
    proxy.page = "";
    proxy.hangs = false;
    bytes = [];
  });
  after((done) => {
    sockets.forEach((socket) => socket.destroy());
    server.close(() => {
      done();
    });
  });
  return proxy;
}
