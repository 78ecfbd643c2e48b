import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { messageOf } from "../../text/errors";
import { type Mistake, shownMistake } from "../../resource/mistake";
import type { Properties } from "../../resource/properties";
import { typeOf } from "../../resource/urn";
import type { PathChange } from "./changed-paths";
import { type Call, type NativeResource, StatefulFailure } from "./native-resource";
import { partialFailure } from "./partial-failure";
import { fromStruct, secretKeys, toStruct } from "./values";

/** What the native edge serves. */
export interface NativeHost {
  readonly version: string;
  /** Pulumi's schema of the package, as JSON. */
  readonly schema: () => string;
  /** Checks the configuration of the provider with this URN, which the engine sends without the marks of secrets. */
  readonly checkConfiguration: (urn: string, raw: Properties) => CheckedConfiguration;
  /**
   * Takes a configuration that went through the check; for a refresh or a destroy, as it lies in state. `secrets` are the keys of what is
   * a secret as a whole.
   */
  readonly configure: (urn: string, raw: Properties, secrets: ReadonlySet<string>) => void;
  /** Resources by token. */
  readonly resources: ReadonlyMap<string, NativeResource>;
  /** Functions by token. */
  readonly functions: ReadonlyMap<string, NativeFunction>;
  /** Ends every wait of the run. */
  readonly cancel: () => void;
  /** Makes the text of an error safe to show: without secrets and control characters. */
  readonly safe: (text: string) => string;
}

/** What becomes of a provider's configuration. */
export interface CheckedConfiguration {
  /** In the form in which state is to hold them, with secrets marked. */
  readonly inputs: Properties;
  readonly mistakes: readonly Mistake[];
}

/** A function that a program calls: it gives a result, or says what is wrong with its arguments. */
type NativeFunction = (args: Properties) => Promise<Properties>;

type Service = Pick<
  IResourceProviderServer,
  | "handshake"
  | "getSchema"
  | "checkConfig"
  | "diffConfig"
  | "configure"
  | "invoke"
  | "check"
  | "diff"
  | "create"
  | "read"
  | "update"
  | "delete"
  | "cancel"
  | "getPluginInfo"
>;

