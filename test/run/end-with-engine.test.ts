import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { type AddressInfo, createServer, type Socket } from "node:net";
import path from "node:path";

const PROVIDER = path.resolve(__dirname, "../../provider/resource");

/** A plugin that does nothing but wait for the end of its input, looks at its engine every 20 ms, and shows that time goes by. */
const PLUGIN = `
  require("ts-node/register");
  const { engineAt } = require("${PROVIDER}/engine-presence");
  const { endWith } = require("${PROVIDER}/end-with-engine");
  endWith(engineAt(process.argv[1]), 20);
  setInterval(() => process.stdout.write("."), 20).unref();
  process.stdin.resume();
`;

/** Listens where an engine would. */
async function startEngine(): Promise<{ address: string; kill: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    kill: () => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
    },
  };
}

describe("the process of a plugin", function () {
  this.timeout(20_000);

  interface Plugin {
    readonly lasted: Promise<void>;
    readonly ended: Promise<number | null>;
    readonly input: NodeJS.WritableStream;
  }

  /** A plugin, the time until it has looked a few times, and its exit code. */
  function start(address: string): Plugin {
    const child = spawn(process.execPath, ["-e", PLUGIN, address], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    let dots = 0;
    const lasted = new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        dots += chunk.length;
        if (dots > 10) {
          resolve();
        }
      });
    });
    return { ended, lasted: Promise.race([lasted, ended.then(() => assert.fail("it has ended"))]), input: child.stdin };
  }

  it("ends once the engine that started it is gone, and not before", async () => {
    const engine = await startEngine();
    const plugin = start(engine.address);
    await plugin.lasted;
    await engine.kill();
    assert.equal(await plugin.ended, 1);
  });

  it("does not end where there never was an engine: a harness is no reason", async () => {
    const engine = await startEngine();
    await engine.kill();
    const plugin = start(engine.address);
    await plugin.lasted;
    plugin.input.end();
    assert.equal(await plugin.ended, 0);
  });

  it("is not kept alive by its looks", async () => {
    const engine = await startEngine();
    const plugin = start(engine.address);
    await plugin.lasted;
    plugin.input.end();
    assert.equal(await plugin.ended, 0);
    await engine.kill();
  });
});
