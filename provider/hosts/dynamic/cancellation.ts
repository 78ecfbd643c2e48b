import { setMaxListeners } from "node:events";
import { Cancelled } from "../../resource/failures";

const CANCEL_PATH = "/pulumirpc.ResourceProvider/Cancel";

/**
 * A signal that is aborted when the engine tells this plugin to cancel, as it does on Ctrl-C. The dynamic host ignores that call
 * and hands it to nobody, so it is overheard on the host's own HTTP/2 server: a private hook. Where it is missing, every wait is
 * still bounded by its own time-out.
 */
export function cancellationSignal(): AbortSignal {
  const controller = new AbortController();
  // Every request and pause of a run listens to it, hundreds at a time: no leak, and nothing to warn of.
  setMaxListeners(0, controller.signal);
  for (const server of activeHttp2Servers()) {
    server.on("stream", (_stream: unknown, headers: Record<string, unknown>) => {
      if (headers[":path"] === CANCEL_PATH) {
        controller.abort(new Cancelled());
      }
    });
  }
  return controller.signal;
}

interface EventSource {
  on(event: "stream", listener: (stream: unknown, headers: Record<string, unknown>) => void): unknown;
}

function activeHttp2Servers(): EventSource[] {
  const handles: unknown = Reflect.get(process, "_getActiveHandles");
  if (typeof handles !== "function") {
    return [];
  }
  const active: unknown = Reflect.apply(handles, process, []);
  return Array.isArray(active) ? active.filter(isHttp2Server) : [];
}

function isHttp2Server(handle: unknown): handle is EventSource {
  // The class is not exported by node:http2, so its name has to do.
  return typeof handle === "object" && handle !== null && handle.constructor.name === "Http2Server" && "on" in handle;
}
