import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

const ROOT = path.resolve(__dirname, "../..");
const HOST = path.join(ROOT, "node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js");

export type Properties = Record<string, unknown>;

/** The loader texts, as they lie in users' state. */
export const LOADERS = {
  customer: 'exports.handler=()=>require("pulumi-voice-licenses/dynamic").customerServiceLicense()',
  tenant: 'exports.handler=()=>require("pulumi-voice-licenses/dynamic").tenantServiceLicenses()',
} as const;

/** A line that the plugin sent to the engine's log. */
export interface LoggedLine {
  readonly message: string;
  readonly urn: string;
  readonly ephemeral: boolean;
  readonly severity: number;
}

/** An engine of which only the log is real. */
export class FakeEngine {
  private constructor(
    private readonly server: grpc.Server,
    public readonly address: string,
    public readonly lines: LoggedLine[],
  ) {}

  /** @param taken How long the engine takes over a line: it handles those that come at the same time side by side. */
  public static async start(taken?: (message: string) => Promise<void>): Promise<FakeEngine> {
    // A plugin ends with its process; one that ran in this process leaves its connection behind.
    const server = new grpc.Server({ "grpc.max_connection_idle_ms": 1000 });
    const lines: LoggedLine[] = [];
    const log: grpc.handleUnaryCall<LogRequest, Empty> = (call, callback) => {
      const { message, urn, ephemeral, severity } = call.request.toObject();
      const show = (): void => {
        lines.push({ message, urn, ephemeral, severity });
        callback(null, new Empty());
      };
      if (taken === undefined) {
        show();
      } else {
        void taken(message).then(show);
      }
    };
    const { log: definition } = EngineService;
    server.addService({ log: definition }, { log });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) {
          resolve(bound);
        } else {
          reject(error);
        }
      });
    });
    return new FakeEngine(server, `127.0.0.1:${port}`, lines);
  }

  /** The line with this text, once it has come: a plugin does not wait for the log. */
  public async line(text: string | RegExp): Promise<LoggedLine> {
    const matches = ({ message }: LoggedLine): boolean =>
      typeof text === "string" ? message === text : text.test(message);
    for (const end = Date.now() + 5000; Date.now() < end;) {
      const found = this.lines.find(matches);
      if (found !== undefined) {
        return found;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`No such line: ${String(text)}. Lines: ${this.lines.map(({ message }) => message).join(" | ")}`);
  }

  public stop(): void {
    this.server.forceShutdown();
  }
}

/** A failure after which there is state all the same. */
export interface PartialState {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: readonly string[];
}

/** A gRPC error of the plugin. */
export class PluginError extends Error {
  public constructor(
    message: string,
    public readonly partial: PartialState | undefined,
  ) {
    super(message);
  }
}

/** The real dynamic-provider host in a process of its own, driven over gRPC as the engine does. */
export class PluginHost {
  private constructor(
    public readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
    private readonly folder: string,
    public readonly output: () => string,
  ) {}

  public static async start(environment: NodeJS.ProcessEnv, engineAddress: string): Promise<PluginHost> {
    const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-host-"));
    mkdirSync(path.join(folder, "node_modules"));
    symlinkSync(ROOT, path.join(folder, "node_modules", "pulumi-voice-licenses"));
    const child = spawn(process.execPath, [HOST, engineAddress], {
      cwd: folder,
      env: { ...process.env, ...environment, NO_PROXY: "127.0.0.1,localhost" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    const port = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
        output += chunk.toString("utf8");
        const found = /^(\d+)\n/.exec(text)?.[1];
        if (found !== undefined) {
          resolve(found);
        }
      });
      child.once("exit", () => {
        reject(new Error(`The host ended: ${output}`));
      });
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const host = new PluginHost(child, client, folder, () => output);
    await host.configure({});
    return host;
  }

  public async configure(configuration: Properties): Promise<void> {
    const request = new provider.ConfigureRequest();
    request.setArgs(toStruct(configuration));
    await this.call((callback) => this.client.configure(request, callback));
  }

  public async check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }> {
    const request = new provider.CheckRequest();
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const answer = await this.call<provider.CheckResponse>((callback) => this.client.check(request, callback));
    return {
      inputs: fromStruct(answer.getInputs()),
      failures: answer.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  public async diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }> {
    const request = new provider.DiffRequest();
    request.setId(id);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const answer = await this.call<provider.DiffResponse>((callback) => this.client.diff(request, callback));
    return {
      changes: answer.getChanges() === provider.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: answer.getReplacesList(),
    };
  }

  public async create(inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const request = new provider.CreateRequest();
    request.setProperties(toStruct(inputs));
    const answer = await this.call<provider.CreateResponse>((callback) => this.client.create(request, callback));
    return { id: answer.getId(), outputs: fromStruct(answer.getProperties()) };
  }

  public async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new provider.UpdateRequest();
    request.setId(id);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const answer = await this.call<provider.UpdateResponse>((callback) => this.client.update(request, callback));
    return fromStruct(answer.getProperties());
  }

  public async read(
    id: string,
    properties: Properties,
  ): Promise<{ id: string; inputs: Properties; outputs: Properties }> {
    const request = new provider.ReadRequest();
    request.setId(id);
    request.setProperties(toStruct(properties));
    const answer = await this.call<provider.ReadResponse>((callback) => this.client.read(request, callback));
    return { id: answer.getId(), inputs: fromStruct(answer.getInputs()), outputs: fromStruct(answer.getProperties()) };
  }

  public async delete(id: string, properties: Properties): Promise<void> {
    const request = new provider.DeleteRequest();
    request.setId(id);
    request.setProperties(toStruct(properties));
    await this.call((callback) => this.client.delete(request, callback));
  }

  public async cancel(): Promise<void> {
    await this.call((callback) => this.client.cancel(new Empty(), callback));
  }

  public async stop(): Promise<void> {
    this.client.close();
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill("SIGKILL");
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private call<T>(start: (callback: (error: grpc.ServiceError | null, answer: T) => void) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      start((error, answer) => {
        if (error === null) {
          resolve(answer);
        } else {
          reject(new PluginError(error.details, partialOf(error)));
        }
      });
    });
  }
}

function partialOf(error: grpc.ServiceError): PartialState | undefined {
  const [details] = error.metadata.get("grpc-status-details-bin");
  if (!(details instanceof Buffer)) {
    return undefined;
  }
  const [any] = Status.deserializeBinary(details).getDetailsList();
  assert.ok(any !== undefined);
  const failed = provider.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
  return { id: failed.getId(), properties: fromStruct(failed.getProperties()), reasons: failed.getReasonsList() };
}

function toStruct(value: Properties): Struct {
  return Struct.fromJavaScript(value as Record<string, JavaScriptValue>);
}

function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}
