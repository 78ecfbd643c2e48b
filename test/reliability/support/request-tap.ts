import { AsyncLocalStorage } from "node:async_hooks";
import * as http from "node:http";

/** Sees each request of one session just before it gets its connection, and decides what becomes of it. */
export interface RequestTap {
  /** The session's agents, to be destroyed with it. */
  readonly agents: Set<http.Agent>;
  /** `toPort` sends the request on its way: to another port, where one is given. Not called: it never leaves. */
  onRequest(request: http.ClientRequest, toPort: (port?: number) => void): void;
}

/** A port of loopback on which nothing listens: a connection to it is refused by the system itself. */
export const CLOSED_PORT = 1;

const current = new AsyncLocalStorage<RequestTap>();

/** `object`, whose methods send each request that comes of them, however late, through `tap`. */
export function throughTap<T extends object>(tap: RequestTap, object: T): T {
  install();
  return new Proxy(object, {
    get: (target, name): unknown => {
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function"
        ? (...given: unknown[]): unknown => current.run(tap, () => Reflect.apply(member, target, given) as unknown)
        : member;
    },
  });
}

let installed = false;

/** Node asks an agent for a connection by `addRequest`: there every request passes, on a kept connection or a new one. */
function install(): void {
  if (installed) {
    return;
  }
  installed = true;
  const original: unknown = Reflect.get(http.Agent.prototype, "addRequest");
  if (typeof original !== "function") {
    throw new Error("This Node has no http.Agent.prototype.addRequest: find where it gives requests their connection.");
  }
  Reflect.set(
    http.Agent.prototype,
    "addRequest",
    function addRequest(this: http.Agent, request: http.ClientRequest, options: object, ...rest: unknown[]): void {
      const tap = current.getStore();
      const send = (port?: number): void => {
        Reflect.apply(original, this, [request, port === undefined ? options : { ...options, port }, ...rest]);
      };
      if (tap === undefined) {
        send();
        return;
      }
      tap.agents.add(this);
      tap.onRequest(request, send);
    },
  );
}
