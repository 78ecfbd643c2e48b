import assert from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import dns from "node:dns";
import { once } from "node:events";
import { ClientRequest } from "node:http";
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { ApiError } from "../../../provider/systems/transport/api-error";
import type { HttpApi } from "../../../provider/systems/transport/http-api";
import { selfSigned } from "../../simulator/self-signed";
import { apiErrorOf, connect, PATCH, POST, PUT, READ } from "../support/http-apis";
import { answering, type Script, serveForTests } from "../support/local-server";
import { temporaryFiles } from "../support/temporary-file";

const ok = answering(200, "{}");

/** What becomes of a connection, or of the request on it. */
const FATES = {
  "ended before the handshake": { mayBeDone: false },
  "ended after the first message of the handshake": { mayBeDone: false },
  "ended in the middle of the handshake": { mayBeDone: false },
  "answered 429": { mayBeDone: false },
  "answered 503 with Retry-After": { mayBeDone: false },
  "done, then cut off": { mayBeDone: true },
  "done, then garbage within TLS": { mayBeDone: true },
  "done, then EHOSTUNREACH": { mayBeDone: true },
  "done, then ENETUNREACH": { mayBeDone: true },
  "done, then ENETDOWN": { mayBeDone: true },
  "done, then ENOTFOUND": { mayBeDone: true },
  "done, then ECONNREFUSED": { mayBeDone: true },
  "done, then answered 502": { mayBeDone: true },
  "done, then answered 524": { mayBeDone: true },
} as const;
type Fate = keyof typeof FATES;
const ALL_FATES = Object.keys(FATES).filter((name): name is Fate => name in FATES);
const BEFORE_REQUEST: readonly Fate[] = ALL_FATES.slice(0, 3);

