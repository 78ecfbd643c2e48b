import assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { serveNative } from "../../provider/hosts/native/server";
import type { NativeHost } from "../../provider/hosts/native/service";
import { fromStruct, toStruct } from "../../provider/hosts/native/values";
import { createPlugin } from "../../provider/plugin";
import { type Clock, systemClock } from "../../provider/time/clock";
import { PluginError, type Properties } from "./plugin-host";

/** The URN of the provider that a program gets without asking, and of one that it declares. */
export const DEFAULT_PROVIDER = "urn:pulumi:test::p::pulumi:providers:voice-licenses::default_0_1_0";
export const EXPLICIT_PROVIDER = "urn:pulumi:test::p::pulumi:providers:voice-licenses::west";

/** The URN of a resource. */
export function urnOf(type: "CustomerServiceLicense" | "TenantServiceLicenses", name: string): string {
  return `urn:pulumi:test::p::voice-licenses:index:${type}::${name}`;
}

/** The paths at which a resource differs, with the kind of change. */
export interface Diff {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly paths: Record<string, string>;
}

/** The native plugin in this process, driven over gRPC as the engine does. */
export class NativePlugin {
  private constructor(
    private readonly client: ResourceProviderClient,
    private readonly stopServer: () => void,
  ) {}

  /** Starts a plugin that is not configured yet. */
  public static async start(
    environment: Readonly<Record<string, string>>,
    engineAddress: string | undefined,
    clock: Clock = systemClock,
  ): Promise<NativePlugin> {
    return NativePlugin.serve(createPlugin({ engine: engineAddress, environment, clock, version: "0.1.0" }));
  }

  /** Serves a plugin that is not configured yet. */
  public static async serve(host: NativeHost): Promise<NativePlugin> {
    const { port, stop } = await serveNative(host);
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    return new NativePlugin(client, stop);
  }

  public stop(): void {
    this.client.close();
    this.stopServer();
  }

  public handshake(): Promise<provider.ProviderHandshakeResponse> {
    const request = new provider.ProviderHandshakeRequest().setConfigureWithUrn(true);
    return this.call((callback) => this.client.handshake(request, callback));
  }

  public async schema(): Promise<Properties> {
    const request = new provider.GetSchemaRequest();
    const answer = await this.call<provider.GetSchemaResponse>((callback) => this.client.getSchema(request, callback));
    return JSON.parse(answer.getSchema()) as Properties;
  }

  public async version(): Promise<string> {
    return (await this.call<PluginInfo>((callback) => this.client.getPluginInfo(new Empty(), callback))).getVersion();
  }

  public async checkConfig(
    urn: string,
    news: Properties,
  ): Promise<{ inputs: Properties; raw: unknown; reasons: string[] }> {
    const request = new provider.CheckRequest().setUrn(urn).setNews(toStruct(news));
    const answer = await this.call<provider.CheckResponse>((callback) => this.client.checkConfig(request, callback));
    return {
      inputs: fromStruct(answer.getInputs()),
      raw: answer.getInputs()?.toJavaScript(),
      reasons: answer.getFailuresList().map((failure) => failure.getReason()),
    };
  }

  public async diffConfig(urn: string, olds: Properties, news: Properties): Promise<Diff> {
    const request = new provider.DiffRequest().setUrn(urn).setOldInputs(toStruct(olds)).setNews(toStruct(news));
    return toDiff(await this.call<provider.DiffResponse>((callback) => this.client.diffConfig(request, callback)));
  }

  public configure(urn: string, args: Properties): Promise<provider.ConfigureResponse> {
    const request = new provider.ConfigureRequest().setUrn(urn).setArgs(toStruct(args)).setAcceptsecrets(true);
    return this.call((callback) => this.client.configure(request, callback));
  }

