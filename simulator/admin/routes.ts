import { EditError } from "../edits";
import { type Answer, type Call, json } from "../exchange";
import { RouteTable } from "../route-table";
import type { Simulation } from "../simulation";
import { faultRoutes } from "./faults";
import { journalRoutes } from "./journal";
import { objectRoutes } from "./objects";
import { worldRoutes } from "./world";

/** One admin route: what it does with a request. Paths are those below {@link ADMIN}. */
export interface AdminRoute {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  readonly endpoint: (call: Call) => Answer;
}

/** Where the admin routes are. */
export const ADMIN = "/_simulator";

/**
 * The admin routes: the log, faults, edits behind the back of the APIs, settings. They take and answer JSON, ask for no
 * credentials, and are not logged.
 */
export class AdminRoutes {
  readonly #routes = new RouteTable<AdminRoute["endpoint"]>();

  constructor(simulation: Simulation) {
    const routes = [faultRoutes, journalRoutes, objectRoutes, worldRoutes].flatMap((make) => make(simulation));
    for (const { method, url, endpoint } of routes) {
      this.#routes.add(method, `${ADMIN}${url}`, endpoint);
    }
  }

  answer(call: Call): Answer {
    const found = this.#routes.find(call.method, call.path);
    if (found === undefined) {
      return json(404, { error: `The simulator has no admin route ${call.method} ${call.path}.` });
    }
    try {
      return found.target({ ...call, params: found.params });
    } catch (error) {
      const status = error instanceof EditError ? error.status : 500;
      return json(status, { error: error instanceof Error ? error.message : String(error) });
    }
  }
}
