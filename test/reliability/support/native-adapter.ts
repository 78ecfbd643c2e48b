import type * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type NativeHost, nativeService } from "../../../provider/edges/native/service";
import { fromStruct, toStruct } from "../../../provider/edges/native/values";
import { readContext } from "../../../provider/edges/dynamic/context";
import type { DynamicHostAdapter } from "../../../provider/edges/dynamic/host-adapter";
import { PROVIDER_KEY, withoutHiddenKeys } from "../../../provider/edges/dynamic/hidden-keys";
import { isPlainObject } from "../../../provider/plain-object";
import type { Properties } from "../../../provider/run/properties";

/** The text that loads a dynamic provider, which the model keeps in state whatever the edge. */
export const PROVIDER = 'exports.handler=()=>require("pulumi-voice-licenses/dynamic").x()';

/** What the model of the engine calls. */
export type EngineSide = Pick<DynamicHostAdapter, "check" | "diff" | "create" | "update" | "read" | "delete">;

/**
 * The native edge for the model of the engine, which speaks as the dynamic host does: every call goes through the service's messages, and
 * what the dynamic host shows in `check` and `diff` of a preview comes from `Create` and `Update` with `preview`.
 */
export class NativeAdapter implements EngineSide {
  private readonly service: ReturnType<typeof nativeService>;
  private readonly urns = new Map<string, string>();
  private isPreview = false;

  public constructor(
    host: NativeHost,
    private readonly token: string,
  ) {
    this.service = nativeService(host);
  }

  public async check(olds: unknown, news: unknown): ReturnType<EngineSide["check"]> {
    const context = readContext(properties(news));
    const urn = this.urnOf(context?.urn ?? "");
    const old = withoutHiddenKeys(properties(olds));
    const request = new provider.CheckRequest()
      .setUrn(urn)
      .setOlds(toStruct(old))
      .setNews(toStruct(withoutHiddenKeys(properties(news))));
    const answer = await call(this.service.check, request);
    const inputs = fromStruct(answer.getInputs());
    const failures = answer.getFailuresList().map((failure) => failure.toObject());
    this.urns.set(key(inputs), urn);
    this.urns.set(String(inputs["customerGuid"] ?? inputs["tenantId"]), urn);
    this.isPreview = context?.preview === true;
    if (failures.length === 0 && this.isPreview && Object.keys(old).length === 0) {
      try {
        const create = new provider.CreateRequest().setUrn(urn).setProperties(toStruct(inputs)).setPreview(true);
        await call(this.service.create, create);
      } catch (error) {
        failures.push({ property: "", reason: error instanceof Error ? error.message : String(error) });
      }
    }
    return { inputs, failures };
  }

  public async diff(id: string, olds: unknown, news: unknown): ReturnType<EngineSide["diff"]> {
    const inputs = toStruct(withoutHiddenKeys(properties(news)));
    const outputs = toStruct(withoutHiddenKeys(properties(olds)));
    const urn = this.find(id, news);
    const request = new provider.DiffRequest().setId(id).setUrn(urn).setOlds(outputs).setNews(inputs);
    const answer = await call(this.service.diff, request);
    const changes = answer.getChanges() === provider.DiffResponse.DiffChanges.DIFF_SOME;
    const replaces = answer.getReplacesList();
    if (this.isPreview && changes && replaces.length === 0) {
      const update = new provider.UpdateRequest()
        .setId(id)
        .setUrn(urn)
        .setOlds(outputs)
        .setNews(inputs)
        .setPreview(true);
      await call(this.service.update, update);
    }
    return { changes, replaces };
  }

  public async create(news: unknown): ReturnType<EngineSide["create"]> {
    const inputs = withoutHiddenKeys(properties(news));
    const request = new provider.CreateRequest().setUrn(this.find("", inputs)).setProperties(toStruct(inputs));
    const answer = await call(this.service.create, request);
    return { id: answer.getId(), outs: fromStruct(answer.getProperties()) };
  }

  public async update(id: string, olds: unknown, news: unknown): ReturnType<EngineSide["update"]> {
    const request = new provider.UpdateRequest()
      .setId(id)
      .setUrn(this.find(id, news))
      .setOlds(toStruct(withoutHiddenKeys(properties(olds))))
      .setNews(toStruct(withoutHiddenKeys(properties(news))));
    const answer = await call(this.service.update, request);
    return { outs: fromStruct(answer.getProperties()) };
  }

  public async read(id: string, props: unknown): ReturnType<EngineSide["read"]> {
    const state = toStruct(withoutHiddenKeys(properties(props)));
    const request = new provider.ReadRequest().setId(id).setUrn(this.find(id)).setProperties(state);
    const answer = await call(this.service.read, request);
    return { id: answer.getId(), props: fromStruct(answer.getProperties()), inputs: fromStruct(answer.getInputs()) };
  }

  public async delete(id: string, props: unknown): Promise<void> {
    const state = toStruct(withoutHiddenKeys(properties(props)));
    await call(this.service.delete, new provider.DeleteRequest().setId(id).setUrn(this.find(id)).setProperties(state));
  }

  /** The same URN with a type that the plugin has. */
  private urnOf(urn: string): string {
    const [, stack = "stack", , , ...name] = urn.split(/::?(?=[^:])/);
    return `urn:pulumi:${stack}::project::${this.token}::${name.join("::") || urn}`;
  }

  private find(id: string, inputs?: unknown): string {
    const exact = inputs === undefined ? undefined : this.urns.get(key(withoutHiddenKeys(properties(inputs))));
    return exact ?? this.urns.get(id) ?? this.urnOf(id);
  }
}

function key(inputs: Properties): string {
  return JSON.stringify(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function properties(value: unknown): Properties {
  return isPlainObject(value) ? value : {};
}

/** Calls a handler with a message that has been on the wire, and throws as the dynamic host shows a failure. */
function call<Request, Response>(
  handler: grpc.handleUnaryCall<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const answer: grpc.sendUnaryData<Response> = (error, value) => {
      if (error !== null) {
        reject(failureOf(error));
      } else if (value !== null && value !== undefined) {
        resolve(value);
      }
    };
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the handlers read nothing but the request
    handler({ request } as grpc.ServerUnaryCall<Request, Response>, answer);
  });
}

function failureOf({ details = "", metadata }: Partial<grpc.ServiceError>): Error {
  const failure = new Error(details);
  failure.stack = details;
  const [status] = metadata?.get("grpc-status-details-bin") ?? [];
  if (!(status instanceof Buffer)) {
    return failure;
  }
  const [any] = Status.deserializeBinary(status).getDetailsList();
  const failed = ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array());
  return Object.assign(failure, {
    id: failed.getId(),
    properties: { ...fromStruct(failed.getProperties()), [PROVIDER_KEY]: PROVIDER },
    reasons: failed.getReasonsList(),
  });
}