/** The protocol of resource providers: every call in plain values to the host, and its result in the engine's form. */
export function nativeService(host: NativeHost): Service {
  const unary = <Request, Response>(
    work: (request: Request) => Response | Promise<Response>,
  ): grpc.handleUnaryCall<Request, Response> => {
    return (call, callback) => {
      void (async () => work(call.request))().then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(toServiceError(error, host));
        },
      );
    };
  };
  const resourceOf = (urn: string): NativeResource => {
    const token = typeOf(urn);
    const resource = host.resources.get(token);
    if (resource === undefined) {
      throw new Error(`This plugin has no resource ${token}.`);
    }
    return resource;
  };

  return {
    handshake: unary(() => new provider.ProviderHandshakeResponse().setAcceptSecrets(true)),

    getSchema: unary(() => new provider.GetSchemaResponse().setSchema(host.schema())),

    getPluginInfo: unary(() => new PluginInfo().setVersion(host.version)),

    cancel: unary(() => {
      host.cancel();
      return new Empty();
    }),

    checkConfig: unary((request: provider.CheckRequest) => {
      const { inputs, mistakes } = host.checkConfiguration(request.getUrn(), fromStruct(request.getNews()));
      return new provider.CheckResponse()
        .setInputs(toStruct(inputs))
        .setFailuresList(mistakes.map((mistake) => toFailure(mistake, host)));
    }),

    diffConfig: unary((request: provider.DiffRequest) => {
      const normal = (struct: Struct | undefined): Properties =>
        host.checkConfiguration(request.getUrn(), fromStruct(struct)).inputs;
      const olds = normal(request.getOldInputs() ?? request.getOlds());
      const news = normal(request.getNews());
      const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
      const changed = keys.filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
      return toDiff(changed.length > 0, [], new Map(changed.map((key) => [key, "update"])), true);
    }),

    configure: unary((request: provider.ConfigureRequest) => {
      const args = request.getArgs();
      host.configure(request.getUrn() ?? "", fromStruct(args), secretKeys(args));
      return new provider.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),

    invoke: unary(async (request: provider.InvokeRequest) => {
      const invoked = host.functions.get(request.getTok());
      if (invoked === undefined) {
        throw new Error(`This plugin has no function ${request.getTok()}.`);
      }
      return new provider.InvokeResponse().setReturn(toStruct(await invoked(fromStruct(request.getArgs()))));
    }),

    check: unary((request: provider.CheckRequest) => {
      const resource = resourceOf(request.getUrn());
      const { inputs, mistakes } = resource.check(
        targetOf(request),
        fromStruct(request.getNews()),
        fromStruct(request.getOlds()),
      );
      return new provider.CheckResponse()
        .setInputs(toStruct(inputs))
        .setFailuresList(mistakes.map((mistake) => toFailure(mistake, host)));
    }),

    diff: unary((request: provider.DiffRequest) => {
      const resource = resourceOf(request.getUrn());
      const { changes, replaces, paths } = resource.diff({
        outputs: fromStruct(request.getOlds()),
        oldInputs: fromStruct(request.getOldInputs()),
        inputs: fromStruct(request.getNews()),
      });
      return toDiff(changes, replaces, paths, false);
    }),

    create: unary(async (request: provider.CreateRequest) => {
      const resource = resourceOf(request.getUrn());
      const inputs = fromStruct(request.getProperties());
      const { id, outputs } = request.getPreview()
        ? await resource.preview(targetOf(request), inputs, undefined)
        : await resource.apply(targetOf(request), inputs, undefined);
      return new provider.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),

    update: unary(async (request: provider.UpdateRequest) => {
      const resource = resourceOf(request.getUrn());
      const inputs = fromStruct(request.getNews());
      const state = fromStruct(request.getOlds());
      const { outputs } = request.getPreview()
        ? await resource.preview(targetOf(request), inputs, state)
        : await resource.apply(targetOf(request), inputs, state);
      return new provider.UpdateResponse().setProperties(toStruct(outputs));
    }),

    read: unary(async (request: provider.ReadRequest) => {
      const resource = resourceOf(request.getUrn());
      const reading = await resource.read(targetOf(request), request.getId(), fromStruct(request.getProperties()));
      const response = new provider.ReadResponse();
      return reading === undefined
        ? response
        : response.setId(reading.id).setInputs(toStruct(reading.inputs)).setProperties(toStruct(reading.outputs));
    }),

    delete: unary(async (request: provider.DeleteRequest) => {
      const resource = resourceOf(request.getUrn());
      await resource.remove(targetOf(request), request.getId(), fromStruct(request.getProperties()));
      return new Empty();
    }),
  };
}

function targetOf(request: { getUrn(): string; getTimeout?(): number }): Call {
  return { urn: request.getUrn(), timeoutSeconds: request.getTimeout?.() ?? 0 };
}

/** The engine names the property of a failure itself, and prints its value. */
function toFailure(mistake: Mistake, { safe }: NativeHost): provider.CheckFailure {
  const { property, message } = mistake;
  return new provider.CheckFailure()
    .setProperty(property)
    .setReason(safe(property === "" ? shownMistake(mistake) : message));
}

const { Kind } = provider.PropertyDiff;
const KINDS = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

function toDiff(
  changes: boolean,
  replaces: readonly string[],
  paths: ReadonlyMap<string, PathChange>,
  isInputDiff: boolean,
): provider.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse()
    .setChanges(changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList([...replaces])
    // Without a path the engine compares by itself: work that is left over shows in no input.
    .setHasdetaileddiff(paths.size > 0);
  for (const [path, change] of paths) {
    const [kind, replacing] = KINDS[change];
    response
      .getDetaileddiffMap()
      .set(
        path,
        new provider.PropertyDiff().setKind(replaces.includes(path) ? replacing : kind).setInputdiff(isInputDiff),
      );
  }
  return response;
}

function toServiceError(error: unknown, { safe }: NativeHost): Partial<grpc.ServiceError> {
  const message = safe(messageOf(error));
  if (error instanceof StatefulFailure) {
    return partialFailure(error.state.id, toStruct(error.state.outputs), message);
  }
  return { code: grpc.status.UNKNOWN, details: message };
}
