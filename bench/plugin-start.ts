import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { pluginMemoryNow } from "./process-watch";

const ROOT = path.resolve(__dirname, "..");

/** How the engine starts each plugin: by its launcher. The dynamic host's is on the PATH, and finds Pulumi's SDK from its folder. */
const LAUNCHERS = {
  native: path.join(ROOT, "dist", "plugin", "pulumi-resource-voice-licenses"),
  dynamic: "pulumi-resource-pulumi-nodejs",
} as const;

/** Nothing listens there: a plugin that has done nothing yet has nothing to say to its engine. */
const ENGINE = "127.0.0.1:9";
const ROUNDS = 11;
const SETTLED_AFTER_MS = 500;

/** One start of a plugin that has no work yet. */
export interface Start {
  readonly side: keyof typeof LAUNCHERS;
  /** From the start of its process to its first answer over gRPC. */
  readonly milliseconds: number;
  /** What it holds half a second later, in MB; 0 where the machine does not tell. */
  readonly memory: number;
}

/** Starts both plugins by turns. */
export async function measureStarts(): Promise<Start[]> {
  const starts: Start[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    starts.push(await startOf("native"), await startOf("dynamic"));
  }
  return starts;
}

async function startOf(side: Start["side"]): Promise<Start> {
  const start = process.hrtime.bigint();
  // A group of its own: a launcher may have the plugin as its child.
  const child = spawn(LAUNCHERS[side], [ENGINE], { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    const client = new ResourceProviderClient(`127.0.0.1:${await portOf(child)}`, credentials.createInsecure());
    await new Promise<void>((resolve, reject) => {
      client.getPluginInfo(new Empty(), (error) => {
        if (error === null) {
          resolve();
        } else {
          reject(error);
        }
      });
    });
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    client.close();
    await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS));
    return { side, milliseconds, memory: pluginMemoryNow(child.pid ?? -1) };
  } finally {
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await ended;
  }
}

/** A plugin's first line of output. */
function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const port = /^(\d+)\n/.exec(text)?.[1];
      if (port !== undefined) {
        resolve(port);
      }
    });
    child.once("error", reject);
    child.once("close", () => {
      reject(new Error(`The plugin ended before it was ready: ${text}`));
    });
  });
}
