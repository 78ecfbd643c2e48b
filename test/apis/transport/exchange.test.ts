import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { exchange } from "../../../provider/systems/transport/exchange";
import { apiErrorOf, connect, PATCH, POST, PUT, READ } from "../support/http-apis";
import { answering, type Script, serveForTests } from "../support/local-server";

const MIB = 1024 * 1024;

/** Answers with 400 MiB, of which 400 kB go over the wire. */
const bomb: Script = (_received, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  const member = gzipSync(Buffer.alloc(MIB, " "));
  response.end(Buffer.concat(Array.from({ length: 400 }, () => member)));
};

describe("exchange", () => {
  const server = serveForTests();

  it("takes a list of 10,000 customers", async () => {
    const customers = Array.from({ length: 10_000 }, (_, index) => ({
      customerGuid: `d5f8b0c2-1111-2222-3333-${String(index).padStart(12, "0")}`,
      remarks: "x".repeat(1500),
    }));
    server.script = answering(200, JSON.stringify(customers));
    assert.deepEqual((await connect(server.url).send(READ)).json, customers);
  });

  it("inflates no more of a compressed answer than its limit, and does not ask for it again", async () => {
    server.script = bomb;
    const before = process.resourceUsage().maxRSS;
    const error = await apiErrorOf(connect(server.url).send(READ));
    assert.match(error.message, /^Could not read thing 7: GET \/thing answered with more than 20 MiB\. Check that /);
    assert.deepEqual([error.trouble, error.lost], ["unreadable", false]);
    assert.equal(server.received.length, 1);
    assert.ok(process.resourceUsage().maxRSS - before < 200 * 1024);
  });

  it("counts a write as lost whose answer is too large", async () => {
    for (const script of [bomb, answering(200, " ".repeat(21 * MIB)), answering(400, " ".repeat(21 * MIB))]) {
      for (const call of [PUT, PATCH, POST]) {
        server.script = script;
        const error = await apiErrorOf(connect(server.url).send(call));
        assert.match(error.message, /answered with more than 20 MiB\. The Live Platform may or may not have done it/);
        assert.equal(error.lost, true);
      }
    }
  });

  it("counts a write as lost whose answer cannot be decompressed", async () => {
    const cut = gzipSync(JSON.stringify(Array.from({ length: 1000 }, (_, index) => index))).subarray(0, 1000);
    cut.fill(0xff, 500);
    for (const body of [Buffer.from("no gzip"), cut]) {
      server.script = (_received, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
        response.end(body);
      };
      for (const call of [PUT, PATCH, POST]) {
        assert.equal((await apiErrorOf(connect(server.url).send(call))).lost, true);
      }
    }
  });

  it("counts a request that has left as dropped, whatever else goes wrong", async () => {
    const { method, path, body } = PATCH;
    const result = await exchange(
      { method, url: server.url + path, headers: {}, body },
      {
        transformResponse: () => {
          throw new RangeError("Cannot create a string\nlonger than 0x1fffffe8 characters");
        },
      },
      5000,
    );
    assert.deepEqual(result, {
      kind: "dropped",
      reason: "Cannot create a string longer than 0x1fffffe8 characters",
    });
  });
});
