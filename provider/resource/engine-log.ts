import { createRequire } from "node:module";
import type { ChannelCredentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** How a line is shown. */
type LogKind = "progress" | "info" | "warning" | "debug";

/** The engine's log: lines on the row of a resource. */
export interface EngineLog {
  /** Shows a line on the row of `urn`, or on the stack's where there is none. Never throws: a log is no reason to fail. */
  log(kind: LogKind, text: string, urn: string | undefined): void;
  /** Resolves once the engine has what was logged until now, or is gone. It ends a plugin as soon as the last answer is there. */
  shown(): Promise<void>;
}

const SEVERITIES = {
  progress: LogSeverity.INFO,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  debug: LogSeverity.DEBUG,
} as const;

/**
 * The log of the engine at `address`; a silent one where there is no engine.
 * @param credentials Made by the copy of gRPC that `@pulumi/pulumi` uses: it accepts none that another copy has made.
 */
export function engineLogAt(
  address: string | undefined,
  credentials: () => ChannelCredentials = insecureCredentials,
): EngineLog {
  if (address === undefined) {
    return { log: () => undefined, shown: () => Promise.resolve() };
  }
  let client: EngineClient | undefined;
  let last = Promise.resolve();
  return {
    log(kind, text, urn) {
      const engine = (client ??= new EngineClient(address, credentials()));
      const request = new LogRequest();
      request.setSeverity(SEVERITIES[kind]);
      request.setMessage(text);
      request.setEphemeral(kind === "progress");
      if (urn !== undefined) {
        request.setUrn(urn);
      }
      // One at a time: the engine handles calls side by side, and a row shows the line that it handled last.
      last = last.then(
        () =>
          new Promise((resolve) => {
            engine.log(request, () => {
              resolve();
            });
          }),
      );
    },
    shown: () => last,
  };
}

interface GrpcModule {
  readonly credentials: { createInsecure(): ChannelCredentials };
}

/** From Pulumi's own copy of gRPC, wherever that is installed. */
function insecureCredentials(): ChannelCredentials {
  const grpc: unknown = createRequire(require.resolve("@pulumi/pulumi"))("@grpc/grpc-js");
  if (!isGrpcModule(grpc)) {
    throw new Error("@pulumi/pulumi has come without @grpc/grpc-js.");
  }
  return grpc.credentials.createInsecure();
}

function isGrpcModule(candidate: unknown): candidate is GrpcModule {
  return typeof candidate === "object" && candidate !== null && "credentials" in candidate;
}