describe("a request over TLS", () => {
  const certificate = selfSigned();
  const server = serveForTests(certificate);
  const file = temporaryFiles();
  let fates: Fate[] = [];
  let done = 0;
  let latest: ClientRequest | undefined;
  const clients = new Set<Socket>();

  const remember = (message: unknown): void => {
    if (typeof message === "object" && message !== null && "request" in message) {
      latest = message.request instanceof ClientRequest ? message.request : latest;
    }
  };

  /** Stands before the server, so that it can end or garble what passes. */
  const front = createServer((client) => {
    clients.add(client);
    client.on("error", () => undefined);
    const fate = fates[0];
    if (fate === "ended before the handshake") {
      fates.shift();
      client.destroy();
      return;
    }
    if (fate === "ended after the first message of the handshake") {
      fates.shift();
      client.once("data", () => client.destroy());
      return;
    }
    const onwards = connectSocket(server.port, "127.0.0.1");
    onwards.on("error", () => undefined);
    onwards.once("close", () => client.destroy());
    client.once("close", () => onwards.destroy());
    client.pipe(onwards);
    if (fate === "ended in the middle of the handshake") {
      fates.shift();
      onwards.once("data", (bytes: Buffer) => client.end(bytes.subarray(0, 40)));
      return;
    }
    onwards.on("data", (bytes: Buffer) => client.write(bytes));
  });

  /** What the server does with a request that reached it. */
  const treat: Script = (received, response, number) => {
    // A kept connection needs no handshake.
    while (fates[0] !== undefined && BEFORE_REQUEST.includes(fates[0])) {
      fates.shift();
    }
    const fate = fates.shift();
    if (fate === "answered 429" || fate === "answered 503 with Retry-After") {
      answering(Number(fate.slice(9, 12)), "{}", { "retry-after": "1" })(received, response, number);
      return;
    }
    done += 1;
    if (fate === undefined) {
      ok(received, response, number);
    } else if (fate.includes("answered")) {
      answering(Number(fate.slice(-3)), "{}")(received, response, number);
    } else if (fate.includes("garbage")) {
      clients.forEach((client) => client.write("this is no TLS record, and nobody has the key to it"));
    } else if (fate.includes("cut off")) {
      response.destroy();
    } else {
      const code = fate.slice("done, then ".length);
      latest?.socket?.destroy(Object.assign(new Error(`read ${code}`), { code }));
    }
  };

  let api: HttpApi;

  /** Closes the connection that the latest call has left open. */
  async function leaveNoConnection(): Promise<void> {
    const kept = latest?.socket;
    if (kept !== undefined && kept !== null && !kept.closed) {
      kept.destroy();
      await once(kept, "close");
    }
  }

  function meets(...next: readonly Fate[]): void {
    fates = [...next];
    done = 0;
    clients.clear();
    server.received.length = 0;
    server.script = treat;
  }

  before(async () => {
    diagnostics.subscribe("http.client.request.start", remember);
    front.listen(0, "127.0.0.1");
    await once(front, "listening");
    const { port } = front.address() as AddressInfo;
    api = connect(`https://127.0.0.1:${port}`, { caFile: file("ca.pem", certificate.cert) });
  });
  after(async () => {
    diagnostics.unsubscribe("http.client.request.start", remember);
    clients.forEach((client) => client.destroy());
    front.close();
    await once(front, "close");
  });

  for (const call of [READ, PUT, PATCH, POST]) {
    for (const fate of BEFORE_REQUEST) {
      it(`whose connection is ${fate} was never sent, and is sent again: ${call.method}`, async () => {
        await leaveNoConnection();
        meets(fate, fate);
        assert.equal((await api.send(call)).status, 200);
        assert.deepEqual([done, fates], [1, []]);
      });
    }
  }

  it("whose connection never stands is told as never sent after the last attempt", async () => {
    const refused = connect(frontUrl(), { maxRetries: 1, caFile: file("ca.pem", certificate.cert) });
    meets("ended before the handshake", "ended in the middle of the handshake");
    const error = await apiErrorOf(refused.send(POST));
    assert.match(error.message, /POST \/thing could not connect \(ECONNRESET\) after 2 attempts\. /);
    assert.deepEqual([error.lost, done], [false, 0]);
  });

  function frontUrl(): string {
    return `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
  }

  for (const call of [PATCH, POST]) {
    for (const fate of ALL_FATES.filter((name) => FATES[name].mayBeDone)) {
      it(`that is ${fate} is lost, and not sent again: ${call.method}`, async () => {
        meets(fate);
        assert.equal((await apiErrorOf(api.send(call))).lost, true);
        assert.equal(done, 1);
      });
    }
  }

  for (const code of ["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"] as const) {
    it(`on a kept connection that ends with ${code} is lost`, async () => {
      meets();
      await api.send(READ);
      const { length } = [...clients];
      fates = [`done, then ${code}`];
      assert.equal((await apiErrorOf(api.send(PATCH))).lost, true);
      assert.deepEqual([done, clients.size], [2, length]);
    });
  }

  it("that must not arrive twice is done at most once, and lost if it may have been, whatever happens in turn", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(PATCH, POST),
        fc.array(fc.constantFrom(...ALL_FATES), { maxLength: 5 }),
        async (call, next) => {
          meets(...next);
          const error = await api.send(call).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          assert.ok(done <= 1, `done ${done} times`);
          if (error === undefined) {
            assert.equal(done, 1);
          } else {
            assert.ok(error instanceof ApiError);
            assert.equal(error.lost, done === 1);
          }
        },
      ),
      { numRuns: 25, seed: 20261126 },
    );
  });
});

/** Listens on `address` and takes no connection for `ms`: the queue of the machine fills up, and who comes then has to knock again. */
const BUSY_LISTENER = `
const { parentPort, workerData } = require("node:worker_threads");
const server = require("node:net").createServer((socket) => {
  socket.on("error", () => undefined);
  socket.once("data", () => socket.end("HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: 2\\r\\n\\r\\n{}"));
});
server.listen({ host: workerData.address, port: workerData.port, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  parentPort.once("message", () => {
    parentPort.postMessage("busy");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, workerData.ms);
  });
});
`;

describe("a host with several addresses", () => {
  const { lookup } = dns;
  const workers: Worker[] = [];
  const sockets: Socket[] = [];

  async function listen(address: string, port: number, ms: number): Promise<number> {
    const worker = new Worker(BUSY_LISTENER, { eval: true, workerData: { address, port, ms } });
    workers.push(worker);
    const [listening] = (await once(worker, "message")) as [number];
    worker.postMessage("block");
    await once(worker, "message");
    // A queue of one holds two.
    for (let place = 1; place <= 3; place += 1) {
      const socket = connectSocket(listening, address);
      socket.on("error", () => undefined);
      sockets.push(socket);
      if (place <= 2) {
        await once(socket, "connect");
      }
    }
    return listening;
  }

  afterEach(async () => {
    Reflect.set(dns, "lookup", lookup);
    sockets.splice(0).forEach((socket) => socket.destroy());
    await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
  });

  it("is reached at one that takes a second to connect, beside one that never does", async () => {
    const port = await listen("127.0.0.1", 0, 600);
    await listen("127.0.0.2", port, 60_000);
    const addresses = [
      { address: "127.0.0.2", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ];
    Reflect.set(dns, "lookup", (_name: string, _options: unknown, found: (...result: unknown[]) => void) => {
      found(null, addresses);
    });
    const api = connect(`http://far.invalid:${port}`, { requestTimeoutMs: 4000, maxRetries: 0 });
    assert.equal((await api.send(POST)).status, 200);
  });

  it("that takes no connection in time has been sent nothing", async () => {
    const port = await listen("127.0.0.1", 0, 60_000);
    const api = connect(`http://127.0.0.1:${port}`, { requestTimeoutMs: 100, maxRetries: 1 });
    const error = await apiErrorOf(api.send(POST));
    assert.match(error.message, /could not connect \(ETIMEDOUT\) after 2 attempts\. /);
    assert.equal(error.lost, false);
  });
});
