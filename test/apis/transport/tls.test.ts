import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { selfSigned } from "../../simulator/self-signed";
import { VirtualClock } from "../../support/virtual-clock";
import { apiErrorOf, connect, PATCH, POST, PUT, READ } from "../support/http-apis";
import { serveForTests } from "../support/local-server";
import { temporaryFiles } from "../support/temporary-file";

const EVERY_CALL = [READ, PUT, PATCH, POST];
const ROOT = path.resolve(__dirname, "../../..");

/** What a process of its own gets from each of these addresses: a status, or an error's message. */
const PROBE = `
require("ts-node/register");
const { connect, READ } = require("./test/apis/support/http-apis");
const [caFile, ...urls] = process.argv.slice(1);
(async () => {
  for (const url of urls) {
    const api = connect(url, caFile === "" ? {} : { caFile });
    console.log(await api.send(READ).then(({ status }) => status, ({ message }) => message));
  }
  process.exit();
})();
`;

describe("TLS", () => {
  const own = selfSigned("own");
  const other = selfSigned("other");
  const server = serveForTests(own);
  const otherServer = serveForTests(other);
  const plain = serveForTests();
  const file = temporaryFiles();

  it("takes no certificate that nobody vouches for, and sends nothing", async () => {
    for (const call of EVERY_CALL) {
      const clock = new VirtualClock();
      const error = await apiErrorOf(
        connect(server.url, { clock, baseUrlKey: "tenantGateway:baseUrl", caFileKey: "tenantGateway:caFile" }).send({
          ...call,
          headers: { Authorization: "Bearer t0ken" },
        }),
      );
      assert.match(
        error.message,
        /could not connect securely: self-signed certificate(?:; if the root CA [^.]*\.js with --use-system-ca)?\. The certificate of 127\.0\.0\.1:\d+ is not trusted: set tenantGateway:caFile to a PEM file with its authority\.$/,
      );
      assert.equal(error.trouble, "unreachable");
      assert.equal(error.lost, false);
      assert.deepEqual(clock.pauses, []);
    }
    assert.deepEqual(server.received, []);
  });

  it("takes one that caFile vouches for, for every kind of call", async () => {
    const api = connect(server.url, { caFile: file("ca.pem", own.cert) });
    for (const call of EVERY_CALL) {
      assert.equal((await api.send(call)).status, 200);
    }
    assert.equal(server.received.length, 4);
  });

  it("takes several authorities in one caFile, and no others", async () => {
    const caFile = file("both.pem", `# ours\n${other.cert}\n# theirs\n${own.cert}`);
    for (const { url } of [server, otherServer]) {
      assert.equal((await connect(url, { caFile }).send(READ)).status, 200);
    }
    const error = await apiErrorOf(connect(server.url, { caFile: file("other.pem", other.cert) }).send(READ));
    assert.match(error.message, /self-signed certificate/);
  });

  it("trusts whom this process trusts anyhow beside caFile", async () => {
    const run = promisify(execFile);
    const probe = async (caFile: string): Promise<string[]> => {
      const { stdout } = await run(process.execPath, ["-e", PROBE, caFile, server.url, otherServer.url], {
        cwd: ROOT,
        env: { ...process.env, NODE_EXTRA_CA_CERTS: file("extra.pem", other.cert) },
      });
      return stdout.trim().split("\n");
    };
    const [withCaFile, without] = await Promise.all([probe(file("own.pem", own.cert)), probe("")]);
    assert.deepEqual(withCaFile, ["200", "200"]);
    assert.match(without[0] ?? "", /self-signed certificate/);
    assert.equal(without[1], "200");
  });

  it("is not spoken with a host that does not speak it, and sends nothing there", async () => {
    for (const call of EVERY_CALL) {
      const error = await apiErrorOf(connect(plain.url.replace("http:", "https:")).send(call));
      assert.match(
        error.message,
        /could not connect securely: (?:wrong version number|packet length too long)\. Check livePlatform:baseUrl \(https:/,
      );
      assert.equal(error.lost, false);
    }
    assert.deepEqual(plain.received, []);
  });
});
