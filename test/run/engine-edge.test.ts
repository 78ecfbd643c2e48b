import assert from "node:assert/strict";
import * as http2 from "node:http2";
import { createServer, Socket, type AddressInfo } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { cancellationSignal } from "../../provider/hosts/dynamic/cancellation";
import { engineAddress } from "../../provider/resource/engine-address";
import { engineLogAt } from "../../provider/resource/engine-log";
import { engineAt } from "../../provider/resource/engine-presence";
import { UNKNOWN_VALUE } from "../../provider/resource/unknowns";
import { FakeEngine } from "../support/plugin-host";

/** A port that accepts connections until it is stopped. */
async function listening(): Promise<{ port: number; connected: Promise<unknown>; stop: () => Promise<unknown> }> {
  const server = createServer();
  const connected = new Promise((resolve) => server.once("connection", resolve));
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
  return { port, connected, stop: () => new Promise((resolve) => server.close(resolve)) };
}

describe("the edge to the engine", () => {
  it("takes the host's first argument for the engine's address, if it is one", () => {
    assert.equal(engineAddress(["node", "host", "127.0.0.1:4711"]), "127.0.0.1:4711");
    assert.equal(engineAddress(["node", "host", "[::1]:4711"]), "[::1]:4711");
    assert.equal(engineAddress(["node", "mocha", "test/**/*.test.ts"]), undefined);
    assert.equal(engineAddress(["node", "host"]), undefined);
  });

  it("knows the value by which Pulumi marks what is not known", () => {
    assert.equal(UNKNOWN_VALUE, Reflect.get(pulumi.runtime, "unknownValue"));
  });

  it("logs lines of each kind to the engine, and to nobody where there is none", async () => {
    const engine = await FakeEngine.start();
    try {
      const log = engineLogAt(engine.address);
      log.log("progress", "on its way", "urn:x");
      log.log("warning", "careful", undefined);
      while (engine.lines.length < 2) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const byMessage = new Map(engine.lines.map((line) => [line.message, line]));
      assert.deepEqual(byMessage.get("on its way"), {
        message: "on its way",
        urn: "urn:x",
        ephemeral: true,
        severity: 1,
      });
      assert.deepEqual(byMessage.get("careful"), { message: "careful", urn: "", ephemeral: false, severity: 2 });
    } finally {
      engine.stop();
    }
    engineLogAt(undefined).log("info", "nobody hears", undefined);
  });

  it("shows lines in the order in which they were logged, however long the engine takes over one", async () => {
    const engine = await FakeEngine.start((message) =>
      message === "PUT Hunt Group 3 → 0" ? new Promise((resolve) => setTimeout(resolve, 50)) : Promise.resolve(),
    );
    try {
      const log = engineLogAt(engine.address);
      log.log("progress", "PUT Hunt Group 3 → 0", "urn:x");
      log.log("info", "PUT Hunt Group 3 → 0: done", "urn:x");
      await engine.line("PUT Hunt Group 3 → 0");
      await engine.line("PUT Hunt Group 3 → 0: done");
      assert.deepEqual(
        engine.lines.map(({ message }) => message),
        ["PUT Hunt Group 3 → 0", "PUT Hunt Group 3 → 0: done"],
      );
    } finally {
      engine.stop();
    }
  });

  it("says when the engine has all lines, and does not wait for one that is gone", async () => {
    const engine = await FakeEngine.start(() => new Promise((resolve) => setTimeout(resolve, 20)));
    const log = engineLogAt(engine.address);
    log.log("progress", "PUT Hunt Group 3 → 0", "urn:x");
    log.log("info", "left as it is", "urn:y");
    await log.shown();
    assert.equal(engine.lines.length, 2);
    engine.stop();
    log.log("info", "nobody hears", "urn:x");
    await log.shown();
  });

  it("takes an address that never answered for a harness, and one that stopped answering for a dead engine", async () => {
    const { port, stop } = await listening();
    const presence = engineAt(`127.0.0.1:${port}`);
    await presence.assertThere();
    await stop();
    await assert.rejects(presence.assertThere(), /engine that asked for this is gone: nothing more is written/);
    await engineAt(`127.0.0.1:${port}`).assertThere();
    await engineAt(undefined).assertThere();
  });

  it("knows an engine that is killed before the first write", async () => {
    const { port, stop, connected } = await listening();
    const presence = engineAt(`127.0.0.1:${port}`);
    await connected;
    await stop();
    await assert.rejects(presence.assertThere(), /engine that asked for this is gone/);
  });

  it("does not take an error of this machine for an engine that is gone", async () => {
    const answers = ["open", "unknown", "refused"] as const;
    let knocks = 0;
    const presence = engineAt("127.0.0.1:1", () => Promise.resolve(answers[knocks++] ?? "open"));
    await presence.assertThere();
    await assert.rejects(presence.assertThere(), /is gone/);

    const exhausted = engineAt("127.0.0.1:1", () => Promise.resolve("unknown"));
    await exhausted.assertThere();
    const { port, stop } = await listening();
    const here = engineAt(`127.0.0.1:${port}`);
    await here.assertThere();
    const original = Socket.prototype.connect;
    Socket.prototype.connect = function (this: Socket): Socket {
      process.nextTick(() => this.emit("error", Object.assign(new Error("too many open files"), { code: "EMFILE" })));
      return this;
    };
    try {
      await here.assertThere();
    } finally {
      Socket.prototype.connect = original;
      await stop();
    }
  });

  it("lets hundreds of requests listen to one signal, without a warning of Node's to the user", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on("warning", onWarning);
    try {
      const signal = cancellationSignal();
      for (let n = 0; n < 200; n += 1) {
        signal.addEventListener("abort", () => undefined);
      }
      await new Promise(setImmediate);
      assert.deepEqual(warnings, []);
    } finally {
      process.off("warning", onWarning);
    }
  });

  it("overhears the engine's Cancel on the host's own server", async () => {
    const server = http2.createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const signal = cancellationSignal();
    const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      const call = (path: string): void => {
        session
          .request({ ":path": path, ":method": "POST" })
          .on("error", () => undefined)
          .end();
      };
      call("/pulumirpc.ResourceProvider/Check");
      const aborted = new Promise((resolve) => {
        signal.addEventListener("abort", resolve);
      });
      assert.equal(signal.aborted, false);
      call("/pulumirpc.ResourceProvider/Cancel");
      await aborted;
      assert.match(String(signal.reason), /The run was cancelled/);
    } finally {
      session.destroy();
      server.close();
    }
  });
});