  public async check(
    urn: string,
    news: Properties,
    olds: Properties = {},
  ): Promise<{ inputs: Properties; raw: Properties; failures: { property: string; reason: string }[] }> {
    const request = new provider.CheckRequest().setUrn(urn).setOlds(toStruct(olds)).setNews(toStruct(news));
    const answer = await this.call<provider.CheckResponse>((callback) => this.client.check(request, callback));
    return {
      inputs: fromStruct(answer.getInputs()),
      raw: answer.getInputs()?.toJavaScript() ?? {},
      failures: answer.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  public async diff(urn: string, outputs: Properties, oldInputs: Properties, news: Properties): Promise<Diff> {
    const request = new provider.DiffRequest()
      .setUrn(urn)
      .setOlds(toStruct(outputs))
      .setOldInputs(toStruct(oldInputs))
      .setNews(toStruct(news));
    return toDiff(await this.call<provider.DiffResponse>((callback) => this.client.diff(request, callback)));
  }

  public async create(
    urn: string,
    inputs: Properties,
    { preview = false, timeout = 0 }: { preview?: boolean; timeout?: number } = {},
  ): Promise<{ id: string; outputs: Properties; raw: Properties }> {
    const request = new provider.CreateRequest()
      .setUrn(urn)
      .setProperties(toStruct(inputs))
      .setPreview(preview)
      .setTimeout(timeout);
    const answer = await this.call<provider.CreateResponse>((callback) => this.client.create(request, callback));
    return {
      id: answer.getId(),
      outputs: fromStruct(answer.getProperties()),
      raw: answer.getProperties()?.toJavaScript() ?? {},
    };
  }

  public async update(
    urn: string,
    id: string,
    olds: Properties,
    news: Properties,
    { preview = false, timeout = 0 }: { preview?: boolean; timeout?: number } = {},
  ): Promise<Properties> {
    const request = new provider.UpdateRequest()
      .setUrn(urn)
      .setId(id)
      .setOlds(toStruct(olds))
      .setNews(toStruct(news))
      .setPreview(preview)
      .setTimeout(timeout);
    const answer = await this.call<provider.UpdateResponse>((callback) => this.client.update(request, callback));
    return fromStruct(answer.getProperties());
  }

  /** Reads; without properties it is an import. */
  public async read(
    urn: string,
    id: string,
    properties: Properties = {},
  ): Promise<{ id: string; inputs: Properties; outputs: Properties }> {
    const request = new provider.ReadRequest().setUrn(urn).setId(id).setProperties(toStruct(properties));
    const answer = await this.call<provider.ReadResponse>((callback) => this.client.read(request, callback));
    return { id: answer.getId(), inputs: fromStruct(answer.getInputs()), outputs: fromStruct(answer.getProperties()) };
  }

  public async delete(urn: string, id: string, properties: Properties): Promise<void> {
    const request = new provider.DeleteRequest().setUrn(urn).setId(id).setProperties(toStruct(properties));
    await this.call((callback) => this.client.delete(request, callback));
  }

  public async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new provider.InvokeRequest().setTok(token).setArgs(toStruct(args));
    const answer = await this.call<provider.InvokeResponse>((callback) => this.client.invoke(request, callback));
    return fromStruct(answer.getReturn());
  }

  public async cancel(): Promise<void> {
    await this.call((callback) => this.client.cancel(new Empty(), callback));
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

function toDiff(answer: provider.DiffResponse): Diff {
  const kinds = Object.entries(provider.PropertyDiff.Kind);
  const paths: Record<string, string> = {};
  answer.getDetaileddiffMap().forEach((diff, path) => {
    paths[path] = kinds.find(([, kind]) => kind === diff.getKind())?.[0] ?? "";
  });
  return {
    changes: answer.getChanges() === provider.DiffResponse.DiffChanges.DIFF_SOME,
    replaces: answer.getReplacesList(),
    paths,
  };
}

function partialOf(error: grpc.ServiceError): PluginError["partial"] {
  const [details] = error.metadata.get("grpc-status-details-bin");
  if (!(details instanceof Buffer)) {
    return undefined;
  }
  const [any] = Status.deserializeBinary(details).getDetailsList();
  assert.ok(any !== undefined);
  assert.equal(any.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
  const failed = provider.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
  return { id: failed.getId(), properties: fromStruct(failed.getProperties()), reasons: failed.getReasonsList() };
}
