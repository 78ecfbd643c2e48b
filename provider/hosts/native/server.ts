import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { type NativeHost, nativeService } from "./service";

/** A plugin that serves. */
export interface NativeServer {
  /** Where the engine finds it, on loopback. */
  readonly port: number;
  /** Ends at once, with whatever is under way. */
  stop(): void;
}

/** Serves `host` on a free port of loopback. */
export async function serveNative(host: NativeHost): Promise<NativeServer> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, nativeService(host));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(error);
      }
    });
  });
  return {
    port,
    stop: () => {
      server.forceShutdown();
    },
  };
}
